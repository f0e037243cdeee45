/** What every store promises, over every store. */
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { type CompletionKey, CompletionExists, type CompletionOutcome, StoreUnavailable } from "../../runtime/idempotency/completion-store.js";
import { describeUnless } from "../left-out.js";
import { call, completion, reply } from "./call.js";
import { type OpenedStore, stores } from "./stores.js";

const RETENTION_MS = 1_000;
const SOON = 10;

for (const row of stores) {
  describeUnless(row.missing, `the store ${row.name}`, () => {
    let remove: () => Promise<void>;
    let opened: OpenedStore;
    let now = SOON;
    const options = { retentionMs: RETENTION_MS, now: () => now };

    beforeAll(async () => {
      remove = await row.prepare();
    });
    afterAll(() => remove());
    beforeEach(async () => {
      now = SOON;
      opened = await row.open(options);
    });
    afterEach(() => opened.store.close());

    /** A call as the server makes it: it runs once, adds 1 to a number, and answers with what came out. */
    async function deposit(key: CompletionKey, name = "balance"): Promise<string> {
      const { store } = opened;
      return store.transact(async (transaction) => {
        const known = await transaction.find(key);
        if (known !== undefined) return textOf(known.outcome);
        if (key.sequence < (await transaction.watermark(key.principal, key.client))) return "stale";
        const value = ((await opened.read(transaction, name)) ?? 0) + 1;
        await opened.write(transaction, name, value);
        await transaction.put(key, completion(now, reply(`balance ${value}`)));
        return `balance ${value}`;
      });
    }

    const numbers = (): Promise<Record<string, number>> => opened.store.transact((transaction) => opened.all(transaction));
    const watermark = (client: number): Promise<number> =>
      opened.store.transact((transaction) => transaction.watermark("ann", call(client, 1).client));

    test("commits effect and completion together", async () => {
      expect(await deposit(call(1, 1))).toBe("balance 1");
      expect(await numbers()).toEqual({ balance: 1 });
      expect(await opened.store.find(call(1, 1))).toEqual(completion(now, reply("balance 1")));
    });

    test.each<CompletionOutcome>([
      { kind: "reply", payload: new Uint8Array() },
      { kind: "error", payload: Uint8Array.from({ length: 256 }, (_, index) => index) },
      { kind: "notRetained" },
      { kind: "tombstone" },
    ])("keeps an outcome as it was: $kind", async (outcome) => {
      await opened.store.transact((transaction) => transaction.put(call(1, 1), completion(now, outcome)));
      expect(await opened.store.find(call(1, 1))).toEqual(completion(now, outcome));
    });

    test("a completion is kept apart from the memory that it was put from", async () => {
      const memory = new Uint8Array(new ArrayBuffer(1_000), 100, 200).fill(7);
      const payload = memory.slice();
      await opened.store.transact((transaction) => transaction.put(call(1, 1), completion(now, { kind: "reply", payload: memory })));
      memory.fill(8);
      expect(await opened.store.find(call(1, 1))).toEqual(completion(now, { kind: "reply", payload }));
      const found = (await opened.store.find(call(1, 1)))?.outcome;
      expect(found !== undefined && "payload" in found && found.payload.buffer).not.toBe(memory.buffer);
    });

    test("rolls back what a rejected transaction wrote, and passes the rejection on", async () => {
      const thrown = new Error("out of stock");
      const work = opened.store.transact(async (transaction) => {
        await opened.write(transaction, "balance", 7);
        await transaction.put(call(1, 1), completion(now));
        throw thrown;
      });
      await expect(work).rejects.toBe(thrown);
      expect(await numbers()).toEqual({});
      expect(await opened.store.find(call(1, 1))).toBeUndefined();
      expect(await deposit(call(1, 1))).toBe("balance 1");
    });

    test("a transaction sees its own writes", async () => {
      const seen = await opened.store.transact(async (transaction) => {
        await opened.write(transaction, "a", 1);
        await opened.write(transaction, "a", 2);
        await transaction.put(call(1, 1), completion(now));
        return [await opened.read(transaction, "a"), await opened.all(transaction), await transaction.find(call(1, 1))];
      });
      expect(seen).toEqual([2, { a: 2 }, completion(now)]);
    });

    test("a call that was asked before is answered from its completion", async () => {
      expect(await deposit(call(1, 1))).toBe("balance 1");
      expect(await deposit(call(1, 1))).toBe("balance 1");
      expect(await numbers()).toEqual({ balance: 1 });
    });

    test("a second completion of a call does not commit, nor what was written with it", async () => {
      await deposit(call(1, 1));
      const work = opened.store.transact(async (transaction) => {
        await opened.write(transaction, "balance", 100);
        await transaction.put(call(1, 1), completion(now, reply("other")));
      });
      await expect(work).rejects.toBeInstanceOf(CompletionExists);
      expect(await numbers()).toEqual({ balance: 1 });
    });

    test("that there is a completion already cannot be swallowed", async () => {
      await deposit(call(1, 1));
      const work = opened.store.transact(async (transaction) => {
        await opened.write(transaction, "balance", 100);
        await transaction.put(call(1, 1), completion(now, reply("other"))).catch(() => {});
      });
      await expect(work).rejects.toBeInstanceOf(CompletionExists);
      expect(await numbers()).toEqual({ balance: 1 });
    });

    test("looking for a completion leaves nothing behind", async () => {
      await opened.store.transact((transaction) => transaction.find(call(1, 1)));
      expect(await opened.store.find(call(1, 1))).toBeUndefined();
      expect(await deposit(call(1, 1))).toBe("balance 1");
    });

    test("callers, clients and sequences are kept apart", async () => {
      for (const key of [call(1, 1), call(1, 2), call(2, 1), call(1, 1, "bob"), call(1, 1, "")]) await deposit(key);
      expect(await numbers()).toEqual({ balance: 5 });
    });

    test("twins at the same time run once", async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => deposit(call(1, 1))));
      expect(new Set(answers)).toEqual(new Set(["balance 1"]));
      expect(await numbers()).toEqual({ balance: 1 });
    });

    test("transactions on one number behave as if one came after the other", async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, (_, client) => deposit(call(client, 1))));
      expect(new Set(answers).size).toBe(12);
      expect(await numbers()).toEqual({ balance: 12 });
    });

    test("what two transactions each rule out by reading does not happen", async () => {
      // Write skew: each may go on call as long as the other stays.
      const leave = (self: string, other: string) =>
        opened.store.transact(async (transaction) => {
          if ((await opened.read(transaction, other)) === 0) return;
          await opened.read(transaction, self);
          await opened.write(transaction, self, 0);
        });
      await opened.store.transact(async (transaction) => {
        await opened.write(transaction, "ann", 1);
        await opened.write(transaction, "bob", 1);
      });
      await Promise.all([leave("ann", "bob"), leave("bob", "ann")]);
      expect(Object.values(await numbers()).sort()).toEqual([0, 1]);
    });

    test("calls that share nothing do not run twice for each other", async () => {
      let runs = 0;
      const work = Array.from({ length: 40 }, (_, client) =>
        opened.store.transact(async (transaction) => {
          runs += 1;
          await transaction.find(call(client, 1));
          await transaction.watermark("ann", call(client, 1).client);
          await new Promise((resolve) => setTimeout(resolve, 5));
          await transaction.put(call(client, 1), completion(now));
        }),
      );
      await Promise.all(work);
      expect(runs).toBe(40);
    });

    test("the watermark is 0 for a client never seen, and only grows", async () => {
      expect(await watermark(1)).toBe(0);
      await opened.store.acknowledge("ann", call(1, 1).client, 5);
      expect(await watermark(1)).toBe(5);
      await opened.store.acknowledge("ann", call(1, 1).client, 3);
      expect(await watermark(1)).toBe(5);
      expect(await watermark(2)).toBe(0);
    });

    test("an acknowledged call does not run again", async () => {
      await deposit(call(1, 1));
      await deposit(call(1, 2));
      await opened.store.acknowledge("ann", call(1, 1).client, 2);
      await opened.store.collect(now);
      expect(await opened.store.find(call(1, 1))).toBeUndefined();
      expect(await deposit(call(1, 1))).toBe("stale");
      expect(await deposit(call(1, 2))).toBe("balance 2");
      expect(await numbers()).toEqual({ balance: 2 });
    });

    test("a slow twin does not run a call whose completion was made and acknowledged meanwhile", async () => {
      const began = gate();
      const go = gate();
      let runs = 0;
      const slow = opened.store.transact(async (transaction) => {
        runs += 1;
        // The state is fixed before the other commits, and the completion is looked for after it is gone.
        await transaction.watermark("ann", call(2, 1).client);
        began.open();
        await go.passed;
        if ((await transaction.find(call(1, 1))) !== undefined) return "known";
        if (1 < (await transaction.watermark("ann", call(1, 1).client))) return "stale";
        // Nothing that the other wrote: only the call itself can tell.
        await opened.write(transaction, "slow", 100);
        await transaction.put(call(1, 1), completion(now));
        return "ran";
      });
      await began.passed;
      await deposit(call(1, 1));
      await opened.store.acknowledge("ann", call(1, 1).client, 2);
      await opened.store.collect(now);
      go.open();
      expect(await slow).not.toBe("ran");
      expect(runs).toBeGreaterThan(0);
      expect(await numbers()).toEqual({ balance: 1 });
    });

    test("what is older than the retention goes, and does not run again", async () => {
      await deposit(call(1, 3));
      now += RETENTION_MS / 2;
      await deposit(call(1, 2));
      now = SOON + RETENTION_MS;
      expect(await opened.store.collect(now)).toBe(0);
      expect(await opened.store.collect(now + 1)).toBe(1);
      expect(await opened.store.find(call(1, 3))).toBeUndefined();
      expect(await deposit(call(1, 3))).toBe("stale");
      // Younger, and below the watermark now: its completion is still there.
      expect(await deposit(call(1, 2))).toBe("balance 2");
      expect(await numbers()).toEqual({ balance: 2 });
    });

    test("a client that was not heard of for the retention is forgotten, others are not", async () => {
      await deposit(call(1, 1));
      await opened.store.acknowledge("ann", call(1, 1).client, 2);
      now += RETENTION_MS;
      await deposit(call(2, 1));
      await opened.store.acknowledge("ann", call(2, 1).client, 2);
      await opened.store.collect(now + 1);
      expect([await watermark(1), await watermark(2)]).toEqual([0, 2]);
    });

    test("the completion of a key has no watermark", async () => {
      await deposit(call(1, 0));
      expect(await deposit(call(1, 0))).toBe("balance 1");
      expect(await opened.store.collect(now + RETENTION_MS + 1)).toBe(1);
      expect(await watermark(1)).toBe(0);
    });

    test("many completions are collected at once", async () => {
      for (let client = 0; client < 8; client++) await deposit(call(client, 1), `balance ${client}`);
      expect(await opened.store.collect(now + RETENTION_MS + 1)).toBe(8);
      expect(await opened.store.collect(now + RETENTION_MS + 1)).toBe(0);
    });

    test("a transaction that is over can do nothing more", async () => {
      const late = await opened.store.transact((transaction) => Promise.resolve({ transaction }));
      await expect((async () => opened.write(late.transaction, "late", 1))()).rejects.toThrow("The transaction is over");
      expect(await numbers()).toEqual({});
    });

    test("a closed store refuses, and waits for what is under way", async () => {
      const go = gate();
      const work = opened.store.transact(async (transaction) => {
        await go.passed;
        await opened.write(transaction, "balance", 1);
        await transaction.put(call(1, 1), completion(now));
        return "done";
      });
      const closed = opened.store.close();
      await expect((async () => opened.store.find(call(1, 1)))()).rejects.toBeInstanceOf(StoreUnavailable);
      go.open();
      expect(await work).toBe("done");
      await closed;
    });

    if (row.durable) {
      test("what was committed is there when it is opened again, under the same id", async () => {
        for (let sequence = 1; sequence <= 30; sequence++) await deposit(call(sequence % 3, sequence));
        await opened.store.acknowledge("ann", call(1, 1).client, 5);
        const { id } = opened.store;
        await opened.store.close();
        opened = await row.open(options, true);
        expect(opened.store.id).toBe(id);
        expect(await numbers()).toEqual({ balance: 30 });
        expect(await opened.store.find(call(0, 30))).toEqual(completion(now, reply("balance 30")));
        expect(await watermark(1)).toBe(5);
        expect(await deposit(call(2, 2))).toBe("balance 2");
      });
    }

    test("stores have ids of their own", async () => {
      const other = await row.open(options);
      expect(other.store.id).not.toBe(opened.store.id);
      expect(opened.store.id).toMatch(/^[0-9a-f]{32}$/);
      await other.store.close();
    });
  });
}

function textOf(outcome: CompletionOutcome): string {
  return outcome.kind === "reply" ? new TextDecoder().decode(outcome.payload) : outcome.kind;
}

interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

function gate(): Gate {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

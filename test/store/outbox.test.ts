/** Effects outside of the store: none without a commit, at least one with it, in order for each key. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Deliver, type Deliverer, type DelivererOptions, deliverOutbox, type Outbox, type OutboxEntry } from "../../runtime/store/outbox/index.js";
import { logOutbox, type LogOutboxOptions } from "../../runtime/store/log/index.js";
import { migrate, postgresOutbox, type PostgresOutboxOptions, type SchemaOptions } from "../../runtime/store/postgres/index.js";
import { describeUnless } from "../left-out.js";
import { type OpenedStore, stores } from "./stores.js";

const options = { retentionMs: 60_000, now: Date.now };

for (const row of stores) {
  describeUnless(row.missing, `the outbox of the store ${row.name}`, () => {
    let remove: () => Promise<void>;
    let opened: OpenedStore;
    let deliverers: Deliverer[] = [];

    beforeAll(async () => {
      remove = await row.prepare();
    });
    afterAll(() => remove());
    beforeEach(async () => {
      opened = await row.open(options);
    });
    afterEach(async () => {
      await Promise.all(deliverers.map((deliverer) => deliverer.close()));
      deliverers = [];
      await opened.store.close();
    });

    function outbox(): Outbox<unknown> {
      if (opened.outbox === undefined) throw new Error(`the store ${row.name} has no outbox`);
      return opened.outbox;
    }

    function enqueue(...entries: readonly (readonly [key: string, text: string])[]): Promise<string[]> {
      return opened.store.transact(async ({ tx }) => {
        const ids: string[] = [];
        for (const [key, text] of entries) ids.push(await outbox().enqueue(tx, { key, payload: new TextEncoder().encode(text) }));
        return ids;
      });
    }

    const start = (deliver: Deliver, more: DelivererOptions = {}): void =>
      void deliverers.push(deliverOutbox(outbox(), deliver, { pollMs: 5, baseDelayMs: 5, ...more }));

    test("what a transaction enqueued is delivered if it commits, and not if it does not", async () => {
      const failed = opened.store.transact(async ({ tx }) => {
        await outbox().enqueue(tx, { key: "a", payload: new Uint8Array([1]) });
        throw new Error("no");
      });
      await expect(failed).rejects.toThrow("no");
      expect(await outbox().claim(10, 1_000)).toEqual([]);
      const [id] = await enqueue(["a", "hello"]);
      const [entry] = await outbox().claim(10, 1_000);
      expect(entry).toMatchObject({ id, key: "a", payload: new TextEncoder().encode("hello"), attempt: 1 });
    });

    test("only the first of a key has its turn, and those of other keys beside it", async () => {
      await enqueue(["a", "1"], ["a", "2"], ["b/ä", "3"], ["", "4"]);
      const first = await outbox().claim(10, 60_000);
      expect(texts(first).sort()).toEqual(["1", "3", "4"]);
      expect(first.map(({ key }) => key).sort()).toEqual(["", "a", "b/ä"]);
      expect(await outbox().claim(10, 60_000)).toEqual([]);
      for (const entry of first) await outbox().remove(entry);
      expect(texts(await outbox().claim(10, 60_000))).toEqual(["2"]);
    });

    test("every entry is delivered, in the order of its key", async () => {
      const delivered = new Map<string, string[]>();
      const ids: string[] = [];
      start(async (entry) => {
        ids.push(entry.id);
        delivered.set(entry.key, [...(delivered.get(entry.key) ?? []), text(entry)]);
      });
      const enqueued: string[] = [];
      for (let index = 0; index < 20; index++) enqueued.push(...(await enqueue([`key ${index % 3}`, String(index)], ["one", String(index)])));
      await until(() => ids.length >= 40);
      expect([...delivered.values()].every((list) => list.every((value, at) => at === 0 || Number(list[at - 1]) < Number(value)))).toBe(true);
      expect(new Set(ids)).toEqual(new Set(enqueued));
      expect(ids.length).toBe(40);
    });

    test("a delivery that fails is tried again under the same id, and those behind it wait", async () => {
      const seen: [text: string, id: string, attempt: number][] = [];
      start(async (entry) => {
        seen.push([text(entry), entry.id, entry.attempt]);
        if (text(entry) === "1" && entry.attempt < 4) throw new Error("busy");
      });
      const [one, two] = await enqueue(["a", "1"], ["a", "2"]);
      await until(() => seen.some(([value]) => value === "2"));
      expect(seen).toEqual([...[1, 2, 3, 4].map((attempt) => ["1", one, attempt]), ["2", two, 1]]);
    });

    test("an entry that is given up lets the next one pass", async () => {
      const seen: string[] = [];
      const told: unknown[] = [];
      const deliver: Deliver = async (entry) => {
        seen.push(text(entry));
        if (text(entry) === "poison") throw new Error("never");
      };
      start(deliver, { giveUp: (entry) => entry.attempt === 2, onError: (error) => told.push(error) });
      await enqueue(["a", "poison"], ["a", "good"]);
      await until(() => seen.includes("good"));
      expect(seen).toEqual(["poison", "poison", "good"]);
      expect(told.length).toBe(2);
    });

    test("what onError throws is lost, and ends no delivery", async () => {
      const seen: string[] = [];
      const deliver: Deliver = async (entry) => {
        seen.push(text(entry));
        if (entry.attempt === 1) throw new Error("busy");
      };
      const onError = (): void => {
        throw new Error("who listens is broken");
      };
      start(deliver, { onError });
      await enqueue(["a", "1"], ["b", "2"]);
      await until(() => seen.length >= 4);
      expect(seen.toSorted()).toEqual(["1", "1", "2", "2"]);
    });

    test("what a deliverer held when it crashed is delivered again, under the same id", async () => {
      const [id] = await enqueue(["a", "1"]);
      // Claimed, maybe delivered, never removed.
      const [held] = await outbox().claim(1, 1);
      expect(held?.id).toBe(id);
      await opened.store.close();
      opened = await row.open(options, true);
      const seen: string[] = [];
      start(async (entry) => void seen.push(entry.id));
      await until(() => seen.length > 0);
      expect(seen).toEqual([id]);
    });

    test("a deliverer whose claim ran out cannot remove what came after", async () => {
      await enqueue(["a", "1"]);
      const [late] = await outbox().claim(1, 0);
      const [again] = await untilSome(() => outbox().claim(1, 60_000));
      if (late === undefined || again === undefined) throw new Error("not claimed");
      await outbox().remove(again);
      await enqueue(["a", "2"]);
      await outbox().remove(late);
      await outbox().putOff(late, 60_000);
      expect(texts(await outbox().claim(1, 60_000))).toEqual(["2"]);
    });

    test("two deliverers share the work", async () => {
      const seen: string[] = [];
      for (let count = 0; count < 2; count++) start(async (entry) => void seen.push(text(entry)));
      await enqueue(...Array.from({ length: 30 }, (_, index) => [`key ${index}`, String(index)] as const));
      await until(() => seen.length >= 30);
      expect(seen.length).toBe(30);
      expect(new Set(seen).size).toBe(30);
    });

    test("a delivery that takes too long is told to stop, and is tried again", async () => {
      const attempts: number[] = [];
      start(
        (entry, signal) =>
          new Promise((resolve, reject) => {
            attempts.push(entry.attempt);
            if (attempts.length > 1) resolve();
            else signal.addEventListener("abort", () => reject(signal.reason as Error));
          }),
        { timeoutMs: 20 },
      );
      await enqueue(["a", "1"]);
      await until(() => attempts.length > 1);
    });

    test("a delivery that never ends and does not listen holds up nobody, and is told", async () => {
      const [seen, told]: [string[], string[]] = [[], []];
      const deliver: Deliver = (entry) => {
        seen.push(`${text(entry)} ${entry.attempt}`);
        return seen.length === 1 ? new Promise(() => {}) : Promise.resolve();
      };
      await enqueue(["a", "1"], ["a", "2"]);
      start(deliver, { timeoutMs: 20, concurrency: 1, onError: (error) => told.push(String(error)) });
      await until(() => seen.length > 2);
      expect(seen).toEqual(["1 1", "1 2", "2 1"]);
      expect(told).toEqual(["Error: The delivery took longer than 20 ms."]);
    });

    test("a delivery that may take for ever is not told to stop, and numbers beyond what timers hold are no end of time", async () => {
      const seen: boolean[] = [];
      const numbers = { timeoutMs: Infinity, concurrency: Infinity, maxDelayMs: Infinity, baseDelayMs: 0 };
      // One turn of the loop is enough for a timer that overflowed.
      const deliver: Deliver = async (_, signal) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push(signal.aborted);
        if (seen.length === 1) throw new Error("once more");
      };
      await enqueue(["a", "1"]);
      start(deliver, numbers);
      await until(() => seen.length > 1);
      expect(seen).toEqual([false, false]);
    });

    test("closing waits for the delivery under way", async () => {
      let ended = false;
      let began = false;
      const deliverer = deliverOutbox(
        outbox(),
        async () => {
          began = true;
          await new Promise((resolve) => setTimeout(resolve, 30));
          ended = true;
        },
        { pollMs: 5 },
      );
      await enqueue(["a", "1"]);
      await until(() => began);
      await deliverer.close();
      expect(ended).toBe(true);
      expect(await outbox().claim(1, 0)).toEqual([]);
    });
  });
}

test("a delivery that ends while it is looked for more is not waited for by the pause between looks", async () => {
  const waiting: OutboxEntry[] = ["1", "2", "3"].map((id) => ({ id, key: "a", payload: new Uint8Array(), attempt: 1 }));
  let taken: OutboxEntry | undefined;
  let removed = (): void => {};
  const slow: Outbox<never> = {
    enqueue: async () => "",
    putOff: async () => {},
    async claim() {
      if (taken === undefined) return waiting.slice(0, 1).map((entry) => (taken = entry));
      // What it answers was so before the delivery ended, and comes after.
      await new Promise<void>((resolve) => (removed = resolve));
      return [];
    },
    async remove() {
      waiting.shift();
      taken = undefined;
      setImmediate(removed);
    },
  };
  const delivered: string[] = [];
  let done = (): void => {};
  const all = new Promise<void>((resolve) => (done = resolve));
  const deliverer = deliverOutbox(
    slow,
    async ({ id }) => {
      if (delivered.push(id) === 3) done();
      await new Promise((resolve) => setImmediate(resolve));
    },
    { pollMs: 1_000_000 },
  );
  await all;
  await new Promise((resolve) => setImmediate(resolve));
  removed();
  await deliverer.close();
  expect(delivered).toEqual(["1", "2", "3"]);
}, 5_000);

test.each<[DelivererOptions, string]>([
  [{ timeout: 5 } as DelivererOptions, 'there is no option "timeout"'],
  [{ concurrency: 0 }, "`concurrency` is 0, not a number from 1 up"],
  [{ pollMs: Number.NaN }, "`pollMs` is NaN, not a number from 0 up"],
  [{ timeoutMs: "5" as unknown as number }, '`timeoutMs` is "5", not a number from 0 up'],
])("%o delivers nothing, and is refused", (wrong, problem) => {
  const nothing = { claim: async () => [], enqueue: async () => "", remove: async () => {}, putOff: async () => {} };
  expect(() => deliverOutbox(nothing, async () => {}, wrong)).toThrow(problem);
});

test("an option that an outbox does not have is refused: it would be that of another name", async () => {
  const wrong = { nane: "mail" };
  expect(() => logOutbox(undefined as never, wrong as LogOutboxOptions)).toThrow('did you mean "name"?');
  expect(() => postgresOutbox(undefined as never, wrong as PostgresOutboxOptions)).toThrow('did you mean "name"?');
  await expect(migrate(undefined as never, { scheme: "mine" } as SchemaOptions)).rejects.toThrow('did you mean "schema"?');
});

function text(entry: OutboxEntry): string {
  return new TextDecoder().decode(entry.payload);
}

function texts(entries: readonly OutboxEntry[]): string[] {
  return entries.map(text);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function untilSome<T>(look: () => Promise<T[]>): Promise<T[]> {
  for (;;) {
    const found = await look();
    if (found.length > 0) return found;
  }
}

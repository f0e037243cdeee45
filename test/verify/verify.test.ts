/** Handlers that keep their claims pass, and one that does not is found, with the least that shows it. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import type { Schema } from "../../src/ir/schema.js";
import { parseReplay, subjectsOf, verify, type Subject, type Verdict } from "../../src/verify/index.js";

const IDL = `package shop;
message Order { id: string = 1; items: string[] = 2; }
error Missing { id: string = 1; }
service Orders {
  @readonly get(id: string) -> Order throws Missing;
  @idempotent put(id: string, items: string[]) -> u32;
}`;

function schemaOf(text: string): Schema {
  const { schema, diagnostics } = compile({ sources: { "a.idl": text }, targets: [] });
  if (schema === undefined) throw new Error(JSON.stringify(diagnostics));
  return schema;
}

/** Whatever a handler does to the store takes its time. */
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Handler = (params: { id: string; items: string[] }, ctx: { signal: AbortSignal; tx: never }) => unknown;

/** Orders in a map, a counter and a log, and handlers on them. */
class Shop implements Subject {
  orders = new Map<string, string[]>();
  count = 0;
  log: string[] = [];
  readonly handlers: Record<string, Handler>;

  constructor(own: (shop: Shop) => Record<string, Handler>) {
    this.handlers = {
      get: async ({ id }) => {
        await tick();
        const items = this.orders.get(id);
        if (items === undefined) throw Object.assign(new Error("missing"), { errorName: "shop.Missing", id });
        return { id, items };
      },
      put: async ({ id, items }) => {
        await tick();
        this.orders.set(id, items);
        await tick();
        return items.length;
      },
      ...own(this),
    };
  }

  reset(): void {
    this.orders = new Map();
    this.count = 0;
    this.log = [];
  }

  snapshot(): unknown {
    return { orders: this.orders, count: this.count, log: this.log };
  }
}

async function verdictsOf(subject: Subject, idl = IDL, options: { seed?: number; runs?: number } = {}): Promise<readonly Verdict[]> {
  const schema = schemaOf(idl);
  const services = schema.files.flatMap(({ declarations }) => declarations.filter((each) => each.kind === "service"));
  const { verdicts } = await verify({ schema, subjects: subjectsOf({ default: subject }, services, "shop.ts"), seed: 7, runs: 40, ...options });
  return verdicts;
}

const broken = (verdicts: readonly Verdict[]): string[] =>
  verdicts.filter(({ counterExample }) => counterExample !== undefined).map(({ method, claim }) => `${method.name} ${claim}`);

test("a rejection that one method leaves behind is not held against the others", async () => {
  const shop = new Shop(() => ({
    put: async ({ items }) => {
      void Promise.reject(new Error("lost"));
      return items.length;
    },
  }));
  const verdicts = await verdictsOf(shop, IDL, { runs: 40 });
  expect(verdicts.filter(({ counterExample }) => counterExample !== undefined).map(({ method }) => method.name)).toEqual(["put", "put", "put"]);
  expect(verdicts.filter(({ method }) => method.name === "get").map(({ counterExample }) => counterExample)).toEqual([undefined]);
});

test("handlers that do what they say pass", async () => {
  const verdicts = await verdictsOf(new Shop(() => ({})));
  expect(verdicts.map(({ method, claim, counterExample }) => [method.name, claim, counterExample])).toEqual([
    ["get", "untouched", undefined],
    ["put", "twice", undefined],
    ["put", "cut", undefined],
    ["put", "at-once", undefined],
  ]);
});

describe("what does not hold is found:", () => {
  test("a readonly handler that counts", async () => {
    const verdicts = await verdictsOf(new Shop((shop) => ({ get: ({ id }) => ({ id, items: [`${++shop.count}`] }) })));
    expect(broken(verdicts)).toEqual(["get untouched"]);
    expect(verdicts[0]?.counterExample).toMatchObject({ before: [], what: "a run changed the state", differences: ["count: 0, then 1"] });
  });

  test("a readonly handler that counts only when it is cut off", async () => {
    const verdicts = await verdictsOf(
      new Shop((shop) => ({
        get: async ({ id }) => {
          shop.count++;
          await tick();
          shop.count--;
          return { id, items: [] };
        },
      })),
    );
    expect(verdicts[0]?.counterExample?.what).toBe("a run that was cut off changed the state");
  });

  test("an idempotent handler that appends", async () => {
    const verdicts = await verdictsOf(
      new Shop((shop) => ({
        put: async ({ id, items }) => {
          shop.orders.set(id, [...(shop.orders.get(id) ?? []), ...items]);
          return 0;
        },
      })),
    );
    expect(broken(verdicts)).toContain("put twice");
    const found = verdicts.find(({ claim }) => claim === "twice")?.counterExample;
    // Shrunk to the least: one empty id and one empty item, and no calls before.
    expect(found?.before).toEqual([]);
    expect(found?.arguments).toMatchObject({ items: [expect.any(String)] });
    expect(found?.what).toBe("a second run changed the state");
  });

  test("one that answers the second time otherwise", async () => {
    const verdicts = await verdictsOf(
      new Shop((shop) => ({
        put: ({ id, items }) => {
          if (shop.orders.has(id)) throw new Error("there already");
          shop.orders.set(id, items);
          return 0;
        },
      })),
    );
    expect(verdicts.find(({ claim }) => claim === "twice")?.counterExample?.what).toBe("a second run gave another answer");
  });

  test("one that is idempotent only when it is not cut off", async () => {
    const verdicts = await verdictsOf(
      new Shop((shop) => ({
        put: async ({ id, items }) => {
          if (shop.orders.has(id)) return items.length;
          // Both are claimed at once, so that two runs at once do no harm.
          const isFirst = !shop.log.includes(`${id} began`);
          if (isFirst) shop.log.push(`${id} began`);
          if (isFirst || shop.log.includes(`${id} broke`)) shop.count += 1;
          try {
            await tick();
          } catch (error) {
            shop.log.push(`${id} broke`);
            throw error;
          }
          shop.orders.set(id, items);
          return items.length;
        },
      })),
    );
    expect(broken(verdicts)).toEqual(["put cut"]);
  });

  test("one that is not cut off but told, by its signal", async () => {
    const verdicts = await verdictsOf(
      new Shop((shop) => ({
        put: async ({ id, items }, { signal }) => {
          await tick();
          if (signal.aborted) shop.log.push("was told");
          shop.orders.set(id, items);
          return items.length;
        },
      })),
    );
    expect(broken(verdicts)).toEqual(["put cut"]);
  });

  test("one that is not when two run at once", async () => {
    const verdicts = await verdictsOf(
      new Shop((shop) => ({
        put: async ({ id, items }) => {
          const isThere = shop.orders.has(id);
          if (isThere) return items.length;
          await tick();
          shop.orders.set(id, items);
          shop.count += 1;
          return items.length;
        },
      })),
    );
    expect(broken(verdicts)).toEqual(["put at-once"]);
  });

  test("one that shows only after another call", async () => {
    const verdicts = await verdictsOf(
      new Shop((shop) => ({
        get: ({ id }) => {
          if (shop.orders.has(id)) shop.count++;
          return { id, items: [] };
        },
      })),
      IDL,
      { runs: 200 },
    );
    expect(broken(verdicts)).toEqual(["get untouched"]);
    expect(verdicts[0]?.counterExample?.before).toHaveLength(1);
  });
});

describe("exactly-once", () => {
  const PAY = `package shop;\nservice Payments { @exactlyOnce(retain: 1h) pay(id: string, items: string[]) -> u32; }`;

  class Ledger extends Shop {
    /** The map of orders is the store, and a copy of it the transaction. */
    async transact<T>(work: (tx: Map<string, string[]>) => Promise<T>): Promise<T> {
      const tx = new Map(this.orders);
      const result = await work(tx);
      this.orders = tx;
      return result;
    }
  }

  test("a handler that writes through its transaction passes", async () => {
    const pay: Handler = async ({ id, items }, { tx }) => {
      await tick();
      (tx as Map<string, string[]>).set(id, items);
      return 0;
    };
    expect(broken(await verdictsOf(new Ledger(() => ({ pay })), PAY))).toEqual([]);
  });

  test("one that writes beside it does not", async () => {
    const verdicts = await verdictsOf(new Ledger((shop) => ({ pay: ({ id }) => shop.log.push(id) })), PAY);
    expect(broken(verdicts)).toEqual(["pay transaction"]);
    expect(verdicts[0]?.counterExample?.what).toContain("was rolled back");
  });

  test("without a transaction it cannot be tested", () => {
    const schema = schemaOf(PAY);
    const services = schema.files.flatMap(({ declarations }) => declarations.filter((each) => each.kind === "service"));
    expect(() => subjectsOf(new Shop(() => ({})), services, "shop.ts")).toThrow(/no function "transact".*"pay"/);
  });
});

test("an experiment can be made again by its replay", async () => {
  const shop = new Shop((own) => ({ put: ({ id }) => own.log.push(id) }));
  const found = (await verdictsOf(shop)).find(({ claim }) => claim === "twice")?.counterExample;
  const replay = parseReplay(found?.replay ?? "");
  const schema = schemaOf(IDL);
  const { verdicts } = await verify({ schema, subjects: new Map([["shop.Orders", shop]]), ...(replay && { replay }) });
  expect(verdicts).toMatchObject([{ claim: "twice", runs: 1, counterExample: { arguments: found?.arguments, what: found?.what } }]);
});

test("a reset that does not bring everything back is told from a handler that breaks its claim", async () => {
  let clock = 0;
  const shop = new Shop((own) => ({
    put: async ({ id }) => {
      own.orders.set(id, own.orders.get(id) ?? [`${clock++}`]);
      return 0;
    },
  }));
  await expect(verdictsOf(shop)).rejects.toThrow(/do not lead to the same state/);
});

test("every kind of method is called as the runtime calls it", async () => {
  const seen = new Set<string>();
  const idl = `package kinds; service Kinds {
    @readonly watch(from: u64) -> stream u32; @atMostOnce upload(stream string) -> u32; @atMostOnce chat(stream string) -> stream string; @failStop step(round: u64);
  }`;
  const handlers = {
    async *watch({ from }: { from: bigint }) {
      seen.add(`watch ${typeof from}`);
      for (let n = 0; ; n++) yield n;
    },
    async upload(items: AsyncIterable<string>, ctx: { callId: string }) {
      for await (const item of items) seen.add(`upload ${typeof item} ${typeof ctx.callId}`);
      return 1;
    },
    async *chat(items: AsyncIterable<string>) {
      for await (const item of items) {
        seen.add(`chat ${typeof item}`);
        yield item;
      }
    },
    step: ({ round }: { round: bigint }) => void seen.add(`step ${typeof round}`),
  };
  const verdicts = await verdictsOf({ handlers, reset: () => undefined, snapshot: () => 0 }, idl, { runs: 10 });
  expect(verdicts.map(({ method, claim, counterExample }) => [method.name, claim, counterExample])).toEqual([
    ["watch", "untouched", undefined],
    ["upload", "ends", undefined],
    ["chat", "ends", undefined],
    ["step", "ends", undefined],
  ]);
  expect([...seen].sort()).toEqual(["chat string", "step bigint", "upload string string", "watch bigint"]);
});

test("a handler that does not end is found once, and not waited for again and again", { timeout: 60_000 }, async () => {
  const schema = schemaOf("package a;\nservice S { @atMostOnce hang(x: i32); @atMostOnce other(x: i32); }");
  let calls = 0;
  const subject: Subject = { reset() {}, snapshot: () => 0, handlers: { hang: () => (calls++, new Promise(() => {})), other() {} } };
  const { verdicts } = await verify({ schema, subjects: new Map([["a.S", subject]]), seed: 1, runs: 100 });
  expect(verdicts.map(({ method, counterExample }) => `${method.name}: ${counterExample?.what ?? "holds"}`)).toEqual(["hang: a run did not end within 5 seconds", "other: holds"]);
  expect(calls).toBeLessThan(4);
});

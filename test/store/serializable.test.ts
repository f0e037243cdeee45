/** Random transactions side by side over the log store: there is an order in which, one after the other, they would have seen and left the same. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type LogStore, openLogStore } from "../../runtime/store/log/index.js";
import { ForgetfulFileSystem } from "./forgetful-file-system.js";

type Step =
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "delete"; readonly key: string }
  | { readonly kind: "put"; readonly key: string; readonly value: number }
  | { readonly kind: "scan"; readonly prefix: string; readonly limit: number }
  /** Lets others go first, so many times. */
  | { readonly kind: "wait"; readonly turns: number };

const key = fc.constantFrom("a", "b", "ba", "bb", "c");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("get" as const), key }),
  fc.record({ kind: fc.constant("delete" as const), key }),
  fc.record({ kind: fc.constant("put" as const), key, value: fc.nat(9) }),
  fc.record({ kind: fc.constant("scan" as const), prefix: fc.constantFrom("", "b", "c"), limit: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant("wait" as const), turns: fc.integer({ min: 1, max: 3 }) }),
);
const program = fc.array(step, { minLength: 1, maxLength: 6 });

type Data = ReadonlyMap<string, number>;

/** What a transaction saw: the truth about it, by which orders are told apart. */
async function perform(store: LogStore, steps: readonly Step[], seen: string[]): Promise<void> {
  await store.transact(async ({ tx }) => {
    // The work may be run again: what the run before it saw counts for nothing.
    seen.length = 0;
    for (const one of steps) {
      if (one.kind === "wait") for (let turn = 0; turn < one.turns; turn++) await Promise.resolve();
      else if (one.kind === "get") seen.push(`${one.key}=${(await tx.get(one.key))?.[0] ?? "-"}`);
      else if (one.kind === "put") await tx.put(one.key, Uint8Array.of(one.value));
      else if (one.kind === "delete") await tx.delete(one.key);
      else {
        let left = one.limit;
        for await (const found of tx.scan({ prefix: one.prefix })) {
          seen.push(`${found.key}:${found.value[0]}`);
          if (--left === 0) break;
        }
        seen.push("end");
      }
    }
  });
}

/** The same, alone, over plain data. */
function simulate(before: Data, steps: readonly Step[]): { readonly seen: string[]; readonly after: Data } {
  const data = new Map(before);
  const seen: string[] = [];
  for (const one of steps) {
    if (one.kind === "get") seen.push(`${one.key}=${data.get(one.key) ?? "-"}`);
    else if (one.kind === "put") data.set(one.key, one.value);
    else if (one.kind === "delete") data.delete(one.key);
    else if (one.kind === "scan") {
      const found = [...data].filter(([name]) => name.startsWith(one.prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
      seen.push(...found.slice(0, one.limit).map(([name, value]) => `${name}:${value}`), "end");
    }
  }
  return { seen, after: data };
}

function* orders<T>(items: readonly T[]): IterableIterator<readonly T[]> {
  if (items.length <= 1) yield items;
  for (const [index, first] of items.entries()) {
    for (const rest of orders(items.filter((_, other) => other !== index))) if (items.length > 1) yield [first, ...rest];
  }
}

async function dataOf(store: LogStore): Promise<Data> {
  return store.transact(async ({ tx }) => {
    const data = new Map<string, number>();
    for await (const found of tx.scan()) data.set(found.key, found.value[0] ?? -1);
    return data;
  });
}

test("what transactions saw and left has a serial order", async () => {
  const property = fc.asyncProperty(program, fc.array(program, { minLength: 2, maxLength: 4 }), async (first, programs) => {
    const disk = new ForgetfulFileSystem(() => 0.5);
    const store = await openLogStore("/s", { fileSystem: disk });
    await perform(store, first, []);
    const before = await dataOf(store);
    const seen = programs.map((): string[] => []);
    await Promise.all(programs.map((steps, index) => perform(store, steps, seen[index] ?? [])));
    const after = await dataOf(store);
    const fits = [...orders([...programs.keys()])].some((order) => {
      let data = before;
      return (
        order.every((index) => {
          const alone = simulate(data, programs[index] ?? []);
          data = alone.after;
          return alone.seen.join() === seen[index]?.join();
        }) && same(data, after)
      );
    });
    expect(fits, JSON.stringify({ programs, before: [...before], seen, after: [...after] })).toBe(true);
    await store.close();
    const reopened = await openLogStore("/s", { fileSystem: disk.afterPowerFailure() });
    expect(same(await dataOf(reopened), after)).toBe(true);
    await reopened.close();
  });
  await fc.assert(property, { numRuns: Number(process.env["STORE_RUNS"] ?? 300) });
});

function same(a: Data, b: Data): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}

/** Long lives of calls, over every store, against a model: asked, asked again, acknowledged, too old, and the store opened anew. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeUnless } from "../left-out.js";
import { call, completion, reply } from "./call.js";
import { type OpenedStore, stores } from "./stores.js";

const RETENTION_MS = 100;
const CLIENTS = 2;

const client = fc.integer({ min: 1, max: CLIENTS });
const event = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("ask" as const), client, sequence: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("acknowledge" as const), client, below: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("collect" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const) }) },
);

for (const row of stores) {
  describeUnless(row.missing, `calls over time in the store ${row.name}`, () => {
    let remove: () => Promise<void>;
    beforeAll(async () => {
      remove = await row.prepare();
    });
    afterAll(() => remove());

    test("a call runs once, is answered the same while it is kept, and is stale afterwards", { timeout: 120_000 }, async () => {
      let now = 0;
      const options = { retentionMs: RETENTION_MS, now: () => now };

      async function ask(opened: OpenedStore, number: number, sequence: number): Promise<string> {
        return opened.store.transact(async (transaction) => {
          const key = call(number, sequence);
          const known = await transaction.find(key);
          if (known?.outcome.kind === "reply") return new TextDecoder().decode(known.outcome.payload);
          if (sequence < (await transaction.watermark(key.principal, key.client))) return "stale";
          const sum = ((await opened.read(transaction, "sum")) ?? 0) + 1;
          await opened.write(transaction, "sum", sum);
          await transaction.put(key, completion(now, reply(`${number}/${sequence} made ${sum}`)));
          return `${number}/${sequence} made ${sum}`;
        });
      }

      const life = fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
        now = 1_000;
        let opened = await row.open(options);
        let sum = 0;
        const answers = new Map<string, { readonly answer: string; readonly at: number }>();
        const below = new Map<number, number>();
        const heardAt = new Map<number, number>();
        const heard = (number: number): void => void heardAt.set(number, now);
        for (const one of events) {
          if (one.kind === "pass") now += one.ms;
          else if (one.kind === "acknowledge") {
            // A client acknowledges again and again; that it is heard of counts when the watermark rises.
            await opened.store.acknowledge("ann", call(one.client, 1).client, one.below);
            if (one.below > (below.get(one.client) ?? 0)) heard(one.client);
            below.set(one.client, Math.max(below.get(one.client) ?? 0, one.below));
          } else if (one.kind === "ask") {
            const name = `${one.client}/${one.sequence}`;
            const known = answers.get(name);
            const answer = await ask(opened, one.client, one.sequence);
            const acknowledged = one.sequence < (below.get(one.client) ?? 0);
            if (known === undefined && !acknowledged) {
              sum += 1;
              expect(answer).toBe(`${name} made ${sum}`);
              answers.set(name, { answer, at: now });
              heard(one.client);
            } else if (known === undefined) expect(answer).toBe("stale");
            // A store may keep what was acknowledged for a while.
            else expect(acknowledged ? [known.answer, "stale"] : [known.answer]).toContain(answer);
          } else if (one.kind === "collect") {
            await opened.store.collect(now);
            for (const [name, { at }] of answers) {
              if (at >= now - RETENTION_MS) continue;
              const [number = 0, sequence = 0] = name.split("/").map(Number);
              below.set(number, Math.max(below.get(number) ?? 0, sequence + 1));
            }
            for (let number = 1; number <= CLIENTS; number++) {
              // Forgotten as a whole: a client that is silent for so long is another one when it comes back.
              if ((heardAt.get(number) ?? now) >= now - RETENTION_MS) continue;
              below.delete(number);
              heardAt.delete(number);
              for (const name of answers.keys()) if (name.startsWith(`${number}/`)) answers.delete(name);
            }
          } else {
            await opened.store.close();
            opened = await row.open(options, true);
          }
        }
        const found = await opened.store.transact((transaction) => opened.all(transaction));
        expect(found["sum"] ?? 0).toBe(sum);
        await opened.store.close();
      });
      await fc.assert(life, { numRuns: Number(process.env["STORE_LIVES"] ?? 25) });
    });
  });
}

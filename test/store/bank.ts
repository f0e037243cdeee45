/**
 * A workload whose every commit leaves traces that must agree: a deposit writes its own entry, adds to a sum, and puts
 * its completion.
 */
import { expect } from "vitest";
import type { CompletionKey } from "../../runtime/idempotency/completion-store.js";
import type { LogStore } from "../../runtime/store/log/index.js";
import { call, completion, reply } from "./call.js";

const SUM = "sum";

export function entryOf({ client, sequence }: CompletionKey): string {
  return `entry/${client}/${String(sequence).padStart(8, "0")}`;
}

/** Resolves when it is committed, or was before. */
export function deposit(store: LogStore, key: CompletionKey, payloadBytes = 20): Promise<void> {
  return store.transact(async (transaction) => {
    if ((await transaction.find(key)) !== undefined) return;
    if (key.sequence < (await transaction.watermark(key.principal, key.client))) return;
    const { tx } = transaction;
    await tx.put(entryOf(key), Buffer.alloc(payloadBytes, key.sequence));
    await tx.put(SUM, Buffer.from(String(Number(Buffer.from((await tx.get(SUM)) ?? [])) + 1)));
    await transaction.put(key, completion(Date.now(), reply(entryOf(key))));
  });
}

/** @param committed what was answered: it must be there. @param acknowledged below this, by client number, no completion is needed. */
export async function audit(store: LogStore, committed: readonly CompletionKey[], acknowledged: ReadonlyMap<string, number> = new Map()): Promise<number> {
  const { entries, sum } = await store.transact(async ({ tx }) => {
    const found: string[] = [];
    for await (const { key } of tx.scan({ prefix: "entry/" })) found.push(key);
    return { entries: found, sum: Number(Buffer.from((await tx.get(SUM)) ?? [])) };
  });
  expect(sum, "the sum is that of the entries").toBe(entries.length);
  const there = new Set(entries);
  for (const key of committed) expect(there.has(entryOf(key)), `${entryOf(key)} was answered, and is there`).toBe(true);
  for (const entry of entries) {
    const [, client = "", sequence = ""] = entry.split("/");
    const key = { ...call(0, Number(sequence)), client };
    const known = await store.find(key);
    if (known === undefined) expect(Number(sequence), `${entry} has a completion, or was acknowledged`).toBeLessThan(acknowledged.get(client) ?? 0);
    else expect(known.outcome).toEqual(reply(entry));
  }
  return entries.length;
}

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
  // Gathered and judged once: an assertion for each of thousands would take longer than the work.
  const there = new Set(entries);
  const faults = committed.filter((key) => !there.has(entryOf(key))).map((key) => `${entryOf(key)} was answered, and is not there`);
  for (const entry of entries) {
    const [, client = "", sequence = ""] = entry.split("/");
    const known = await store.find({ ...call(0, Number(sequence)), client });
    if (known === undefined ? Number(sequence) >= (acknowledged.get(client) ?? 0) : known.outcome.kind !== "reply" || textOf(known.outcome.payload) !== entry) {
      faults.push(`${entry} is there, and its completion is ${known?.outcome.kind ?? "not"}`);
    }
  }
  if (sum !== entries.length) faults.push(`the sum is ${sum} for ${entries.length} entries`);
  expect(faults).toEqual([]);
  return entries.length;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

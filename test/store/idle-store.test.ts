/** A store in which nothing happens between two compactions or collections: what it does then must be as safe as all else. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { type CompletionKey } from "../../runtime/idempotency/completion-store.js";
import { FILE_HEADER } from "../../runtime/store/log/file-header.js";
import { openLogStore } from "../../runtime/store/log/index.js";
import { decodeHead, RECORD_HEADER } from "../../runtime/store/log/record.js";
import { audit, deposit } from "./bank.js";
import { call, completion } from "./call.js";
import { ForgetfulFileSystem } from "./forgetful-file-system.js";

const FOLDER = "/store";

/** Pseudo-random numbers from a seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function compactTwice(disk: ForgetfulFileSystem): Promise<CompletionKey[]> {
  const committed: CompletionKey[] = [];
  try {
    const store = await openLogStore(FOLDER, { fileSystem: disk, onError: () => {} });
    const commit = async (sequence: number): Promise<void> => {
      await deposit(store, call(1, sequence));
      committed.push(call(1, sequence));
    };
    await store.compact();
    await commit(1);
    await store.compact();
    await store.compact();
    await commit(2);
    await store.close();
  } catch {}
  return committed;
}

test.each(["power", "kill"])("%s fails at any step of a compaction that finds nothing new", async (kind) => {
  const whole = new ForgetfulFileSystem(seeded(0));
  expect(await compactTwice(whole)).toHaveLength(2);
  for (let step = 1; step <= whole.steps; step++) {
    for (let seed = 0; seed < 8; seed++) {
      const disk = new ForgetfulFileSystem(seeded(step * 100 + seed), { step, kind: "power" });
      const committed = await compactTwice(disk);
      const store = await openLogStore(FOLDER, { fileSystem: kind === "power" ? disk.afterPowerFailure() : disk.afterKill() });
      await audit(store, committed);
      await store.close();
    }
  }
});

test("a collection that is cut off leaves no call without its completion and without a watermark above it", async () => {
  const CALLS = 2_500;
  const folder = mkdtempSync(path.join(tmpdir(), "rpcgen-collection-"));
  try {
    const store = await openLogStore(folder, { retentionMs: 1_000, now: () => 1_500 });
    await store.transact(async (transaction) => {
      for (let sequence = 1; sequence <= CALLS; sequence++) await transaction.put(call(1, sequence), completion(0));
    });
    await store.transact((transaction) => transaction.put(call(1, CALLS + 1), completion(1_500)));
    expect(await store.collect(2_000)).toBe(CALLS);
    await store.close();
    const log = path.join(folder, readdirSync(folder).find((name) => name.endsWith(".log")) ?? "");
    const bytes = readFileSync(log);
    const ends: number[] = [];
    for (let at = FILE_HEADER; at < bytes.length; ends.push(at)) at += RECORD_HEADER + (decodeHead(bytes, at)?.length ?? Infinity);
    expect(ends.length).toBe(5);
    for (const end of ends.slice(1)) {
      writeFileSync(log, bytes.subarray(0, end));
      const cut = await openLogStore(folder, { retentionMs: 1_000 });
      const below = await cut.transact((transaction) => transaction.watermark("ann", call(1, 1).client));
      for (const sequence of [1, 1_000, 1_001, 2_000, 2_001, CALLS]) {
        if ((await cut.find(call(1, sequence))) === undefined) expect(below, `call ${sequence} in ${end} bytes`).toBeGreaterThan(sequence);
      }
      await cut.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

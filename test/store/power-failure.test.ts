/**
 * Power fails, the disk fails or the process is killed at every single step that the store takes: opening, commits,
 * rotation and compaction. Whatever was answered must be there, and nothing in half.
 */
import { expect, test } from "vitest";
import { CommitUnknown, type CompletionKey, StoreUnavailable } from "../../runtime/idempotency/completion-store.js";
import { type LogStore, openLogStore } from "../../runtime/store/log/index.js";
import { audit, deposit } from "./bank.js";
import { call } from "./call.js";
import { type Fault, ForgetfulFileSystem } from "./forgetful-file-system.js";

const FOLDER = "/store";
const CLIENTS = 3;
const CALLS = 8;
/** Disks a step: what is lost differs. */
const DISKS = Number(process.env["STORE_DISKS"] ?? 2);

/** Pseudo-random numbers from a seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Ran {
  readonly committed: CompletionKey[];
  readonly acknowledged: Map<string, number>;
  readonly failures: unknown[];
  readonly id: string | undefined;
}

/** Clients side by side, a compaction in the middle, until the end or until nothing goes any more. */
async function run(disk: ForgetfulFileSystem, round: number): Promise<Ran> {
  const ran = { committed: [] as CompletionKey[], acknowledged: new Map<string, number>(), failures: [] as unknown[] };
  let store: LogStore;
  try {
    store = await openLogStore(FOLDER, { fileSystem: disk, onError: () => {} });
  } catch (error) {
    return { ...ran, failures: [error], id: undefined };
  }
  const client = async (number: number): Promise<void> => {
    for (let sequence = 1; sequence <= CALLS; sequence++) {
      const key = call(round * CLIENTS + number, sequence);
      await deposit(store, key, sequence === 3 ? 2_000 : 20);
      ran.committed.push(key);
      if (sequence === 5) {
        ran.acknowledged.set(key.client, 3);
        await store.acknowledge(key.principal, key.client, 3);
      }
      if (number === 0 && sequence === 4) await store.compact();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  ran.failures.push(...ends.filter((end) => end.status === "rejected").map((end) => end.reason as unknown));
  await store.close().catch((error: unknown) => ran.failures.push(error));
  return { ...ran, id: store.id };
}

async function reopened(disk: ForgetfulFileSystem): Promise<LogStore> {
  return openLogStore(FOLDER, { fileSystem: disk });
}

const whole = new ForgetfulFileSystem(seeded(0));
const clean = await run(whole, 0);
const steps = Array.from({ length: whole.steps }, (_, index) => index + 1);

test("the run that is interrupted everywhere passes undisturbed", async () => {
  expect(clean.failures).toEqual([]);
  expect(clean.committed.length).toBe(CLIENTS * CALLS);
  expect(steps.length).toBeGreaterThan(30);
  const store = await reopened(whole.afterPowerFailure());
  expect(await audit(store, clean.committed, clean.acknowledged)).toBe(CLIENTS * CALLS);
});

test.each<Fault["kind"]>(["power", "error"])("a failure of %s at any step leaves whole commits, and all that were answered", async (kind) => {
  let interrupted = 0;
  for (const step of steps) {
    for (let disk = 0; disk < DISKS; disk++) {
      const first = new ForgetfulFileSystem(seeded(step * 1_000 + disk), { step, kind });
      const ran = await run(first, 0);
      if (ran.failures.length > 0) interrupted += 1;
      for (const failure of kind === "error" && ran.id !== undefined ? ran.failures : []) {
        expect(failure instanceof CommitUnknown || failure instanceof StoreUnavailable, String(failure)).toBe(true);
      }
      const store = await reopened(first.afterPowerFailure());
      await audit(store, ran.committed, ran.acknowledged);
      if (ran.committed.length > 0) expect(store.id).toBe(ran.id);
      await store.close();
    }
  }
  expect(interrupted).toBeGreaterThan(steps.length / 2);
});

test("a second failure, while the store recovers from the first, loses nothing either", async () => {
  for (const step of steps) {
    for (const second of [1, 2, 3, 4, 5, 7, 9, 12]) {
      const first = new ForgetfulFileSystem(seeded(step * 31 + second), { step, kind: "power" });
      const before = await run(first, 0);
      const recovering = first.afterPowerFailure({ step: second, kind: "power" });
      const after = await run(recovering, 1);
      const store = await reopened(recovering.afterPowerFailure());
      await audit(store, [...before.committed, ...after.committed], new Map([...before.acknowledged, ...after.acknowledged]));
      await store.close();
    }
  }
});

test("what is answered after a kill, from what the dead process had not synced, outlives a power failure", async () => {
  for (const step of steps) {
    const first = new ForgetfulFileSystem(seeded(step), { step, kind: "power" });
    await run(first, 0);
    // Only the process is gone: the next one finds bytes that are in no way durable, and answers from them.
    const second = first.afterKill();
    const store = await reopened(second);
    const seen: CompletionKey[] = [];
    for (let client = 0; client < CLIENTS; client++) {
      for (let sequence = 1; sequence <= CALLS; sequence++) {
        if ((await store.find(call(client, sequence))) !== undefined) seen.push(call(client, sequence));
      }
    }
    const third = await reopened(second.afterPowerFailure());
    await audit(third, seen, new Map(seen.map(({ client }) => [client, 3])));
    await third.close();
  }
});

/** Compactions that fail: what waits for them, what they leave on the disk, and who is told. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CommitUnknown, StoreUnavailable } from "../../runtime/idempotency/completion-store.js";
import { type LogFile, openLogStore } from "../../runtime/store/log/index.js";
import { nodeFileSystem } from "../../runtime/store/log/node-file-system.js";
import { deposit } from "./bank.js";
import { call } from "./call.js";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "rpcgen-compaction-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The same file, but that writes to it may fail. */
function failing(file: LogFile, fails: () => boolean): LogFile {
  return {
    size: () => file.size(),
    read: (position, length) => file.read(position, length),
    write: (position, bytes) => (fails() ? Promise.reject(new Error("no space left on device")) : file.write(position, bytes)),
    sync: () => file.sync(),
    truncate: (size) => file.truncate(size),
    close: () => file.close(),
  };
}

test("a compaction that begins as the disk fails is told so, and the store can be closed", async () => {
  let full = false;
  let letCompactionGo = (): void => {};
  const untilFailed = new Promise<void>((resolve) => (letCompactionGo = resolve));
  const turns = [nodeFileSystem.turn, () => untilFailed];
  const store = await openLogStore(folder, {
    fileSystem: {
      ...nodeFileSystem,
      create: async (file) => failing(await nodeFileSystem.create(file), () => full),
      turn: () => (full ? (turns.shift() ?? nodeFileSystem.turn)() : nodeFileSystem.turn()),
    },
  });
  full = true;
  const deposited = deposit(store, call(1, 1));
  // The writer has its turn first, and fails while the compaction waits for its own.
  while (turns.length > 1) await Promise.resolve();
  const compacted = store.compact();
  await expect(deposited).rejects.toBeInstanceOf(CommitUnknown);
  letCompactionGo();
  await expect(compacted).rejects.toBeInstanceOf(StoreUnavailable);
  await store.close();
});

test("a snapshot that could not be written takes no room", async () => {
  let full = false;
  const store = await openLogStore(folder, {
    fileSystem: { ...nodeFileSystem, create: async (file) => failing(await nodeFileSystem.create(file), () => full && file.endsWith(".partial")) },
  });
  await deposit(store, call(1, 1));
  full = true;
  await expect(store.compact()).rejects.toBeInstanceOf(StoreUnavailable);
  expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
  await deposit(store, call(1, 2));
  full = false;
  await store.compact();
  await store.close();
});

test("a compaction of a store that is closed is a rejection, as all that it refuses", async () => {
  const store = await openLogStore(folder);
  await store.close();
  let rejected: unknown;
  await store.compact().catch((error: unknown) => (rejected = error));
  expect(rejected).toBeInstanceOf(StoreUnavailable);
});

test("an onError that throws ends nothing", async () => {
  const told: string[] = [];
  const store = await openLogStore(folder, {
    compactBytes: 1,
    onError(error) {
      told.push(error.message);
      throw new Error("the listener's own");
    },
    fileSystem: { ...nodeFileSystem, create: async (file) => failing(await nodeFileSystem.create(file), () => file.endsWith(".partial")) },
  });
  await deposit(store, call(1, 1));
  await store.close();
  expect(told).toEqual(["no space left on device"]);
});

/** The embedded store: when it answers, and how much it writes for that. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StoreUnavailable } from "../../runtime/idempotency/completion-store.js";
import { type LogFile, openLogStore } from "../../runtime/store/log/index.js";
import { nodeFileSystem } from "../../runtime/store/log/node-file-system.js";
import { deposit } from "./bank.js";
import { call } from "./call.js";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "rpcgen-log-store-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The same file, whose syncs wait for `sync`. */
function syncing(file: LogFile, sync: () => Promise<void>): LogFile {
  return {
    size: () => file.size(),
    read: (position, length) => file.read(position, length),
    write: (position, bytes) => file.write(position, bytes),
    sync,
    truncate: (size) => file.truncate(size),
    close: () => file.close(),
  };
}

test.each(["synced", "lost"])("a completion that is not on the disk yet is found only when that is so: %s", async (outcome) => {
  let syncs: { readonly sync: () => void; readonly fail: (error: Error) => void }[] | undefined;
  let begun = (): void => {};
  const beginning = new Promise<void>((resolve) => (begun = resolve));
  const wait = (): Promise<void> => new Promise((sync, fail) => (syncs?.push({ sync, fail }), begun()));
  const store = await openLogStore(folder, {
    fileSystem: { ...nodeFileSystem, create: async (name) => {
      const file = await nodeFileSystem.create(name);
      return syncing(file, () => (syncs === undefined ? file.sync() : wait()));
    } },
  });
  syncs = [];
  const deposited = deposit(store, call(1, 1)).then(() => "stands", () => "unknown");
  await beginning;
  let found: unknown = "nothing yet";
  const finding = store.find(call(1, 1)).then((completion) => (found = completion?.outcome.kind), (error: unknown) => (found = error));
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(found).toBe("nothing yet");
  const [first] = syncs;
  syncs = undefined;
  if (outcome === "synced") first?.sync();
  else first?.fail(new Error("the disk is gone"));
  await finding;
  if (outcome === "synced") expect([found, await deposited]).toEqual(["reply", "stands"]);
  else expect([found instanceof StoreUnavailable, await deposited]).toEqual([true, "unknown"]);
  await store.close();
});

test("a large state is not written anew each time that a little was added to it", async () => {
  let snapshots = 0;
  const store = await openLogStore(folder, {
    compactBytes: 4_000,
    fileSystem: { ...nodeFileSystem, create: (name) => ((snapshots += name.endsWith(".partial") ? 1 : 0), nodeFileSystem.create(name)) },
  });
  for (let sequence = 1; sequence <= 20; sequence += 1) await deposit(store, call(1, sequence), 10_000);
  await store.compact();
  snapshots = 0;
  for (let sequence = 21; sequence <= 40; sequence += 1) await deposit(store, call(1, sequence), 5_000);
  await store.close();
  expect(snapshots).toBeLessThan(2);
});

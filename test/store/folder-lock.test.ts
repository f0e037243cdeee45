/** What becomes of a store whose lock is taken from it, and of a lock whose owner cannot be asked. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs, { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CommitUnknown, StoreUnavailable } from "../../runtime/idempotency/completion-store.js";
import { lockFolder } from "../../runtime/store/log/folder-lock.js";
import { FolderInUse, openLogStore } from "../../runtime/store/log/index.js";
import { audit, deposit } from "./bank.js";
import { call } from "./call.js";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "rpcgen-lock-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const elsewhere = JSON.stringify({ pid: 1, scope: "another container" });

test("an owner whose lock was taken confirms no more commits", async () => {
  const store = await openLogStore(folder);
  await deposit(store, call(1, 1));
  rmSync(path.join(folder, "lock"));
  const thief = await lockFolder(folder);
  await expect(deposit(store, call(1, 2))).rejects.toBeInstanceOf(CommitUnknown);
  await expect(deposit(store, call(1, 3))).rejects.toBeInstanceOf(StoreUnavailable);
  await store.close();
  expect(thief.held()).toBe(true);
  await thief.release();
});

/** A store that has committed a call, and another that has taken it for gone. */
async function takenOver() {
  const frozen = await openLogStore(folder);
  await deposit(frozen, call(1, 1));
  rmSync(path.join(folder, "lock"));
  const successor = await openLogStore(folder);
  return { frozen, successor };
}

test("an owner that wakes up after its lock was taken writes nothing over what its successor committed", async () => {
  const { frozen, successor } = await takenOver();
  // As long as what the other is about to write, so that it would fit in its place.
  await deposit(successor, call(2, 2));
  await deposit(successor, call(2, 3));
  await expect(deposit(frozen, call(1, 2))).rejects.toBeInstanceOf(CommitUnknown);
  await frozen.close();
  await successor.close();
  const reopened = await openLogStore(folder);
  expect(await audit(reopened, [call(1, 1), call(2, 2), call(2, 3)])).toBe(3);
  await reopened.close();
});

test("an owner that wakes up after its lock was taken makes no file in the place of its successor's", async () => {
  const { frozen, successor } = await takenOver();
  await successor.compact();
  await deposit(successor, call(2, 1));
  await expect(frozen.compact()).rejects.toBeInstanceOf(StoreUnavailable);
  await frozen.close();
  await successor.close();
  const reopened = await openLogStore(folder);
  expect(await audit(reopened, [call(1, 1), call(2, 1)])).toBe(2);
  await reopened.close();
});

test("a lock that rests is taken over, whoever owned it", async () => {
  writeFileSync(path.join(folder, "lock"), elsewhere);
  const lock = await lockFolder(folder, 50);
  expect(lock.held()).toBe(true);
  await lock.release();
});

test("a store of a thread is its own while it lives, and another's as soon as it is terminated", async () => {
  const entry = fileURLToPath(new URL("../../runtime/store/log/index.ts", import.meta.url));
  const contents = `import { parentPort } from "node:worker_threads"; import { openLogStore } from ${JSON.stringify(entry)}; globalThis.store = await openLogStore(${JSON.stringify(folder)}); parentPort.on("message", () => {}).postMessage("open");`;
  const { outputFiles } = await build({ stdin: { contents, resolveDir: ".", loader: "ts" }, bundle: true, write: false, format: "esm", platform: "node", target: "node20" });
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`));
  await once(thread, "message");
  await expect(openLogStore(folder)).rejects.toThrow(FolderInUse);
  await thread.terminate();
  const store = await openLogStore(folder);
  await expect(openLogStore(folder)).rejects.toThrow(FolderInUse);
  await store.close();
});

test("a lock that is touched by an owner elsewhere stays its own", async () => {
  const file = path.join(folder, "lock");
  writeFileSync(file, elsewhere);
  const beat = setInterval(() => utimesSync(file, new Date(), new Date()), 5);
  await expect(lockFolder(folder, 500)).rejects.toThrow(FolderInUse);
  clearInterval(beat);
});

test.runIf(process.platform === "linux")("the lock of a process that was killed and that nobody asked for is free", async () => {
  const own = await lockFolder(folder);
  const owner = JSON.parse(fs.readFileSync(path.join(folder, "lock"), "utf8")) as { scope: string };
  await own.release();
  // Its parent becomes a program that never asks for it.
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]);
  try {
    const pid = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)));
    const status = (): string[] => fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    await vi.waitUntil(() => status()[0] === "Z", { timeout: 10_000 });
    writeFileSync(path.join(folder, "lock"), JSON.stringify({ pid, started: status()[19], scope: owner.scope }));
    await (await lockFolder(folder)).release();
  } finally {
    parent.kill();
  }
});

test("a lock that cannot be read is treated as that of an owner elsewhere", async () => {
  writeFileSync(path.join(folder, "lock"), "");
  await (await lockFolder(folder, 50)).release();
});

test("many that find the owner gone get one lock between them", async () => {
  writeFileSync(path.join(folder, "lock"), elsewhere);
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, 50)));
  const locks = results.filter((result) => result.status === "fulfilled").map((result) => result.value);
  expect(locks.filter((lock) => lock.held()).length).toBe(1);
  for (const lock of locks) await lock.release();
});

test("a disk that does not let the lock be touched ends nobody's process", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const touch = vi.spyOn(fs, "futimesSync").mockImplementation(() => {
    throw Object.assign(new Error("read-only file system"), { code: "EROFS" });
  });
  try {
    const lock = await lockFolder(folder);
    vi.advanceTimersByTime(5_000);
    expect(touch).toHaveBeenCalled();
    expect(lock.held()).toBe(true);
    await lock.release();
  } finally {
    touch.mockRestore();
    vi.useRealTimers();
  }
});

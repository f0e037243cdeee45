/** kill -9 of a real process under load, again and again over one folder: what it said it committed is there, and whole. */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { CompletionKey } from "../../runtime/idempotency/completion-store.js";
import { FolderInUse, openLogStore } from "../../runtime/store/log/index.js";
import { children } from "../transport/child.js";
import { audit, deposit } from "./bank.js";
import { call } from "./call.js";

const KILLS = Number(process.env["STORE_KILLS"] ?? 10);
const CLIENTS = 12;
const MOST_LINES = 400;

const start = children();
const folder = mkdtempSync(path.join(tmpdir(), "rpcgen-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const child = (store: string, first: number, compactBytes = 8_000) =>
  start("../store/bank.child.ts", store, String(first), String(compactBytes));

test(`${KILLS} kills leave effects and completions that agree`, { timeout: KILLS * 30_000 }, async () => {
  const store = path.join(folder, "killed");
  const committed: CompletionKey[] = [];
  const acknowledged = new Map<string, number>();
  let id: string | undefined;
  for (let kill = 0; kill < KILLS; kill++) {
    const bank = child(store, kill * CLIENTS);
    // Anywhere: right after it has opened, in the first commits, and when it has compacted many times.
    await bank.line(Math.floor(Math.random() ** 2 * MOST_LINES));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    bank.signal("SIGKILL");
    expect(await bank.gone()).toBe("SIGKILL");
    for (const [said, client = "", number = ""] of bank.lines().map((line) => line.split(" "))) {
      if (said === "done") committed.push({ ...call(0, Number(number)), client });
      if (said === "ack") acknowledged.set(client, Number(number));
    }
    const opened = await openLogStore(store);
    id ??= opened.id;
    expect(opened.id).toBe(id);
    const entries = await audit(opened, committed, acknowledged);
    expect(entries).toBeGreaterThanOrEqual(committed.length);
    // Asked again, as a client does that heard nothing: nothing runs twice.
    await Promise.all(committed.slice(-CLIENTS).map((key) => deposit(opened, key)));
    expect(await audit(opened, committed, acknowledged)).toBe(entries);
    await opened.close();
  }
  expect(committed.length).toBeGreaterThan(KILLS);
  const files = readdirSync(store);
  expect(files.filter((name) => name.endsWith(".partial"))).toEqual([]);
  expect(files.filter((name) => name.endsWith(".snapshot")).length).toBeLessThanOrEqual(1);
  expect(statSync(store).isDirectory()).toBe(true);
});

test("a second process is refused while the first lives, stopped or not, and served when it is killed", async () => {
  const store = path.join(folder, "shared");
  const owner = child(store, 0);
  await owner.line(3);
  await expect(openLogStore(store)).rejects.toThrow(FolderInUse);
  await expect(openLogStore(store)).rejects.toThrow(/is open in process \d+/);
  owner.signal("SIGSTOP");
  await expect(openLogStore(store)).rejects.toThrow(FolderInUse);
  owner.signal("SIGKILL");
  await owner.gone();
  const opened = await openLogStore(store);
  await audit(opened, []);
  await opened.close();
});

test("one process does not open it twice, and opens it again when it is closed", async () => {
  const store = path.join(folder, "twice");
  const first = await openLogStore(store);
  await expect(openLogStore(store)).rejects.toThrow(FolderInUse);
  await first.close();
  await (await openLogStore(store)).close();
  expect(readdirSync(store)).not.toContain("lock");
});

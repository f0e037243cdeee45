/** Files that are not as they were written: a torn end is cut, anything else is refused. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CommitRefused } from "../../runtime/idempotency/completion-store.js";
import { type FileSystem, type LogFile, type LogStore, openLogStore, StoreCorrupt } from "../../runtime/store/log/index.js";
import { nodeFileSystem } from "../../runtime/store/log/node-file-system.js";
import { audit, deposit } from "./bank.js";
import { call } from "./call.js";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "rpcgen-damage-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function filled(count: number, then: (store: LogStore) => Promise<void> = async () => {}): Promise<void> {
  const store = await openLogStore(folder);
  // One after the other: each says of those before it that they are durable.
  for (let sequence = 1; sequence <= count; sequence++) await deposit(store, call(1, sequence));
  await then(store);
  await store.close();
}

function newest(kind: "log" | "snapshot"): string {
  return path.join(folder, readdirSync(folder).filter((name) => name.endsWith(kind)).sort().at(-1) ?? "");
}

async function entries(): Promise<number> {
  const store = await openLogStore(folder);
  const count = await audit(store, []);
  await store.close();
  return count;
}

test("a log that ends anywhere within its last record has all but that one", async () => {
  await filled(5);
  const file = newest("log");
  const bytes = readFileSync(file);
  let before = 0;
  {
    writeFileSync(file, bytes.subarray(0, bytes.length - 1));
    expect(await entries()).toBe(4);
    before = readFileSync(file).length;
  }
  for (let length = before; length < bytes.length; length++) {
    writeFileSync(file, bytes.subarray(0, length));
    expect(await entries()).toBe(4);
    expect(readFileSync(file).length, "the torn end is cut").toBe(before);
  }
});

test("a log that ends in anything but a record has what stands before", async () => {
  await filled(5);
  const file = newest("log");
  const bytes = readFileSync(file);
  for (const tail of [Buffer.alloc(1), Buffer.alloc(5_000), Buffer.alloc(5_000, 0xff), bytes.subarray(-300)]) {
    writeFileSync(file, Buffer.concat([bytes, tail]));
    expect(await entries()).toBe(5);
    expect(readFileSync(file)).toEqual(bytes);
  }
});

test("a flipped bit in what a later record proves durable is refused by name, and nothing is cut", async () => {
  await filled(5);
  const file = newest("log");
  const bytes = readFileSync(file);
  for (let at = 60; at < bytes.length / 2; at += 37) {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ 4;
    writeFileSync(file, damaged);
    const opening = openLogStore(folder);
    await expect(opening).rejects.toBeInstanceOf(StoreCorrupt);
    await expect(opening).rejects.toThrow(new RegExp(`${path.basename(file)} is damaged at byte \\d+.*restore the folder`));
    expect(readFileSync(file)).toEqual(damaged);
  }
});

test("a damaged snapshot, a missing log, a foreign file and a damaged header are refused", async () => {
  await filled(5, (store) => store.compact());
  const [snapshot, log] = [newest("snapshot"), newest("log")];
  const [kept, keptLog] = [readFileSync(snapshot), readFileSync(log)];
  for (const bytes of [kept.subarray(0, -5), kept.subarray(0, 30), Buffer.alloc(kept.length)]) {
    writeFileSync(snapshot, bytes);
    await expect(openLogStore(folder)).rejects.toBeInstanceOf(StoreCorrupt);
  }
  writeFileSync(snapshot, kept);
  rmSync(log);
  await expect(openLogStore(folder)).rejects.toThrow("is missing");
  const foreign = Buffer.concat([keptLog.subarray(0, 16), Buffer.alloc(keptLog.length - 16, 7)]);
  writeFileSync(log, Buffer.concat([foreign, Buffer.alloc(100)]));
  await expect(openLogStore(folder)).rejects.toThrow("has a damaged header");
  writeFileSync(log, keptLog);
  expect(await entries()).toBe(5);
});

test("a folder that is refused is not held open", async () => {
  await filled(3, (store) => store.compact());
  let open = 0;
  const counting: FileSystem = {
    ...nodeFileSystem,
    async open(name) {
      const file = await nodeFileSystem.open(name);
      open += 1;
      return Object.assign(Object.create(file) as LogFile, {
        size: () => file.size(),
        read: (position: number, length: number) => file.read(position, length),
        close: () => {
          open -= 1;
          return file.close();
        },
      });
    },
  };
  for (const kind of ["log", "snapshot"] as const) {
    const bytes = readFileSync(newest(kind));
    for (const at of [20, 60]) {
      writeFileSync(newest(kind), bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
      if (at < bytes.length) await expect(openLogStore(folder, { fileSystem: counting })).rejects.toThrow(StoreCorrupt);
      expect(open).toBe(0);
    }
    writeFileSync(newest(kind), bytes);
  }
});

test("a transaction beyond 64 MiB is refused, and the store goes on", async () => {
  const store = await openLogStore(folder);
  const work = store.transact(async ({ tx }) => tx.put("large", Buffer.alloc(64 * 1024 * 1024)));
  await expect(work).rejects.toThrow(CommitRefused);
  await deposit(store, call(1, 1));
  expect(await audit(store, [call(1, 1)])).toBe(1);
  await store.close();
});

test("a value that is no bytes is refused, and not stored as other bytes", async () => {
  const store = await openLogStore(folder);
  for (const value of ["text", 3, [1], null, new ArrayBuffer(2)] as unknown as Uint8Array[]) {
    await expect(store.transact(({ tx }) => tx.put("key", value))).rejects.toThrow(TypeError);
  }
  await store.close();
});

test("a key that is no Unicode is refused, others come back in order", async () => {
  const store = await openLogStore(folder);
  await expect(store.transact(({ tx }) => tx.put("\ud800", Buffer.alloc(1)))).rejects.toThrow(TypeError);
  const keys = ["", "\0", "a", "é", "€", "\u{1f600}", "\uffff"];
  await store.transact(async ({ tx }) => {
    for (const key of keys.toReversed()) await tx.put(key, Buffer.from(key));
  });
  await store.close();
  const again = await openLogStore(folder);
  const found: string[] = [];
  await again.transact(async ({ tx }) => {
    for await (const { key, value } of tx.scan()) found.push(Buffer.from(value).toString() === key ? key : "wrong");
  });
  expect(found).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
  await again.close();
});

/** Compactions that the store makes by itself, and that fail. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openLogStore } from "../../runtime/store/log/index.js";
import { nodeFileSystem } from "../../runtime/store/log/node-file-system.js";
import { call, completion, reply } from "./call.js";

test("that one fails is told, and what who is told throws ends nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const told: string[] = [];
  let tell = (): void => {};
  const wasTold = new Promise<void>((resolve) => (tell = resolve));
  const fileSystem = Object.assign(Object.create(nodeFileSystem) as typeof nodeFileSystem, { rename: () => Promise.reject(new Error("the disk is full")) });
  const onError = ({ message }: Error): void => {
    told.push(message);
    tell();
    throw new Error("the logger is broken, too");
  };
  const store = await openLogStore(folder, { compactBytes: 1, fileSystem, onError });
  const put = (sequence: number): Promise<void> => store.transact((transaction) => transaction.put(call(1, sequence), completion(0, reply("yes"))));
  await put(1);
  await wasTold;
  await new Promise((resolve) => setImmediate(resolve));
  await put(2);
  expect(await store.find(call(1, 2))).toBeDefined();
  await store.close();
  expect(new Set(told)).toEqual(new Set(["the disk is full"]));
});

/** A link that is broken off just after it was closed: its socket is closed all the same, or the process could never end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { children } from "./child.js";

const directory = mkdtempSync(join(tmpdir(), "rpcgen-abort-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const startChild = children();

it.each([
  ["TCP", "tcp://127.0.0.1:0"],
  ["a Unix socket", `unix:${join(directory, "s.sock")}`],
])("ends with its process: %s", async (_, address) => {
  const child = startChild("abort-after-close.child.ts", address);
  expect(await child.gone()).toBe(0);
  expect(child.lines()).toEqual(Array.from({ length: 16 }, () => "closed"));
});

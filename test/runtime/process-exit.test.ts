import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { scriptArguments } from "../transport/child.js";

const program = fileURLToPath(new URL("two-ends.ts", import.meta.url));

describe("a process", () => {
  it.each(["client", "server"])(
    "exits by itself once its %s has closed, even if nothing else was closed",
    async (first) => {
      const folder = await mkdtemp(join(tmpdir(), "two-ends-"));
      try {
        const args = [...scriptArguments(program), first, join(folder, "s.sock")];
        const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 50_000 });
        const late = "DEADLINE_EXCEEDED";
        expect(stdout.split("\n")).toEqual([`tcp ${late}`, `unix ${late}`, `inproc ${late}`, "closed", ""]);
        expect(stderr).toBe("");
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

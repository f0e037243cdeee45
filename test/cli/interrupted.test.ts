/** Ctrl-C while outputs are being written: a process that sends it to itself, in the middle. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const moduleOf = (file: string) => JSON.stringify(pathToFileURL(path.join(root, file)).href);

describe.skipIf(process.platform === "win32")("an interrupted generate", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends it when all is written, and leaves nothing beside", (signal) => {
    const cwd = mkdtempSync(path.join(tmpdir(), "rpcgen-interrupted-"));
    writeFileSync(path.join(cwd, "orders.idl"), "package shop;\nmessage Order { id: string = 1; }\n");
    const program = `
      import fs from "node:fs";
      import { main } from ${moduleOf("src/cli/main.ts")};
      import { nodeHost } from ${moduleOf("src/cli/node-host.ts")};
      let moved = 0;
      const renameSync = (from, to) => {
        if (moved++ === 1) process.kill(process.pid, ${JSON.stringify(signal)});
        fs.renameSync(from, to);
      };
      await main(["generate", "orders.idl"], { ...nodeHost(), fs: { ...fs, renameSync } });
      setTimeout(() => {}, 2 ** 30);`;
    const ended = spawnSync(process.execPath, ["--import", pathToFileURL(path.join(root, "node_modules/tsx/dist/esm/index.mjs")).href, "--input-type=module", "--eval", program], { cwd, encoding: "utf8", timeout: 60_000 });
    expect({ signal: ended.signal, stderr: ended.stderr }).toEqual({ signal, stderr: "4 files written\n" });
    expect(readdirSync(path.join(cwd, "gen")).sort()).toEqual([".rpcgen.json", "orders.codec.ts", "orders.schema.ts", "orders.ts", "orders.types.ts"]);
    rmSync(cwd, { recursive: true });
  });
});

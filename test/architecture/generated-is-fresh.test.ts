/** Generated code that is committed, the examples' and the runtime's own, is what the compiler writes now. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.js";
import { nodeHost } from "../../src/cli/node-host.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const examples = readdirSync(path.join(root, "examples")).map((story) => `examples/${story}`);
const folders = [...examples, "runtime/reflection"].filter((folder) => existsSync(path.join(root, folder, "gen")));

describe("generated code", () => {
  test("there is some", () => {
    expect(folders).toEqual(expect.arrayContaining(["examples/city", "runtime/reflection"]));
  });

  test.each(folders)("%s is fresh", async (folder) => {
    const said: string[] = [];
    const output = { isTTY: false, write: (text: string) => void said.push(text) };
    const host = { ...nodeHost(), cwd: path.join(root, folder), stdout: output, stderr: output };
    const exitCode = await main(["generate", "**/*.idl", "--out", "gen", "--check"], host);
    expect({ exitCode, said: exitCode === 0 ? "" : said.join("") }).toEqual({ exitCode: 0, said: "" });
  });
});

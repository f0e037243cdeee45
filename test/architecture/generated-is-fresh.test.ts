/** The examples' generated code, which is committed, is what the compiler writes now. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.js";
import { nodeHost } from "../../src/cli/node-host.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const stories = readdirSync(path.join(root, "examples")).filter((story) => existsSync(path.join(root, "examples", story, "gen")));

describe("generated code", () => {
  test("there is some", () => {
    expect(stories).toContain("city");
  });

  test.each(stories)("examples/%s is fresh", async (story) => {
    const said: string[] = [];
    const output = { isTTY: false, write: (text: string) => void said.push(text) };
    const host = { ...nodeHost(), cwd: path.join(root, "examples", story), stdout: output, stderr: output };
    const exitCode = await main(["generate", "**/*.idl", "--out", "gen", "--check"], host);
    expect({ exitCode, said: exitCode === 0 ? "" : said.join("") }).toEqual({ exitCode: 0, said: "" });
  });
});

/** The README as a stranger takes it: its IDL compiles, and its first service runs as it is printed. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { breakingRules } from "../../src/breaking/rules.js";
import { compile } from "../../src/compile.js";
import { lintRules } from "../../src/lint/rules.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map((match) => match[1] ?? "");

// Inside the checkout, so that `@rpcgen/runtime` is found.
const folder = mkdtempSync(join(root, "test/docs/.readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(blocks("idl").map((text, index) => ({ text, index })))("block $index of the language compiles", ({ text }) => {
  expect(compile({ sources: { "readme.idl": text } }).diagnostics).toEqual([]);
});

it("the first service runs", async () => {
  const [idl = ""] = blocks("idl");
  const [program = ""] = blocks("ts");
  for (const { path, text } of compile({ sources: { "orders.idl": idl } }).outputs) {
    mkdirSync(dirname(join(folder, "gen", path)), { recursive: true });
    writeFileSync(join(folder, "gen", path), text);
  }
  writeFileSync(join(folder, "main.ts"), program);
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", join(folder, "main.ts")], { cwd: root });
  expect(stdout.trim()).toBe("{ id: 'order-0', items: [ 'tea' ] }");
}, 60_000);

it("counts the rules as they are", () => {
  expect(readme).toContain(`${Object.keys(lintRules).length} opinions`);
  expect(readme).toContain(`${Object.keys(breakingRules).length} ways to break`);
});

/** What the runtime declares is checked in projects for a page as well, which know neither the types of Node nor more of the language than their `lib` says. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entries = Object.keys(JSON.parse(readFileSync(path.join(root, "runtime/package.json"), "utf8")).exports).filter((entry) => entry !== "./package.json");
const compilerOptions = { noEmit: true, strict: true, module: "nodenext", target: "es2022", lib: ["es2022", "dom"], types: [], skipLibCheck: false };

test("the runtime's declarations need no types of Node, and no newer library than ES2022", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "rpcgen-types-"));
  try {
    mkdirSync(path.join(folder, "node_modules/@rpcgen"), { recursive: true });
    symlinkSync(path.join(root, "runtime"), path.join(folder, "node_modules/@rpcgen/runtime"));
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
    writeFileSync(path.join(folder, "main.ts"), entries.map((entry) => `import "@rpcgen/runtime${entry.slice(1)}";\n`).join(""));
    expect(entries).toContain("./generated");
    expect(findingsOfTsc(folder)).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function findingsOfTsc(folder: string): string {
  try {
    return execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", folder, "--pretty", "false"], { encoding: "utf8" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

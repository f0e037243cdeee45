/** Type-checks generated files under `strict` by TypeScript 7, the fastest of those that we support; test/emit holds them against each other. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { CompiledOutput } from "../../src/emission.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tsc = path.join(root, "node_modules/ts7/bin/tsc");

const compilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: "ES2022",
  lib: ["ES2024", "ESNext.Disposable"],
  module: "NodeNext",
  moduleResolution: "NodeNext",
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  types: [],
  paths: { "@rpcgen/runtime/generated": [path.join(root, "runtime/dist/generated.d.ts")] },
};

/**
 * What is wrong, by the source of the output that has it: its first error.
 *
 * @throws Error if the compiler says something that is of no output.
 */
export async function typeCheck(outputs: readonly CompiledOutput[]): Promise<ReadonlyMap<string, string>> {
  if (outputs.length === 0) return new Map();
  const folder = mkdtempSync(path.join(tmpdir(), "corpus-"));
  try {
    const files: [string, string][] = outputs.map(({ path: file, text }) => [path.join("gen", file), text]);
    files.push(["package.json", '{ "type": "module" }'], ["tsconfig.json", JSON.stringify({ compilerOptions, include: ["gen"] })]);
    for (const [file, text] of files) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    return errorsIn(await runTsc(folder), outputs);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What it prints; that it found errors is no failure of its own. */
function runTsc(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [tsc, "-p", ".", "--pretty", "false"], { cwd: folder, encoding: "utf8", maxBuffer: 256 << 20 }, (error, stdout, stderr) => {
      if (error !== null && stdout === "") reject(new Error(`${tsc} failed: ${stderr || error.message}`));
      else resolve(stdout);
    });
  });
}

function errorsIn(printed: string, outputs: readonly CompiledOutput[]): Map<string, string> {
  const sources = new Map(outputs.map((output) => [output.path, output.source]));
  const wrong = new Map<string, string>();
  for (const line of printed.split("\n")) {
    const [, file, place, message] = /^gen\/(.+?)\((\d+),\d+\): error (TS\d+: .*)$/.exec(line) ?? [];
    const source = sources.get(file ?? "");
    // What follows an error and explains it is indented.
    if (source === undefined && line.trim() !== "" && !line.startsWith(" ")) throw new Error(`tsc: ${line}`);
    if (source !== undefined && !wrong.has(source)) wrong.set(source, `tsc: ${file}:${place}: ${message}`);
  }
  return wrong;
}

/** Writes the types of imported files where TypeScript looks for them, and removes those of files that are gone. */
import * as fs from "node:fs";
import path from "node:path";
import { reasonOf } from "../cli/io-reason.js";
import { StagedFile } from "../cli/staged-file.js";
import type { TypesForm } from "./options.js";

/** What TypeScript looks for when it reads `import "./orders.idl"`. */
const NAMES: Readonly<Record<TypesForm, (file: string) => string>> = {
  beside: (file) => `${file}.d.ts`,
  "arbitrary-extensions": (file) => file.replace(/\.idl$/, ".d.idl.ts"),
};

/** Writes what changed, each file whole or not at all; nothing into packages, which bring their own. Returns a sentence for each that could not be written. */
export function writeTypes(declarations: ReadonlyMap<string, string>, form: TypesForm): string[] {
  const failed: string[] = [];
  for (const [source, text] of declarations) {
    if (isOfPackage(source)) continue;
    const target = NAMES[form](source);
    const staged = new StagedFile(target, fs);
    try {
      if (has(target, text)) continue;
      fs.mkdirSync(path.dirname(target), { recursive: true });
      staged.write(text);
      staged.move();
    } catch (error) {
      staged.discard();
      failed.push(`the types of ${path.basename(source)} could not be written to ${target}: ${reasonOf(error).text}`);
    }
  }
  return failed;
}

/** Types without their `.idl` would have TypeScript take an import for good that no bundler finds. What somebody edited stays, and so does what cannot be removed. */
export function removeTypes(source: string, text: string, form: TypesForm): void {
  const target = NAMES[form](source);
  try {
    if (!isOfPackage(source) && has(target, text)) fs.rmSync(target);
  } catch {
    // TypeScript finds it still, and the bundler says that the file is gone.
  }
}

function isOfPackage(source: string): boolean {
  return /[\\/]node_modules[\\/]/.test(source);
}

function has(target: string, text: string): boolean {
  return fs.existsSync(target) && fs.readFileSync(target, "utf8") === text;
}

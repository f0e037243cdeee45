/** Writes the types of imported files where TypeScript looks for them. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { reasonOf } from "../cli/io-reason.js";
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
    if (/[\\/]node_modules[\\/]/.test(source)) continue;
    const target = NAMES[form](source);
    const draft = `${target}.${process.pid}.tmp`;
    try {
      if (existsSync(target) && readFileSync(target, "utf8") === text) continue;
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(draft, text);
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { force: true });
      failed.push(`the types of ${path.basename(source)} could not be written to ${target}: ${reasonOf(error).text}`);
    }
  }
  return failed;
}

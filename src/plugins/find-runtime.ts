/** Where generated code finds the runtime: from its `.idl` upward, and else from the project, which need not be above it. */
import { createRequire } from "node:module";
import { RUNTIME_MODULE } from "../emit/typescript/runtime-symbols.js";
import { readModuleId } from "./module-id.js";

/** The folder that an import is to be resolved from, instead of that of its importer: that of the project. Undefined where its own will do, and for what is not ours. */
export function runtimeFolder(source: string, importer: string | undefined, project: string): string | undefined {
  const from = source === RUNTIME_MODULE && importer !== undefined ? readModuleId(importer) : undefined;
  return from === undefined || finds(from.file) ? undefined : project;
}

function finds(file: string): boolean {
  try {
    createRequire(file).resolve("@rpcgen/runtime/package.json");
    return true;
  } catch {
    return false;
  }
}

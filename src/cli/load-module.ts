/** Loads a module of the user's, which may be TypeScript. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { EarlyExit } from "../verify/early-exit.js";
import { ExitCode } from "./exit-codes.js";
import { Unloadable } from "./unloadable.js";

/** What was loaded before, and how often: a module is loaded once by each address, and files change. */
const loads = new Map<string, number>();

/**
 * As the file is now; what it imports may be as it was. JavaScript as it is. TypeScript by the `tsx` of the project that the file stands in, which also finds `./x.ts` behind
 * `./x.js`; without it by Node.js itself, from 22.18 on, or by whatever loader the process runs under.
 */
export async function loadModule(file: string): Promise<unknown> {
  const exit = new EarlyExit(
    () => ({ problem: `"${file}" ended the process while it was loaded, or waits for what never comes`, help: "let it export what it has to, and be done" }),
    ExitCode.USAGE,
  );
  try {
    return await loaded(file);
  } finally {
    exit.close();
  }
}

async function loaded(file: string): Promise<unknown> {
  const times = loads.get(file) ?? 0;
  loads.set(file, times + 1);
  const url = pathToFileURL(file).href + (times === 0 ? "" : `?${times}`);
  if (!/\.[cm]?tsx?$/.test(file)) return imported(url, file);
  const tsx = tsxBeside(file);
  if (tsx !== undefined) {
    const { tsImport } = (await import(pathToFileURL(tsx).href)) as { tsImport: (specifier: string, parent: string) => Promise<unknown> };
    return tsImport(url, pathToFileURL(file).href);
  }
  return imported(url, file);
}

async function imported(url: string, file: string): Promise<unknown> {
  try {
    return await import(url);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_UNKNOWN_FILE_EXTENSION") {
      throw new Unloadable("it is TypeScript, and neither tsx nor this version of Node.js loads that", "install tsx (`npm install --save-dev tsx`), use Node.js 22.18 or later, or take JavaScript", error);
    }
    if (error instanceof SyntaxError && TAKEN_FOR_COMMONJS.test(error.message)) {
      const { name, ext } = path.parse(file);
      throw new Unloadable("it is an ES module, and Node.js takes it for CommonJS", `call it ${name}.m${ext.slice(1)}, or say "type": "module" in package.json`, error);
    }
    throw error;
  }
}

/** What V8 says of the first word of an ES module where there cannot be one. */
const TAKEN_FOR_COMMONJS = /^(?:Cannot use import statement outside a module|Unexpected token 'export')$/;

/** The module of tsx that a module imports; `require.resolve` would find the one for CommonJS, which does not do this. */
function tsxBeside(file: string): string | undefined {
  try {
    const manifestPath = createRequire(file).resolve("tsx/package.json");
    const { exports } = JSON.parse(readFileSync(manifestPath, "utf8")) as TsxManifest;
    return path.join(path.dirname(manifestPath), exports["./esm/api"].import.default);
  } catch {
    return undefined;
  }
}

interface TsxManifest {
  readonly exports: { readonly "./esm/api": { readonly import: { readonly default: string } } };
}

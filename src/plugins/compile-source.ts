/** The one step of a plugin that compiles: an imported file to its modules, its types and what was found in it. */
import path from "node:path";
import type { ReadSource } from "../checker/load-program.js";
import { SourceReader } from "../cli/read-sources.js";
import { portablePath } from "../cli/source-paths.js";
import { Compiler } from "../compiler.js";
import type { Finding, SourceLookup } from "../diagnostics/finding.js";
import type { OutputFile } from "../emit/emitter.js";
import { layOut, withoutExtension } from "../output-layout.js";
import { shownPath, type World } from "./world.js";

export interface CompiledSource {
  /** Absolute. */
  readonly file: string;
  /** Errors and warnings; of the file and of what it imports. */
  readonly findings: readonly Finding[];
  readonly source: SourceLookup;
  /** Every file that was read or looked for, by its absolute path, with what was there: where that changes, the file is to be compiled anew. */
  readonly inputs: ReadonlyMap<string, string | undefined>;
  /** The TypeScript of each module by its kind, `""` for the one that people import. Empty if the compiler found an error. */
  readonly modules: ReadonlyMap<string, string>;
  /** The declarations of the file and of those that it imports, by their absolute paths. */
  readonly declarations: ReadonlyMap<string, string>;
}

export const isError = ({ severity }: Finding): boolean => severity === "error";

/** Compiles one file, at an absolute path, again and again: what it is made from and did not change is remembered. */
export class SourceCompiler {
  readonly #file: string;
  readonly #world: World;
  readonly #compiler: Compiler;
  #reader: SourceReader;
  #inputs = new Map<string, string | undefined>();

  /** With `blocking`, clients that wait are among what people import. */
  constructor(file: string, world: World, blocking: boolean) {
    this.#file = file;
    this.#world = world;
    this.#reader = new SourceReader(world, "");
    this.#compiler = new Compiler({ targets: ["ts", "dts", ...(blocking ? (["sync"] as const) : [])], cwd: portablePath(world.cwd), read: (asked) => this.#read(asked) });
  }

  compile(): CompiledSource {
    this.#reader = new SourceReader(this.#world, "");
    this.#inputs = new Map();
    const shown = shownPath(this.#file, this.#world);
    const { diagnostics, outputs, schema } = this.#compiler.update({}, [shown]);
    const sources = (schema?.files ?? []).map((file) => file.path);
    const { relative } = layOut(sources, { cwd: portablePath(this.#world.cwd) });
    const absolute = (source: string): string => path.resolve(this.#world.cwd, source);
    /** By what the outputs of a source begin with: there the imports between outputs lead. */
    const sourceOf = new Map(sources.map((source) => [withoutExtension(relative(source)), absolute(source)]));
    const own = outputs.filter(({ target, source }) => target !== "dts" && source === shown);
    const modules = new Map(own.map((output) => [placeOf(output.path.replace(/\.ts$/, ""), sourceOf).kind, linked(output, sourceOf)]));
    // In files it stands apart, for an import that names it; here there is the one that people import.
    if (modules.has(SYNC)) modules.set("", `${modules.get("")}export * from "./${path.basename(this.#file)}?rpcgen=${SYNC}";\n`);
    const reader = this.#reader;
    return {
      file: this.#file,
      findings: diagnostics,
      source: (asked) => reader.source(asked),
      inputs: this.#inputs,
      modules,
      declarations: new Map(outputs.filter(({ target }) => target === "dts").map(({ source, text }) => [absolute(source), text])),
    };
  }

  #read(asked: string): ReturnType<ReadSource> {
    const found = this.#reader.readSource(asked);
    const there = typeof found === "object" && "sameAs" in found ? this.#reader.readImport(asked) : found;
    this.#inputs.set(path.resolve(this.#world.cwd, asked), typeof there === "string" ? there : undefined);
    return found;
  }
}

const SYNC = "sync";
const KINDS = ["", ".types", ".codec", ".client", ".server", ".schema", `.${SYNC}`];

/** Imports between generated modules, as imports of the sources that they are made from: `./orders.idl?rpcgen=codec`. */
function linked({ path: from, text }: OutputFile, sourceOf: ReadonlyMap<string, string>): string {
  const own = placeOf(from.replace(/\.ts$/, ""), sourceOf).file;
  return text.replace(/^((?:import|export|\}).* from )"(\.[^"]*)\.js";$/gm, (_, before: string, specifier: string) => {
    const { file, kind } = placeOf(path.posix.join(path.posix.dirname(from), specifier), sourceOf);
    const target = path.relative(path.dirname(own), file).split(path.sep).join("/");
    return `${before}"${target.startsWith(".") ? "" : "./"}${target}${kind === "" ? "" : `?rpcgen=${kind}`}";`;
  });
}

/** Which module of which source stands at a path of outputs, less `.ts`. */
function placeOf(modulePath: string, sourceOf: ReadonlyMap<string, string>): { readonly file: string; readonly kind: string } {
  for (const kind of KINDS) {
    const file = modulePath.endsWith(kind) ? sourceOf.get(modulePath.slice(0, modulePath.length - kind.length)) : undefined;
    if (file !== undefined) return { file, kind: kind.slice(1) };
  }
  throw new Error(`no source has the output "${modulePath}"`);
}

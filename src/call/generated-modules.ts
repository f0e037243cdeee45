/** The code of a schema, generated and run in memory: of each file only what is asked for, when it is asked for. */
import { posix } from "node:path";
import { compileFunction } from "node:vm";
import { transform } from "sucrase";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { typescript } from "../emit/typescript/index.js";
import { Names, type ModuleKind } from "../emit/typescript/names.js";
import { RUNTIME_MODULE } from "../emit/typescript/runtime-symbols.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { SchemaFile } from "../ir/schema.js";

export type Exports = Readonly<Record<string, unknown>>;

/** What TypeScript cannot say of a schema, such as two names that become one. */
export class NotGenerated extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super("the schema cannot be generated");
    this.diagnostics = diagnostics;
  }
}

export class GeneratedModules {
  readonly #index: SchemaIndex;
  readonly #runtime: Exports;
  /** Numbers, so that no path of a stranger's has a meaning here. */
  readonly #bases: ReadonlyMap<string, string>;
  readonly #names: Names;
  readonly #texts = new Map<string, string>();
  readonly #loaded = new Map<string, Exports>();

  /** `runtime` is what "@rpcgen/runtime/generated" exports. */
  constructor(index: SchemaIndex, runtime: Exports) {
    this.#index = index;
    this.#runtime = runtime;
    this.#bases = new Map(index.schema.files.map(({ path }, at) => [path, `file${at}`]));
    this.#names = new Names(index, this.#outputBase);
  }

  /** @throws NotGenerated */
  load(file: SchemaFile, kind: ModuleKind): Exports {
    return this.#load(this.#names.module(file, kind));
  }

  #load(modulePath: string): Exports {
    const known = this.#loaded.get(modulePath);
    if (known !== undefined) return known;
    const { code } = transform(this.#text(modulePath), { transforms: ["typescript", "imports"], disableESTransforms: true, keepUnusedImports: true });
    const exports: Exports = {};
    const require = (name: string): Exports => (name === RUNTIME_MODULE ? this.#runtime : this.#load(posix.normalize(name).replace(/\.js$/, "")));
    compileFunction(code, ["exports", "require"], { filename: `${modulePath}.ts` })(exports, require);
    this.#loaded.set(modulePath, exports);
    return exports;
  }

  #text(modulePath: string): string {
    if (!this.#texts.has(modulePath)) this.#emit(modulePath.replace(/\..*$/, ""));
    // A file without types or codecs has no such module.
    return this.#texts.get(modulePath) ?? "";
  }

  #emit(base: string): void {
    const file = this.#index.schema.files.find(({ path }) => this.#bases.get(path) === base);
    if (file === undefined) throw new Error(`nothing is generated at ${base}`);
    const { outputs, diagnostics } = typescript.emit({ index: this.#index, file, outputBase: this.#outputBase });
    if (diagnostics.length > 0) throw new NotGenerated(diagnostics);
    for (const { path, text } of outputs) this.#texts.set(path.replace(/\.ts$/, ""), text);
  }

  readonly #outputBase = (path: string): string => this.#bases.get(path) ?? path;
}

/** Emits schemas one after another, and only what is not as it was. */
import type { Collector } from "./diagnostics/collector.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import type { EmitInput, EmitMemory, Emitter, OutputFile } from "./emit/emitter.js";
import { SchemaIndex } from "./ir/schema-index.js";
import type { Schema, SchemaFile } from "./ir/schema.js";
import { Versions } from "./ir/versions.js";
import { layOut, relativeTo, withoutExtension, type LayoutOptions } from "./output-layout.js";

export interface CompiledOutput extends OutputFile {
  /** The path of its source, as the compiler was given it. */
  readonly source: string;
  /** What it was emitted for: a word that `targets` may have. */
  readonly target: string;
}

interface Emitted {
  /** What the outputs follow from, as text. */
  readonly key: string;
  readonly outputs: readonly CompiledOutput[];
  /** What the emitter noted. */
  readonly modules: Map<string, unknown>;
}

interface EmittedFile {
  readonly outputs: readonly CompiledOutput[];
  readonly diagnostics: readonly Diagnostic[];
}

export class Emission {
  readonly #emitters: readonly Emitter[];
  readonly #layout: LayoutOptions;
  readonly #blocking: boolean;
  readonly #versions = new Versions();
  /** By emitter and path. */
  #known: ReadonlyMap<string, Emitted> = new Map();
  #count = 0;
  /** Another number for another schema. */
  #whole = { key: "", version: 0 };

  constructor(emitters: readonly Emitter[], layout: LayoutOptions, blocking: boolean) {
    this.#emitters = emitters;
    this.#blocking = blocking;
    this.#layout = { ...layout, areModules: emitters.some(({ areModules }) => areModules === true) };
  }

  /** How many files the last call emitted anew, each counted once a target. */
  get fileCount(): number {
    return this.#count;
  }

  /** The outputs by path. An output of an earlier call that did not change is the same object. */
  emit(schema: Schema, collector: Collector): readonly CompiledOutput[] {
    this.#count = 0;
    const layout = layOut(
      schema.files.map((file) => file.path),
      this.#layout,
    );
    collector.add(layout.misplaced);
    if (layout.misplaced.length > 0) return [];

    const emitted = relativeTo(layout, schema);
    const index = new SchemaIndex(emitted);
    this.#versions.update(emitted);
    const keys = emitted.files.map((file) => this.#keyOf(file));
    const whole = keys.join("\n");
    if (whole !== this.#whole.key) this.#whole = { key: whole, version: this.#whole.version + 1 };
    const known = new Map<string, Emitted>();
    /** Folded, for on many systems `Orders.ts` and `orders.ts` are one file. */
    const writers = new Map<string, string>();
    const outputs: CompiledOutput[] = [];
    const findings = new Map<string, Diagnostic>();
    for (const emitter of this.#emitters) {
      for (const [at, file] of emitted.files.entries()) {
        const source = schema.files[at]?.path ?? file.path;
        const key = `${source}\n${keys[at] ?? ""}${emitter.readsWholeSchema === true ? `\n${this.#whole.version}` : ""}`;
        const { outputs: emittedOutputs, diagnostics } = this.#emitFile(emitter, { index, file, outputBase: withoutExtension, blocking: this.#blocking }, { key, source }, known);
        for (const found of diagnostics) findings.set(JSON.stringify([found.code, found.span, found.message]), found);
        for (const output of emittedOutputs) {
          const first = writers.get(output.path.toLowerCase());
          writers.set(output.path.toLowerCase(), source);
          outputs.push(output);
          if (first === undefined) continue;
          collector.report("RPC7006", { file: source, start: 0, end: 0 }, { output: output.path, first, second: source });
        }
      }
    }
    this.#known = known;
    // What several targets find wrong, a name that TypeScript cannot have, is one mistake.
    collector.add(findings.values());
    return outputs.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  #emitFile(emitter: Emitter, input: EmitInput, { key, source }: { key: string; source: string }, known: Map<string, Emitted>): EmittedFile {
    const target = emitter.name;
    const name = `${target} ${input.file.path}`;
    const before = this.#known.get(name);
    if (before?.key === key) {
      known.set(name, before);
      return { outputs: before.outputs, diagnostics: [] };
    }
    this.#count += 1;
    const modules = before?.modules ?? new Map<string, unknown>();
    const memory: EmitMemory = { version: (fullName) => this.#versions.version(fullName), modules };
    const { outputs, diagnostics } = emitter.emit({ ...input, memory });
    const compiled = outputs.map((output): CompiledOutput => {
      const same = before?.outputs.find(({ path, text, source: from }) => path === output.path && text === output.text && from === source);
      return same ?? { ...output, source, target };
    });
    // Findings have places in the source, which are no part of the key.
    if (diagnostics.length === 0) known.set(name, { key, outputs: compiled, modules });
    return { outputs: compiled, diagnostics };
  }

  #keyOf({ path, package: packageName, doc, imports, declarations }: SchemaFile): string {
    return JSON.stringify([path, packageName, doc, imports, declarations.map(({ fullName }) => this.#versions.version(fullName))]);
  }
}

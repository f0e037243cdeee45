/** The compiler as one pure function: sources in, findings and outputs out. No file system, no process, no clock. */
import { check } from "./checker/check.js";
import { loadProgram, type ReadSource } from "./checker/load-program.js";
import { normalisePath } from "./checker/import-paths.js";
import { Collector } from "./diagnostics/collector.js";
import { locate, type Finding } from "./diagnostics/finding.js";
import type { Emitter, OutputFile } from "./emit/emitter.js";
import { emitterNamed, emitters } from "./emit/emitters.js";
import { SchemaIndex } from "./ir/schema-index.js";
import type { Schema } from "./ir/schema.js";
import { layOut, withoutExtension, type LayoutOptions, type OutputLayout } from "./output-layout.js";
import { parse } from "./parser/parse.js";

/** What can be generated: the words after `--target`. */
export type Target = "ts" | "json" | "kit" | "dts";

export interface CompileOptions {
  /** Source texts by path. Paths have forward slashes; imports are resolved between them. */
  readonly sources?: Readonly<Record<string, string>>;
  /** The files to compile. Default: every key of `sources`. What they import is compiled with them. */
  readonly files?: readonly string[];
  /**
   * Gives the text of a path that `sources` does not have: undefined where there is nothing, or a `reason` why what is
   * there cannot be read. Paths come normalised (`a/../b.idl` is `b.idl`).
   */
  readonly read?: ReadSource;
  /** Default: `["ts"]`. None at all only checks. */
  readonly targets?: readonly Target[];
  /** The folder that outputs are laid out relative to. Default: the deepest one that holds every source. */
  readonly root?: string;
  /** The absolute folder that relative paths start from: needed only where a source stands above it (`../common/money.idl`). */
  readonly cwd?: string;
}

export interface CompileResult {
  /** By file and place. Lines and columns count from 1. */
  readonly diagnostics: readonly Finding[];
  /** By path, relative to whatever folder they are written to. Empty if there is an error among the diagnostics. */
  readonly outputs: readonly OutputFile[];
  /** What the sources mean. Absent if there is an error. */
  readonly schema?: Schema;
}

/**
 * Compiles sources to TypeScript (or what `targets` says).
 *
 * ```ts
 * const { diagnostics, outputs } = compile({ sources: { "orders.idl": text } });
 * ```
 *
 * Mistakes in the sources, a file that is not there among them, are diagnostics and never exceptions.
 *
 * @throws TypeError if an option is wrong, such as a target that does not exist.
 */
export function compile(options: CompileOptions): CompileResult {
  const texts = new Map(Object.entries(options.sources ?? {}).map(([path, text]) => [normalisePath(path), text]));
  const roots = (options.files ?? [...texts.keys()]).map(normalisePath);
  const targets = (options.targets ?? ["ts"]).map(emitterOf);
  if (roots.length === 0) throw new TypeError("compile() needs `sources`, or `files` and `read`");

  const loaded = loadProgram(roots, (path) => texts.get(path) ?? options.read?.(path), parse);
  const checked = check(loaded.program);
  const collector = new Collector();
  collector.add(loaded.diagnostics);
  collector.add(checked.diagnostics);
  for (const { path, reason } of loaded.unreadRoots) {
    const span = { file: path, start: 0, end: 0 };
    if (reason === undefined) collector.report("RPC7001", span, { path });
    else collector.report("RPC7004", span, { path, reason });
  }

  const schema = collector.hasErrors ? undefined : checked.schema;
  const outputs = schema === undefined || targets.length === 0 ? [] : emitAll(schema, targets, options, collector);
  const done = !collector.hasErrors && schema !== undefined;
  return {
    diagnostics: collector.sorted().map((found) => locate(found, (path) => loaded.sources.get(path))),
    outputs: done ? outputs : [],
    ...(done && { schema }),
  };
}

/** Callers without types may name any target. */
function emitterOf(target: string): Emitter {
  const found = emitterNamed(target);
  if (found === undefined) {
    throw new TypeError(`there is no target "${target}"; the targets are ${emitters.map(({ name }) => `"${name}"`).join(", ")}`);
  }
  return found;
}

function emitAll(schema: Schema, targets: readonly Emitter[], options: LayoutOptions, collector: Collector): OutputFile[] {
  const layout = layOut(
    schema.files.map((file) => file.path),
    options,
  );
  for (const path of layout.outside) collector.report("RPC7009", { file: path, start: 0, end: 0 }, { path, root: layout.root });
  if (layout.outside.length > 0) return [];

  const emitted = relativeTo(layout, schema);
  const index = new SchemaIndex(emitted);
  /** Folded, for on many systems `Orders.ts` and `orders.ts` are one file. */
  const writers = new Map<string, string>();
  const outputs: OutputFile[] = [];
  for (const emitter of targets) {
    for (const [at, file] of emitted.files.entries()) {
      const source = schema.files[at]?.path ?? file.path;
      const result = emitter.emit({ index, file, outputBase: withoutExtension });
      collector.add(result.diagnostics);
      for (const output of result.outputs) {
        const first = writers.get(output.path.toLowerCase());
        writers.set(output.path.toLowerCase(), source);
        outputs.push(output);
        if (first === undefined) continue;
        collector.report("RPC7006", { file: source, start: 0, end: 0 }, { output: output.path, first, second: source });
      }
    }
  }
  return outputs.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** The schema with its paths below the root: outputs must not tell in which folder, or by which spelling, they were made. */
function relativeTo(layout: OutputLayout, schema: Schema): Schema {
  const files = schema.files.map((file) => ({
    ...file,
    path: layout.relative(file.path),
    imports: file.imports.map((imported) => ({ ...imported, path: layout.relative(imported.path) })),
  }));
  return { ...schema, files };
}

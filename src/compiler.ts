/** The compiler as an object that remembers: it is told what changed, and redoes what depends on that. */
import { Checker } from "./checker/check.js";
import { normalisePath } from "./checker/import-paths.js";
import { loadProgram, type ReadSource } from "./checker/load-program.js";
import { Collector } from "./diagnostics/collector.js";
import { locate, type Finding } from "./diagnostics/finding.js";
import type { Emitter } from "./emit/emitter.js";
import { emitterNamed, emitters } from "./emit/emitters.js";
import { Emission, type CompiledOutput } from "./emission.js";
import type { Schema } from "./ir/schema.js";
import { parse } from "./parser/parse.js";
import { reparse, type Version } from "./parser/reparse.js";
import type { SourceFile } from "./text/source-file.js";

/** What can be generated: the words after `--target`. */
export type Target = "ts" | "sync" | "json" | "kit" | "dts" | "proto";

export interface CompilerOptions {
  /** Default: `["ts"]`. None at all only checks. */
  readonly targets?: readonly Target[];
  /** Whether declarations (`dts`) have blocking clients. Default: whether `sync` is among the targets. */
  readonly blocking?: boolean | undefined;
  /**
   * Gives the text of a path that the sources do not have: undefined where there is nothing, or a `reason` why what is
   * there cannot be read, or `sameAs`, the path that it already has this file by (a symbolic link leads to it). Paths come
   * normalised (`a/../b.idl` is `b.idl`). It is asked anew at each update.
   */
  readonly read?: ReadSource;
  /** The folder that outputs are laid out relative to. Default: the deepest one that holds every source. */
  readonly root?: string;
  /** The absolute folder that relative paths start from: needed only where a source stands above it (`../common/money.idl`). */
  readonly cwd?: string;
  /** Milliseconds from wherever: with it, `stats` says how long each phase took. */
  readonly clock?: () => number;
}

export interface CompileResult {
  /** By file and place. Lines and columns count from 1. */
  readonly diagnostics: readonly Finding[];
  /** By path, relative to whatever folder they are written to. Empty if there is an error among the diagnostics. */
  readonly outputs: readonly CompiledOutput[];
  /** What the sources mean. Absent if there is an error. */
  readonly schema?: Schema;
}

/** Texts by path; undefined takes a source out. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** A phase of an update. */
export interface PhaseStats {
  readonly phase: "read" | "parse" | "check" | "emit";
  /** 0 without a clock. */
  readonly ms: number;
  /** How many files it had to do with, each counted once a target where it emits. */
  readonly files: number;
  /** How many of these it did, and did not remember. */
  readonly done: number;
}

/**
 * Compiles again and again, for a watch, an editor or a bundler.
 *
 * ```ts
 * const compiler = new Compiler();
 * compiler.update({ "orders.idl": text, "money.idl": other });
 * const { diagnostics, outputs } = compiler.update({ "money.idl": edited });
 * ```
 *
 * A source whose text is equal is not parsed again; a file is checked again only if it changed, or what it sees of its
 * imports did; a file is emitted again only if its meaning changed, or that of what it refers to. The result is always that
 * of `compile` for the same sources. An output that is as it was is the same object as before.
 */
export class Compiler {
  readonly #read: ReadSource | undefined;
  readonly #sources = new Map<string, string>();
  readonly #checker = new Checker();
  readonly #emission: Emission;
  #parsed = new Map<string, Version>();
  readonly #clock: () => number;
  readonly #targetCount: number;
  #stats: readonly PhaseStats[] = [];

  /** @throws TypeError if an option is wrong, such as a target that does not exist. */
  constructor({ targets = ["ts"], blocking = targets.includes("sync"), read, root, cwd, clock = () => 0 }: CompilerOptions = {}) {
    this.#read = read;
    this.#clock = clock;
    this.#targetCount = targets.length;
    this.#emission = new Emission(targets.map(emitterOf), { root, cwd }, blocking);
  }

  /** What the last update had to do, phase by phase. */
  get stats(): readonly PhaseStats[] {
    return this.#stats;
  }

  /**
   * Takes the changes and compiles `files`, by default every source, with what they import. Mistakes in the sources, a file
   * that is not there among them, are diagnostics and never exceptions.
   */
  update(changes: Changes = {}, files?: readonly string[]): CompileResult {
    for (const [path, text] of Object.entries(changes)) {
      if (text === undefined) this.#sources.delete(normalisePath(path));
      else this.#sources.set(normalisePath(path), text);
    }
    const started = this.#clock();
    const parsed = new Map<string, Version>();
    const spent = { parse: 0, done: 0 };
    const read: ReadSource = (path) => this.#sources.get(path) ?? this.#read?.(path);
    const loaded = loadProgram((files ?? [...this.#sources.keys()]).map(normalisePath), read, (source) => {
      const before = this.#parsed.get(source.path);
      const result = before?.source.text === source.text ? before : this.#parse(source, before, spent);
      parsed.set(source.path, result);
      return result;
    });
    this.#parsed = parsed;
    const loadedAt = this.#clock();

    const checked = this.#checker.check(loaded.program);
    const collector = new Collector();
    collector.add(loaded.diagnostics);
    collector.add(checked.diagnostics);
    for (const { path, reason } of loaded.unreadRoots) {
      const span = { file: path, start: 0, end: 0 };
      if (reason === undefined) collector.report("RPC7001", span, { path });
      else collector.report("RPC7004", span, { path, reason });
    }

    const checkedAt = this.#clock();

    const schema = collector.hasErrors ? undefined : checked.schema;
    const isEmitted = schema !== undefined && this.#targetCount > 0;
    const outputs = isEmitted ? this.#emission.emit(schema, collector) : [];
    const count = parsed.size;
    this.#stats = [
      { phase: "read", ms: loadedAt - started - spent.parse, files: count, done: count },
      { phase: "parse", ms: spent.parse, files: count, done: spent.done },
      { phase: "check", ms: checkedAt - loadedAt, files: count, done: this.#checker.fileCount },
      { phase: "emit", ms: this.#clock() - checkedAt, files: count * this.#targetCount, done: isEmitted ? this.#emission.fileCount : 0 },
    ];
    const isDone = !collector.hasErrors && schema !== undefined;
    return {
      diagnostics: collector.sorted().map((found) => locate(found, (path) => loaded.sources.get(path))),
      outputs: isDone ? outputs : [],
      ...(isDone && { schema }),
    };
  }

  #parse(source: SourceFile, before: Version | undefined, spent: { parse: number; done: number }): Version {
    const started = this.#clock();
    const result = { ...(before === undefined ? parse(source) : reparse(source, before)), source };
    spent.parse += this.#clock() - started;
    spent.done += 1;
    return result;
  }
}

/** Callers without types may name any target. */
function emitterOf(target: string): Emitter {
  const found = emitterNamed(target);
  if (found === undefined) {
    throw new TypeError(`there is no target "${target}"; the targets are ${emitters.map(({ name }) => `"${name}"`).join(", ")}`);
  }
  return found;
}

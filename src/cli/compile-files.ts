/** Reads FILES and compiles them: what `check` and `generate` have in common. */
import type { Compiler, CompileResult, Target } from "../compiler.js";
import { locate, type Finding, type SourceLookup } from "../diagnostics/finding.js";
import { ExitCode } from "./exit-codes.js";
import { SourceReader, type ReadSources } from "./read-sources.js";
import { portablePath } from "./source-paths.js";
import { Stopwatch } from "./stopwatch.js";
import type { Invocation } from "./verb.js";

export interface CompiledFiles {
  readonly findings: readonly Finding[];
  readonly source: SourceLookup;
  readonly outputs: CompileResult["outputs"];
  /** What the files mean. Absent where there is an error. */
  readonly schema?: CompileResult["schema"];
  /** Every file that was read, imports included. */
  readonly files: readonly string[];
  /** Imports that could not be read. */
  readonly missing: readonly string[];
  /** OK also where there are only warnings. */
  readonly exitCode: ExitCode;
  /** Whether every text, and what could not be read, is as it was the last time. */
  readonly isAsBefore: boolean;
  /** The phases so far. */
  readonly stopwatch: Stopwatch;
}

export async function compileFiles(invocation: Invocation, targets: readonly Target[]): Promise<CompiledFiles> {
  return new FilesCompiler(invocation, targets).compile();
}

/** Compiles the same FILES again and again, as they are by then, and remembers what did not change. */
export class FilesCompiler {
  readonly #invocation: Invocation;
  readonly #targets: readonly Target[];
  #reader: SourceReader;
  #compiler: Compiler | undefined;
  #sources: ReadSources["sources"] = new Map();
  #seen: Seen | undefined;

  constructor(invocation: Invocation, targets: readonly Target[]) {
    this.#invocation = invocation;
    this.#targets = targets;
    this.#reader = this.#newReader();
  }

  /**
   * `settle` is waited for where a file that was there is gone or blank: many editors take a file away, or empty it, and
   * write it a moment later.
   */
  async compile(settle?: () => Promise<void>): Promise<CompiledFiles> {
    const { host } = this.#invocation;
    const stopwatch = new Stopwatch(host);
    let read = await this.#read();
    if (settle !== undefined && this.#lacks(read)) {
      await settle();
      read = await this.#read();
    }
    const reader = this.#reader;
    const source: SourceLookup = (file) => reader.source(file);
    stopwatch.lap("read", { of: read.sources.size });
    const findings = read.diagnostics.map((found) => locate(found, source));
    let outputs: CompileResult["outputs"] = [];
    let schema: CompileResult["schema"];
    if (read.sources.size > 0) {
      const compiler = (this.#compiler ??= await this.#load());
      stopwatch.lap("load");
      const gone = [...this.#sources.keys()].filter((path) => !read.sources.has(path)).map((path) => [path, undefined]);
      const compiled = compiler.update(Object.fromEntries([...read.sources, ...gone]), [...read.sources.keys()]);
      this.#sources = read.sources;
      stopwatch.add(compiler.stats.map(({ phase, ms, files, done }) => ({ phase: phase === "read" ? "imports" : phase, ms, of: files, done })));
      findings.push(...compiled.diagnostics);
      if (read.diagnostics.length === 0) ({ outputs, schema } = compiled);
    }
    const seen = { failures: JSON.stringify(read.diagnostics), texts: new Map(reader.paths.map((file) => [file, reader.source(file)?.text])) };
    const isAsBefore = this.#seen !== undefined && isSame(seen, this.#seen);
    this.#seen = seen;
    const hasErrors = findings.some(({ severity }) => severity === "error");
    return {
      findings,
      source,
      outputs,
      schema,
      files: reader.paths,
      missing: reader.missing,
      exitCode: read.failed ? ExitCode.USAGE : hasErrors ? ExitCode.FINDINGS : ExitCode.OK,
      isAsBefore,
      stopwatch,
    };
  }

  async #read(): Promise<ReadSources> {
    this.#reader = this.#newReader();
    return this.#reader.readAll(this.#invocation.operands);
  }

  #lacks({ sources }: ReadSources): boolean {
    return [...this.#sources].some(([path, text]) => text.trim() !== "" && (sources.get(path) ?? "").trim() === "");
  }

  async #load(): Promise<Compiler> {
    const { options, host } = this.#invocation;
    const loaded = await import("../compiler.js");
    return new loaded.Compiler({
      targets: this.#targets,
      blocking: options.sync,
      read: (file) => this.#reader.readSource(file),
      cwd: portablePath(host.cwd),
      clock: () => host.now(),
      ...(options.root !== undefined && { root: portablePath(options.root) }),
    });
  }

  #newReader(): SourceReader {
    return new SourceReader(this.#invocation.host, this.#invocation.options.stdinFilename);
  }
}

/** All that a run was given. */
interface Seen {
  readonly failures: string;
  readonly texts: ReadonlyMap<string, string | undefined>;
}

function isSame(a: Seen, b: Seen): boolean {
  return a.failures === b.failures && a.texts.size === b.texts.size && [...a.texts].every(([file, text]) => b.texts.get(file) === text);
}

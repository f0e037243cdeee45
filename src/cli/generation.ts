/** One run of `generate`, or one of many in a watch: compiles, brings the output folder up to date, and says what it did. */
import path from "node:path";
import type { Target } from "../compiler.js";
import { diagnostic } from "../diagnostics/collector.js";
import { locate, type Finding } from "../diagnostics/finding.js";
import { FilesCompiler, type CompiledFiles } from "./compile-files.js";
import { ExitCode } from "./exit-codes.js";
import { noteWritten, planOutputs, type KnownOutputs, type OutputPlan, type PlannedOutput } from "./plan-outputs.js";
import { layOutManifest, layOutOutputs, NotLaidOut } from "./project-layout.js";
import type { Outcome } from "./reporter.js";
import { portablePath } from "./source-paths.js";
import type { Invocation } from "./verb.js";
import { writeOutputs } from "./write-outputs.js";

export interface Generated {
  readonly exitCode: ExitCode;
  /** Every file that was read. */
  readonly files: readonly string[];
  /** Imports that could not be read. */
  readonly missing: readonly string[];
}

export class Generation {
  readonly #invocation: Invocation;
  readonly #targets: readonly Target[];
  readonly #compiler: FilesCompiler;
  readonly #known: KnownOutputs = new Map();

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
    const { target, sync } = invocation.options;
    // Declarations have blocking clients in them, and nothing beside.
    this.#targets = sync && target.some((each) => each !== "dts") ? [...new Set<Target>([...target, "sync"])] : target;
    this.#compiler = new FilesCompiler(invocation, this.#targets);
  }

  async run(): Promise<Generated> {
    return this.#report(await this.#laidOut(await this.#compiler.compile()), false);
  }

  /** In a watch: says how long it took, and nothing where neither sources nor outputs changed. `settle` is that of `FilesCompiler`. */
  async runAgain(settle: () => Promise<void>): Promise<Generated> {
    return this.#report(await this.#laidOut(await this.#compiler.compile(settle)), true);
  }

  /** By the project's prettier, where that is asked for. What was laid out once is not again. */
  async #laidOut(compiled: CompiledFiles): Promise<CompiledFiles> {
    const { options, host } = this.#invocation;
    if (!options.prettier || compiled.exitCode !== ExitCode.OK) return compiled;
    try {
      const outputs = await layOutOutputs(compiled.outputs, options.out, host);
      compiled.stopwatch.lap("layout", { of: outputs.length });
      return { ...compiled, outputs };
    } catch (error) {
      if (!(error instanceof NotLaidOut)) throw error;
      return { ...compiled, exitCode: ExitCode.FINDINGS, findings: [...compiled.findings, locate(error.diagnostic, compiled.source)] };
    }
  }

  async #report(compiled: CompiledFiles, timed: boolean): Promise<Generated> {
    const { findings, ...said } = await this.#generate(compiled);
    const hasWritten = said.text !== undefined && said.text !== "";
    if (compiled.isAsBefore && said.exitCode === compiled.exitCode && !hasWritten) return compiled;
    const { options, reporter } = this.#invocation;
    const { stopwatch, source, files, missing } = compiled;
    const { exitCode, summary, json, text } = said;
    const sum = timed && summary !== undefined ? `${summary}; ${Math.round(stopwatch.total)} ms` : summary;
    reporter.report({
      findings,
      source,
      json: { ...json, ...(options.stats && { stats: stopwatch.phases }) },
      ...(text !== undefined && { text }),
      ...(sum !== undefined && { summary: options.stats ? `${sum}\n${stopwatch.text}` : sum }),
    });
    return { exitCode, files, missing };
  }

  async #generate(compiled: CompiledFiles): Promise<Said> {
    const { options, host } = this.#invocation;
    const { findings, source, outputs, files, stopwatch, exitCode } = compiled;
    const nothing = { json: { outputs: [] }, summary: "nothing was written" };
    if (exitCode !== ExitCode.OK) return { findings, exitCode, ...nothing };
    if (options.stdout) return { findings, exitCode, json: { outputs: outputs.map(({ path: name, text }) => ({ path: name, text })) }, text: printed(outputs) };
    const overwritten = outputs.map((output) => portablePath(path.join(options.out, output.path))).find((output) => isSource(output, files, host.cwd));
    if (overwritten !== undefined) {
      const found = diagnostic("RPC7010", { file: overwritten, start: 0, end: 0 }, { path: overwritten });
      return { findings: [...findings, locate(found, source)], exitCode: ExitCode.USAGE, ...nothing };
    }
    const plan = planOutputs({ outputs, files, targets: this.#targets }, options.out, host, this.#known);
    stopwatch.lap("compare", { of: plan.outputs.length });
    const all = [...findings, ...plan.diagnostics.map((found) => locate(found, source))];
    if (options.check || options.dryRun) return this.#compare(plan, all, compiled);
    return this.#write(options.prettier ? await layOutManifest(plan, host) : plan, all, compiled);
  }

  /** `--check` and `--dry-run`: says what differs and leaves it. */
  #compare({ outputs }: OutputPlan, findings: readonly Finding[], { source }: CompiledFiles): Said {
    const { check } = this.#invocation.options;
    const different = outputs.filter(({ state }) => state !== "unchanged");
    const stale = different.flatMap(({ path: name, state }) => {
      if (!check || state === "unchanged") return [];
      return [locate(diagnostic("RPC7008", { file: name, start: 0, end: 0 }, { path: name, state }), source)];
    });
    return {
      findings: [...findings, ...stale],
      exitCode: stale.length > 0 ? ExitCode.FINDINGS : ExitCode.OK,
      json: { outputs: outputs.map(({ path: name, state }) => ({ path: name, state })) },
      text: listed(different),
      summary: check ? `${outputs.length - different.length} of ${outputs.length} files are fresh` : wouldBe(different, outputs),
    };
  }

  #write(plan: OutputPlan, findings: readonly Finding[], { source, outputs, stopwatch }: CompiledFiles): Said {
    const { options, host } = this.#invocation;
    const refused = writeOutputs(plan, options.out, host);
    if (refused.length > 0) {
      const all = [...findings, ...refused.map((found) => locate(found, source))];
      return { findings: all, exitCode: ExitCode.USAGE, json: { outputs: [] }, summary: "nothing was written" };
    }
    if (options.watch) noteWritten(outputs, options.out, host, this.#known);
    const changed = plan.outputs.filter(({ state }) => state !== "unchanged");
    const removed = changed.filter(({ state }) => state === "extra").length;
    const written = changed.length - removed;
    const left = plan.outputs.length - changed.length;
    stopwatch.lap("write", { of: plan.outputs.length, done: changed.length });
    const parts = [`${files(written)} written`, ...(removed > 0 ? [`${removed} removed`] : []), ...(left > 0 ? [`${left} unchanged`] : [])];
    return {
      findings,
      exitCode: ExitCode.OK,
      json: { outputs: plan.outputs.map(({ path: name, state }) => ({ path: name, state: became(state) })) },
      text: listed(changed),
      summary: parts.join(", "),
    };
  }
}

type Said = Omit<Outcome, "source"> & { readonly exitCode: ExitCode };

function became(state: PlannedOutput["state"]): string {
  return state === "unchanged" ? state : state === "extra" ? "removed" : "written";
}

function files(count: number): string {
  return `${count} ${count === 1 ? "file" : "files"}`;
}

function wouldBe(different: readonly PlannedOutput[], all: readonly PlannedOutput[]): string {
  const extra = different.filter(({ state }) => state === "extra").length;
  return `${different.length - extra} of ${all.length - extra} files would be written${extra > 0 ? `, ${extra} removed` : ""}`;
}

function listed(outputs: readonly PlannedOutput[]): string {
  return outputs.map(({ path: name }) => `${name}\n`).join("");
}

/** One output stands alone; several have their paths above them. */
function printed(outputs: CompiledFiles["outputs"]): string {
  if (outputs.length === 1) return outputs[0]?.text ?? "";
  return outputs.map(({ path: name, text }) => `// ---- ${name} ----\n${text}`).join("\n");
}

function isSource(output: string, sources: readonly string[], cwd: string): boolean {
  const target = path.resolve(cwd, output);
  return sources.some((file) => path.resolve(cwd, file) === target);
}

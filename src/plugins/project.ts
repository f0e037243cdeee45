/** What a plugin knows of one project: its configuration, and every imported file as it was last compiled. */
import path from "node:path";
import { findConfig, refuseConfig, type FoundConfig, type RefusedConfig } from "../cli/find-config.js";
import { SourceReader } from "../cli/read-sources.js";
import type { Finding } from "../diagnostics/finding.js";
import { lint } from "../lint.js";
import { lintRules } from "../lint/rules.js";
import { problemsOf } from "../lint/settings.js";
import { isError, SourceCompiler, type CompiledSource } from "./compile-source.js";
import type { PluginOptions } from "./options.js";
import { shownPath, type World } from "./world.js";

export class Project {
  readonly options: PluginOptions;
  readonly world: World;
  readonly #compilers = new Map<string, SourceCompiler>();
  readonly #compiled = new Map<string, CompiledSource>();
  readonly #told = new Set<string>();
  #config: Promise<FoundConfig> | undefined;
  /** Whether blocking clients are offered. */
  #blocking = false;

  constructor(options: PluginOptions, world: World) {
    this.options = options;
    this.world = world;
  }

  /**
   * A file at an absolute path, compiled anew if anything changed that it was made from.
   *
   * @throws Error if the configuration of the project is wrong.
   */
  async compiled(file: string): Promise<CompiledSource> {
    const { config, folder } = await this.#configuration();
    this.#settle(this.options.sync ?? config.targets?.includes("sync") ?? false);
    const before = this.#compiled.get(file);
    if (before !== undefined && this.#isFresh(before)) return before;
    const compiler = this.#compilers.get(file) ?? new SourceCompiler(file, this.world, this.#blocking);
    this.#compilers.set(file, compiler);
    const compiled = compiler.compile();
    const whole = this.options.lint === true && !compiled.findings.some(isError) ? { ...compiled, findings: this.#linted(compiled, config, folder) } : compiled;
    this.#compiled.set(file, whole);
    return whole;
  }

  /** A build begins: everything is told anew, and the configuration read. */
  begin(): void {
    this.#told.clear();
    this.#config = undefined;
  }

  /** Those that were not told since the build began: what several files import is found wrong with each of them. */
  untold(findings: readonly Finding[]): Finding[] {
    return findings.filter((finding) => {
      const key = JSON.stringify(finding);
      return !this.#told.has(key) && this.#told.add(key);
    });
  }

  /** The files, by their absolute paths, that were compiled from what is at a path or would be if it were there. */
  madeFrom(input: string): string[] {
    return [...this.#compiled.values()].filter(({ inputs }) => inputs.has(input)).map(({ file }) => file);
  }

  /** Another configuration may ask for other modules of the same files. */
  #settle(blocking: boolean): void {
    if (blocking === this.#blocking) return;
    this.#blocking = blocking;
    this.#compilers.clear();
    this.#compiled.clear();
  }

  #isFresh({ inputs }: CompiledSource): boolean {
    const reader = new SourceReader(this.world, "");
    return [...inputs].every(([file, before]) => {
      const found = reader.readImport(shownPath(file, this.world));
      return (typeof found === "string" ? found : undefined) === before;
    });
  }

  #configuration(): Promise<FoundConfig> {
    this.#config ??= findConfig(this.world, this.options.config).then(async (found) => {
      if ("findings" in found) throw configurationError(found);
      const problems = problemsOf(found.config.lint ?? {}, Object.values(lintRules));
      if (problems.length > 0) throw configurationError(await refuseConfig(this.world, found, problems));
      return found;
    });
    return this.#config;
  }

  /** What the rules find, of the file itself: those that it imports have their own turn. */
  #linted({ file, inputs }: CompiledSource, config: FoundConfig["config"], folder: string): readonly Finding[] {
    const shown = shownPath(file, this.world);
    const texts = new Map([...inputs].map(([each, text]) => [shownPath(each, this.world), text]));
    const { diagnostics } = lint({
      sources: { [shown]: texts.get(shown) ?? "" },
      read: (asked) => texts.get(asked),
      ...(config.lint !== undefined && { config: config.lint }),
      pathOf: (each) => path.relative(folder, path.resolve(this.world.cwd, each)).split(path.sep).join("/"),
    });
    return diagnostics;
  }
}

function configurationError({ findings }: RefusedConfig): Error {
  const lines = findings.map(({ file, line, column, code, message, help }) => `${file}:${line}:${column}: error[${code}]: ${message}${help === undefined ? "" : `\n  help: ${help}`}`);
  return new Error(lines.join("\n"));
}

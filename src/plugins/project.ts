/** What a plugin knows of one project: its configuration, and every imported file as it was last compiled. */
import path from "node:path";
import { SourceReader } from "../cli/read-sources.js";
import type { Finding } from "../diagnostics/finding.js";
import { lint } from "../lint.js";
import { isError, SourceCompiler, type CompiledSource } from "./compile-source.js";
import { Configuration, type ReadConfiguration } from "./configuration.js";
import type { PluginOptions, TypesForm } from "./options.js";
import { shownPath, textsOf, type World } from "./world.js";
import { removeTypes } from "./write-types.js";

export class Project {
  readonly world: World;
  /** How types are written. */
  readonly types: TypesForm | false;
  readonly #options: PluginOptions;
  readonly #compilers = new Map<string, SourceCompiler>();
  readonly #compiled = new Map<string, CompiledSource>();
  readonly #told = new Set<string>();
  readonly #configuration: Configuration;
  /** Whether blocking clients are offered. */
  #blocking = false;

  constructor(options: PluginOptions, world: World) {
    this.#options = options;
    this.world = world;
    this.types = options.types ?? "beside";
    this.#configuration = new Configuration(world, options.config);
  }

  /** A file at an absolute path, compiled anew if anything changed that it was made from. */
  async compiled(file: string): Promise<CompiledSource> {
    const configuration = await this.#configuration.current();
    if (configuration.refused === undefined) this.#settle(this.#options.sync ?? configuration.config.targets?.includes("sync") ?? false);
    const before = this.#compiled.get(file);
    if (before !== undefined && this.#isFresh(before)) return before;
    const compiler = this.#compilers.get(file) ?? new SourceCompiler(file, this.world, this.#blocking);
    this.#compilers.set(file, compiler);
    const compiled = this.#configured(compiler.compile(), configuration);
    this.#compiled.set(file, compiled);
    return compiled;
  }

  /** A build begins: everything is told anew. */
  begin(): void {
    this.#told.clear();
    this.removeGoneTypes();
  }

  /** Removes the types that were written for files that are gone. */
  removeGoneTypes(): void {
    const { types } = this;
    if (types === false) return;
    for (const { declarations } of this.#compiled.values()) {
      for (const [source, text] of declarations) if (!this.world.fs.existsSync(source)) removeTypes(source, text, types);
    }
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
    const texts = textsOf(inputs.keys(), this.world);
    return [...inputs].every(([file, before]) => texts.get(file) === before);
  }

  /** With what the configuration says of it. One that cannot be used fails every file: it may be what says which findings are errors. */
  #configured(compiled: CompiledSource, { config, folder, inputs, refused }: ReadConfiguration): CompiledSource {
    const whole = { ...compiled, inputs: new Map([...compiled.inputs, ...inputs]) };
    if (refused !== undefined) {
      const findings = [...refused.findings, ...compiled.findings];
      return { ...whole, findings, source: (asked) => refused.source(asked) ?? compiled.source(asked), declarations: new Map() };
    }
    return this.#options.lint === true && !compiled.findings.some(isError) ? { ...whole, findings: this.#linted(compiled, config, folder) } : whole;
  }

  /** What the rules find, of the file itself: those that it imports have their own turn. */
  #linted({ file }: CompiledSource, config: ReadConfiguration["config"], folder: string): readonly Finding[] {
    const shown = shownPath(file, this.world);
    const reader = new SourceReader(this.world, "");
    const text = reader.readSource(shown);
    const { diagnostics } = lint({
      sources: { [shown]: typeof text === "string" ? text : "" },
      read: (asked) => reader.readSource(asked),
      ...(config.lint !== undefined && { config: config.lint }),
      pathOf: (each) => path.relative(folder, path.resolve(this.world.cwd, each)).split(path.sep).join("/"),
    });
    return diagnostics;
  }
}

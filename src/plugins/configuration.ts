/** The configuration of a project as plugins take it: found, checked, and read again where it changed. */
import { configCandidates, findConfig, refuseConfig, type RefusedConfig } from "../cli/find-config.js";
import type { Config } from "../config.js";
import { lintRules } from "../lint/rules.js";
import { problemsOf } from "../lint/settings.js";
import { textsOf, type World } from "./world.js";

export interface ReadConfiguration {
  readonly config: Config;
  /** Absolute: what patterns in the configuration start from. */
  readonly folder: string;
  /** Where a configuration is or could be, by absolute path, with what was there: where that changes, it is to be read again. */
  readonly inputs: ReadonlyMap<string, string | undefined>;
  /** What is wrong with it. */
  readonly refused?: RefusedConfig;
}

export class Configuration {
  readonly #world: World;
  readonly #asked: string | undefined;
  #last: { readonly stamp: string; readonly read: Promise<ReadConfiguration> } | undefined;

  /** `asked` is what the options of the plugin name. */
  constructor(world: World, asked: string | undefined) {
    this.#world = world;
    this.#asked = asked;
  }

  /** The same object as before where none of the files is another. What it imports is not looked at. */
  current(): Promise<ReadConfiguration> {
    const inputs = textsOf(configCandidates(this.#world, this.#asked), this.#world);
    const stamp = JSON.stringify([...inputs]);
    if (this.#last?.stamp !== stamp) this.#last = { stamp, read: this.#read(inputs) };
    return this.#last.read;
  }

  async #read(inputs: ReadConfiguration["inputs"]): Promise<ReadConfiguration> {
    const found = await findConfig(this.#world, this.#asked);
    if ("findings" in found) return { config: {}, folder: this.#world.cwd, inputs, refused: found };
    const problems = problemsOf(found.config.lint ?? {}, Object.values(lintRules));
    return { ...found, inputs, ...(problems.length > 0 && { refused: await refuseConfig(this.#world, found, problems) }) };
  }
}

/** What may stand at the place of a word of the command line: what a shell offers when it is asked to complete it. */
import type { Option } from "commander";

export interface Word {
  readonly value: string;
  /** A few words on it. Some shells show them. */
  readonly says?: string;
}

export interface Candidates {
  readonly words?: readonly Word[];
  /** Whether several words may be joined by commas. */
  readonly isList?: true;
  /** Files with this ending, and folders on the way to them; "" for any file. The shell knows them best. */
  readonly files?: string;
  readonly folders?: true;
}

export const idlFiles = (): Candidates => ({ files: ".idl" });
export const folders = (): Candidates => ({ folders: true });

/** What an option takes, by its choices, else by what its help calls its value: `--out <folder>`. */
export function valuesOf({ argChoices, flags }: Option): Candidates {
  const called = /[<[](\w+)/.exec(flags)?.[1] ?? "";
  if (argChoices !== undefined) return { words: argChoices.map((value) => ({ value })), ...(called === "names" && { isList: true }) };
  if (called === "folder") return folders();
  return ["file", "path", "module"].includes(called) ? { files: "" } : {};
}

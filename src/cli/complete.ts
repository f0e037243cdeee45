/** What may stand where the cursor is: the words before it, read as the command line will be. */
import { Option } from "commander";
import { valuesOf, type Candidates, type Word } from "./candidates.js";
import { commonOptions } from "./options.js";
import type { Verb } from "./verb.js";

/**
 * `words` are those behind the program's name up to the cursor; the last is being written, and may be empty. What is
 * offered is whole words that begin as it does, letter case aside.
 */
export async function complete(words: readonly string[], verbs: readonly Verb[], defaultVerb: Verb): Promise<Candidates> {
  const [before, current] = [words.slice(0, -1), words.at(-1) ?? ""];
  const line = read(before, verbs, defaultVerb);
  if (line.awaiting !== undefined) return beginning(valuesOf(line.awaiting), "", current);
  if (!line.isOver && current.startsWith("-")) {
    const [, name, value] = /^(--[^=]+=)(.*)$/.exec(current) ?? [];
    if (name === undefined) return beginning({ words: line.options.map((option) => ({ value: option.long ?? option.flags, says: option.description })) }, "", current);
    const option = line.options.find(({ long }) => `${long}=` === name);
    return option === undefined ? {} : beginning(valuesOf(option), name, value ?? "");
  }
  const operands = line.verb.operands;
  const [operand, , candidates] = operands[line.operands] ?? operands.at(-1) ?? [];
  const fits = line.operands < operands.length || operand?.includes("...") === true;
  const own = fits && candidates !== undefined ? await candidates() : {};
  const commands = line.isNamed || line.operands > 0 || line.isOver ? [] : verbs.map(({ name, summary }) => ({ value: name, says: summary }));
  return beginning({ ...own, words: [...commands, ...(own.words ?? [])] }, "", current);
}

interface CommandLine {
  readonly verb: Verb;
  /** Whether the command was written; else it is the default. */
  readonly isNamed: boolean;
  readonly options: readonly Option[];
  /** How many operands stand before the cursor. */
  readonly operands: number;
  /** An option stands before the cursor whose value has not come. */
  readonly awaiting?: Option | undefined;
  /** Whether `--` has ended the options. */
  readonly isOver: boolean;
}

function read(words: readonly string[], verbs: readonly Verb[], defaultVerb: Verb): CommandLine {
  let [named, operands, isOver]: [Verb | undefined, number, boolean] = [undefined, 0, false];
  let awaiting: Option | undefined;
  for (const word of words) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (word === "--" && !isOver) isOver = true;
    else if (word.startsWith("-") && word !== "-" && !isOver) awaiting = optionsOf(named ?? defaultVerb).find((option) => [option.short, option.long].includes(word) && (option.required || option.optional));
    else if (named === undefined && operands === 0 && verbs.some(({ name }) => name === word)) named = verbs.find(({ name }) => name === word);
    else operands += 1;
  }
  const verb = named ?? defaultVerb;
  return { verb, isNamed: named !== undefined, options: optionsOf(verb), operands, awaiting, isOver };
}

function optionsOf(verb: Verb): Option[] {
  return [...verb.options(), ...commonOptions(), new Option("--help", "print the help of the command"), new Option("--version", "print the version")];
}

/** Those that begin as what is being written does; `before` is put in front of each. */
function beginning({ words = [], isList, ...files }: Candidates, before: string, current: string): Candidates {
  const list = isList ? current.slice(0, current.lastIndexOf(",") + 1) : "";
  const listed = new Set(list.split(","));
  const wanted = current.slice(list.length).toLowerCase();
  const found = words.filter(({ value }) => value.toLowerCase().startsWith(wanted) && !listed.has(value));
  return { ...files, words: found.map((word): Word => ({ ...word, value: before + list + word.value })) };
}

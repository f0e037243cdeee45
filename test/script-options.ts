/** The command lines of the long forms: numbers with defaults, flags, texts, words; `--help`, and exit code 2 with a reason for what makes no sense. */
import { parseArgs } from "node:util";

interface NumberOption {
  readonly kind: "number";
  readonly what: string;
  /** As it stands in the help, if it is no number that says something. */
  readonly default?: number | undefined;
  readonly least?: number;
}

interface FlagOption {
  readonly kind: "flag";
  readonly what: string;
}

/** A word, such as the path of a file; undefined if it is not said. */
interface TextOption {
  readonly kind: "text";
  readonly what: string;
}

type Option = NumberOption | FlagOption | TextOption;

export interface Script<Options extends Readonly<Record<string, Option>>> {
  /** As people call it. */
  readonly command: string;
  /** One sentence. */
  readonly what: string;
  readonly options: Options;
  /** What words behind the options are; without it there can be none. */
  readonly words?: string;
}

/** A number without a default may be undefined. */
export type Values<Options extends Readonly<Record<string, Option>>> = {
  readonly [Name in keyof Options]: Options[Name] extends FlagOption
    ? boolean
    : Options[Name] extends TextOption
      ? string | undefined
      : Options[Name] extends { readonly default: number }
        ? number
        : number | undefined;
};

export type Line<Options extends Readonly<Record<string, Option>>> =
  | { readonly kind: "run"; readonly values: Values<Options>; readonly words: readonly string[] }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "mistake"; readonly text: string };

export function parseLine<const Options extends Readonly<Record<string, Option>>>(script: Script<Options>, args: readonly string[]): Line<Options> {
  const types = Object.entries(script.options).map(([name, { kind }]) => [name, { type: kind === "flag" ? "boolean" : "string" }] as const);
  try {
    const { values, positionals }: { values: Readonly<Record<string, unknown>>; positionals: string[] } = parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(types), help: { type: "boolean", short: "h" } },
      allowPositionals: script.words !== undefined,
    });
    if (values["help"] === true) return { kind: "help", text: usageOf(script) };
    const read = Object.entries(script.options).map(([name, option]) => [name, valueOf(name, option, values[name])] as const);
    return { kind: "run", values: Object.fromEntries(read) as Values<Options>, words: positionals };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [reason] = error.message.split(/\. (?:To|This)|\n/);
    return { kind: "mistake", text: `${script.command}: ${reason}\n\n${usageOf(script)}` };
  }
}

/** Of this process; ends it where there is nothing to run. */
export function readLine<const Options extends Readonly<Record<string, Option>>>(script: Script<Options>): { readonly values: Values<Options>; readonly words: readonly string[] } {
  const line = parseLine(script, process.argv.slice(2));
  if (line.kind === "run") return line;
  if (line.kind === "help") console.log(line.text);
  else console.error(line.text);
  process.exit(line.kind === "help" ? 0 : 2);
}

function valueOf(name: string, option: Option, written: unknown): number | boolean | string | undefined {
  if (option.kind === "flag") return written === true;
  if (option.kind === "text") return written === undefined ? undefined : String(written);
  if (written === undefined) return option.default;
  const { least = 0 } = option;
  const number = Number(written);
  if (!/^\d+$/.test(String(written)) || !Number.isSafeInteger(number) || number < least) {
    throw new Error(`--${name} is ${JSON.stringify(written)}, and takes a whole number from ${least} on`);
  }
  return number;
}

const PLACEHOLDERS = { number: " N", flag: "", text: " TEXT" };

function usageOf({ command, what, options, words }: Script<Readonly<Record<string, Option>>>): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const by = option.kind === "number" && option.default !== undefined ? ` (default ${option.default})` : "";
    return [`--${name}${PLACEHOLDERS[option.kind]}`, `${option.what}${by}`] as const;
  });
  const lines = [...rows, ["--help", "this text"] as const];
  const width = Math.max(...lines.map(([left]) => left.length));
  const table = lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
  return `${command} -- [options]${words === undefined ? "" : ` [${words}]`}\n${what}\n\n${table}`;
}

/** What a command is: a row of the table in commands.ts. */
import type { Option } from "commander";
import type { Target } from "../compiler.js";
import type { Candidates } from "./candidates.js";
import type { ExitCode } from "./exit-codes.js";
import type { RefusedConfig } from "./find-config.js";
import type { Host } from "./host.js";
import type { Reporter } from "./reporter.js";
import type { ReportFormat } from "./reports.js";

/** Every option of every command, as commander names them. A command gets those that it declares and the common ones. */
export interface Options {
  readonly report: ReportFormat;
  readonly stdinFilename: string;
  readonly out: string;
  readonly target: readonly Target[];
  readonly sync?: true;
  readonly gen: string;
  readonly root?: string;
  readonly prettier?: true;
  readonly watch?: true;
  readonly check?: true;
  readonly stats?: true;
  readonly fix?: true;
  readonly denyWarnings?: true;
  /** False for none. */
  readonly config?: string | false;
  readonly against: string;
  readonly name?: string;
  readonly version?: string;
  readonly dryRun?: true;
  readonly force?: true;
  readonly stdout?: true;
  readonly result?: true;
  readonly base64?: true;
  readonly all?: true;
  readonly showSensitive?: true;
  readonly handlers?: string;
  readonly runs?: number;
  readonly seed?: number;
  readonly replay?: string;
  readonly html?: string;
  readonly ca?: string;
  readonly ms?: number;
  readonly include?: readonly string[];
  readonly idl?: readonly string[];
  readonly header?: readonly (readonly [key: string, value: string])[];
  readonly timeout?: number;
  readonly cert?: string;
  readonly key?: string;
  readonly idempotencyKey?: string;
  readonly verbose?: true;
}

export interface Invocation {
  readonly operands: readonly string[];
  readonly options: Options;
  readonly host: Host;
  readonly reporter: Reporter;
  /** The operands and options as the configuration has them by now. */
  readonly settleAgain: () => Promise<Pick<Invocation, "operands" | "options"> | RefusedConfig>;
  /** What may stand at the last of the words of a command line, which are those behind the program's name. */
  readonly complete: (words: readonly string[]) => Promise<Candidates>;
}

export interface Settings {
  /** Operands are files; where there are none, these are. */
  readonly sources?: "operands";
  readonly out?: keyof Options;
  readonly targets?: keyof Options;
  readonly root?: keyof Options;
  readonly prettier?: keyof Options;
}

export interface Verb {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** As commander writes them, such as "<files...>", what each is, and what a shell offers for it. */
  readonly operands: readonly (readonly [operand: string, help: string, candidates?: () => Candidates | Promise<Candidates>])[];
  readonly options: () => readonly Option[];
  /** The settings of the project that stand in for what the command line leaves out, and the options that they stand for. */
  readonly settings?: Settings;
  /** Command lines without the program's name, and what each does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Loads what it needs when it runs, so that `--help` pays for nothing. */
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
}

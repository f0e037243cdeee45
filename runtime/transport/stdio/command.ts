/** A server as the command that starts it. */
import { checkNames, type NamesOf } from "../../wire/known-names.js";

export interface StdioOptions {
  /** A program by its path, or by a name that is found in `PATH`. */
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Of the child, added to those of this process; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The child's working directory. Default: that of this process. */
  readonly cwd?: string | undefined;
}

const NAMES: NamesOf<StdioOptions> = { command: 0, args: 0, env: 0, cwd: 0 };

/** An address for `connect`, made by `stdio`. */
export class StdioCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string | undefined;

  /** @throws TypeError if the command is empty, or for an unknown option. */
  constructor(options: StdioOptions) {
    const { command, args = [], env = {}, cwd } = options;
    checkNames("stdio", options, NAMES);
    if (typeof command !== "string" || command === "") throw new TypeError("stdio({ command }): the command is missing");
    this.command = command;
    this.args = [...args];
    this.env = { ...env };
    this.cwd = cwd;
  }
}

/** The address of a server that `connect` starts as a child process, where `stdio:COMMAND ARGUMENT…` does not say enough. */
export function stdio(options: StdioOptions): StdioCommand {
  return new StdioCommand(options);
}

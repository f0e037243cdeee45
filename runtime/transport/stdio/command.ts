/** A server as the command that starts it. */

export interface StdioOptions {
  /** A program by its path, or by a name that is found in `PATH`. */
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Of the child, added to those of this process; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The child's working directory. Default: that of this process. */
  readonly cwd?: string | undefined;
}

/** An address for `connect`, made by `stdio`. */
export class StdioCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string | undefined;

  /** @throws TypeError if the command is empty. */
  constructor({ command, args = [], env = {}, cwd }: StdioOptions) {
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

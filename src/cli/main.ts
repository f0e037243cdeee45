/** The command line from its arguments to its exit code. It touches the world only through its host. */
import { ExitCode } from "./exit-codes.js";
import type { Host } from "./host.js";
import { version } from "./version.js";

/** Never rejects: a mistake of the user has exit code 1 or 2, and what is left is a bug of ours, 70. */
export async function main(argv: readonly string[], host: Host): Promise<ExitCode> {
  try {
    if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
      host.stdout.write(`${version}\n`);
      return ExitCode.OK;
    }
    const { runCommandLine } = await import("./args.js");
    return await runCommandLine(argv, host);
  } catch (error) {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.stderr.write(`rpcgen ${version} failed: this is a bug of rpcgen, not a mistake of yours.\n`);
    host.stderr.write("Please report it with the command, the input and these lines:\n\n");
    host.stderr.write(`$ rpcgen ${argv.join(" ")}\n${trace}\n`);
    return ExitCode.BUG;
  }
}

/** Runs this process's command line, and ends the process: what a module of the user's left open, such as a timer, is not waited for. */
export async function runProcess(): Promise<void> {
  const { nodeHost, lostResults } = await import("./node-host.js");
  const exitCode = await main(process.argv.slice(2), nodeHost());
  const lost = await lostResults();
  if (lost !== undefined) process.stderr.write(`error: the results could not be written: ${lost}\n`);
  process.exit(lost === undefined ? exitCode : ExitCode.USAGE);
}

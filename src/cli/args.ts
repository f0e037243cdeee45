/** Reads the command line with commander, and hands it to the command that it names. */
import path from "node:path";
import { Command, CommanderError } from "commander";
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import type { Candidates } from "./candidates.js";
import { defaultVerb, verbs } from "./commands.js";
import { ExitCode } from "./exit-codes.js";
import type { Host } from "./host.js";
import { commonOptions } from "./options.js";
import { Reporter } from "./reporter.js";
import { loadReport } from "./reports.js";
import { settle } from "./settle.js";
import type { Options, Verb } from "./verb.js";
import { version } from "./version.js";

export async function runCommandLine(argv: readonly string[], host: Host): Promise<ExitCode> {
  const unknown = unknownCommand(argv, host);
  if (unknown !== undefined) {
    const names = verbs.map(({ name }) => name);
    const help = didYouMean(closest(unknown, names)) ?? `the commands are ${names.join(", ")}`;
    host.stderr.write(`error: there is no command ${argv[0] === "help" ? "" : "and no file "}"${unknown}"\n  help: ${help}\n`);
    return ExitCode.USAGE;
  }
  let exitCode: ExitCode = ExitCode.OK;
  const [word] = argv;
  const program = buildProgram(host, verbs.find(({ name }) => name === word), (code) => {
    exitCode = code;
  });
  if (argv.length === 0) {
    host.stderr.write(program.helpInformation());
    return ExitCode.USAGE;
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    throw error;
  }
}

/** The default command would take a mistyped command for a file: a lone word that is neither is more likely the former. */
function unknownCommand(argv: readonly string[], host: Host): string | undefined {
  const [first, second] = argv;
  const word = first === "help" ? second : first;
  if (word === undefined || !/^[a-z][a-z-]*$/i.test(word) || word === "help") return undefined;
  if (verbs.some(({ name }) => name === word)) return undefined;
  if (first !== "help" && host.fs.existsSync(path.resolve(host.cwd, word))) return undefined;
  return word;
}

/** `verb` is what the command line names, if it does. */
function buildProgram(host: Host, verb: Verb | undefined, finish: (code: ExitCode) => void): Command {
  const program = new Command("rpcgen");
  program
    .description("Compiles .idl files to typed clients, servers and binary codecs.")
    .helpOption("-h, --help", "print this help")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => host.stdout.write(text), writeErr: (text) => host.stderr.write(text) })
    .showSuggestionAfterError(true)
    .exitOverride();
  // A command may have a --version of its own.
  if (verb?.options().some(({ long }) => long === "--version") !== true) program.version(version, "-V, --version", "print the version");
  for (const option of commonOptions()) program.addOption(option);
  addExamples(program, verbs.flatMap((verb) => verb.examples.slice(0, 1)));
  program.addHelpText("after", `\nrpcgen FILES is short for rpcgen ${defaultVerb.name} FILES. Each command has a help of its own: rpcgen check --help`);
  for (const verb of verbs) program.addCommand(buildCommand(verb, program, host, finish), { isDefault: verb === defaultVerb });
  return program;
}

function buildCommand(verb: Verb, program: Command, host: Host, finish: (code: ExitCode) => void): Command {
  const command = program.createCommand(verb.name).copyInheritedSettings(program);
  command.description(`${verb.summary[0]?.toUpperCase()}${verb.summary.slice(1)}.`).summary(verb.summary);
  for (const [operand, help] of verb.operands) command.argument(operand, help);
  for (const option of verb.options()) command.addOption(option);
  addExamples(command, verb.examples);
  return command.action(async () => {
    const options = command.optsWithGlobals<Options & { color?: boolean }>();
    const reporter = new Reporter(host, { render: await loadReport(options.report), color: options.color });
    const isGiven = (option: keyof Options) => ![undefined, "default"].includes(command.getOptionValueSource(option));
    const settleAgain = () => settle(verb, { operands: command.args, options, isGiven }, host);
    const settled = await settleAgain();
    if ("findings" in settled) {
      reporter.report(settled);
      return finish(ExitCode.USAGE);
    }
    if (verb.settings?.sources !== undefined && settled.operands.length === 0) {
      host.stderr.write(`error: no files are named\n  help: name them, as in \`rpcgen ${verb.name} orders.idl\`, or set \`sources\` in rpcgen.config.ts\n`);
      return finish(ExitCode.USAGE);
    }
    finish(await verb.run({ ...settled, host, reporter, settleAgain, complete }));
  });
}

/** Among all commands: the one that prints completions cannot look at the table, being a row of it. */
async function complete(words: readonly string[]): Promise<Candidates> {
  return (await import("./complete.js")).complete(words, verbs, defaultVerb);
}

/** Examples stand first: they are what most readers of a help text look for. */
function addExamples(command: Command, examples: Verb["examples"]): void {
  const lines = examples.map(([line, what]) => `  rpcgen ${line}\n      ${what}`);
  command.addHelpText("before", `Examples:\n${lines.join("\n")}\n`);
}

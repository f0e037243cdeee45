/** The operands and options that more than one command has. */
import { InvalidArgumentError, Option } from "commander";
import { idlFiles } from "./candidates.js";
import { reportFormats } from "./reports.js";
import type { Verb } from "./verb.js";

/** Files that the configuration names where the command line does not. */
export function files(what = "paths, quoted patterns, or - for the standard input"): Verb["operands"][number] {
  return ["[files...]", `${what}; without any, the \`sources\` of rpcgen.config.ts`, idlFiles];
}

export function stdinFilename(name = "stdin.idl"): Option {
  return new Option("--stdin-filename <path>", "what - is called, and where its imports are looked for").default(name);
}

export function stats(): Option {
  return new Option("--stats", "say how long each phase took, and how much of it was done anew");
}

/** Which configuration: it is a program, and what runs it may want to say which, or none. */
export function config(): readonly Option[] {
  return [
    new Option("--config <path>", "the configuration, instead of the nearest rpcgen.config.ts upward from here"),
    new Option("--no-config", "look for no configuration, and so run none"),
  ];
}

export function denyWarnings(): Option {
  return new Option("--deny-warnings", "exit with 1 also where there are only warnings");
}

/** Where a command writes. Of a variable that is not set nothing is left, and a command that may remove files must not guess. */
export function out(what: string, standard: string): Option {
  return new Option("--out <folder>", what).default(standard).argParser((text) => {
    if (text === "") throw new InvalidArgumentError('It is empty; the working folder is ".".');
    return text;
  });
}

/** What every command has. */
export function commonOptions(): readonly Option[] {
  return [
    new Option("--json", "short for --report json: one JSON document on stdout").implies({ report: "json" }),
    new Option("--report <format>", "how findings are reported").choices([...reportFormats]).default("text"),
    new Option("--color", "colour the output, also where it is not a terminal"),
    new Option("--no-color", "never colour it; the variable NO_COLOR does the same"),
  ];
}

/** Reads the value of an option that is a whole number, and no less. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(least === -Infinity ? "It is a whole number." : `It is a whole number, ${least} or more.`);
  };
}

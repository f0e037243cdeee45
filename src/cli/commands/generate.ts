/** `rpcgen generate`, the default: compiles, and writes what changed. */
import { InvalidArgumentError, Option } from "commander";
import type { Target } from "../../compiler.js";
import { Generation } from "../generation.js";
import { config, files, out, stats, stdinFilename } from "../options.js";
import { targets } from "../targets.js";
import type { Verb } from "../verb.js";

export const generate: Verb = {
  name: "generate",
  summary: "compile the files and write what changed (the default)",
  operands: [files()],
  options: () => [
    out("where to write; outputs stand in it as the sources below their common folder", "gen"),
    new Option("--target <names>", "what to write, several with commas")
      .choices(targets)
      .default(["ts"], "ts")
      .argParser(parseTargets),
    new Option("--sync", "beside ts, a blocking client for each service, as --target ts,sync does; of dts, in its declarations"),
    new Option("--root <folder>", "the folder that outputs are laid out from, instead of the sources' common one"),
    new Option("--prettier", "lay the outputs out by the project's own prettier and its settings"),
    new Option("--watch", "stay, and write again what a change of a source changes").conflicts(["check", "dryRun", "stdout"]),
    new Option("--check", "write nothing; exit with 1 if a file is missing, stale or extra").conflicts(["dryRun", "stdout"]),
    new Option("--dry-run", "write nothing; list the files that would be written").conflicts("stdout"),
    new Option("--stdout", "write the outputs to the standard output instead"),
    ...config(),
    stats(),
    stdinFilename(),
  ],
  settings: { sources: "operands", out: "out", targets: "target", root: "root", prettier: "prettier" },
  examples: [
    ["orders.idl", "write gen/orders.ts and the files behind it"],
    ['"idl/**/*.idl" --out src/gen', "write src/gen/…, mirroring the folders of idl"],
    ['"idl/**/*.idl" --watch', "the same again whenever a source changes, until Ctrl-C"],
    ["orders.idl --sync", "write gen/orders.sync.ts too, with clients for callers that cannot await"],
    ["orders.idl --check", "fail where the generated files are not what they should be"],
    ["orders.idl --target json --stdout", "what the file means, as JSON"],
    ["generate --check", "the same for the files that rpcgen.config.ts names"],
  ],
  async run(invocation) {
    if (!invocation.options.watch) return (await new Generation(invocation).run()).exitCode;
    const { watch } = await import("../watch.js");
    return watch(invocation);
  },
};

function parseTargets(value: string): Target[] {
  return value.split(",").map((word) => {
    const found = targets.find((target) => target === word.trim());
    if (found === undefined) throw new InvalidArgumentError(`The targets are ${targets.join(", ")}.`);
    return found;
  });
}

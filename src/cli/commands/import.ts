/** `rpcgen import`: .idl files from .proto files. */
import path from "node:path";
import { Option } from "commander";
import { locate } from "../../diagnostics/finding.js";
import { compareOutputs } from "../plan-outputs.js";
import { ExitCode } from "../exit-codes.js";
import { SourceReader } from "../read-sources.js";
import { portablePath } from "../source-paths.js";
import type { Verb } from "../verb.js";
import { writeOutputs } from "../write-outputs.js";

export const importProto: Verb = {
  name: "import",
  summary: "make .idl files from .proto files, and tell what could not be carried over",
  operands: [["<files...>", "paths or quoted patterns of .proto files; what they import and use is written too", () => ({ files: ".proto" })]],
  options: () => [
    new Option("--out <folder>", "where to write; files stand in it as they do below their include path").default("idl"),
    new Option("-I, --include <folder>", "a folder that imports are relative to; may be given several times (default: the working folder)").argParser(
      (value: string, before: readonly string[] = []) => [...before, value],
    ),
    new Option("--dry-run", "write nothing; list the files that would be written"),
  ],
  examples: [
    ["import protos/shop/orders.proto -I protos", "write idl/shop/orders.idl and the files that it needs"],
    ['import "protos/**/*.proto" -I protos -I third_party --out idl', "a folder of them, with another to find imports in"],
  ],
  async run({ operands, options, host, reporter }) {
    const reader = new SourceReader(host, options.stdinFilename);
    const read = await reader.readAll(operands);
    const { importProtos } = await import("../../import/import-protos.js");
    const includes = (options.include ?? ["."]).map(portablePath);
    const paths = new Map([...read.sources.keys()].map((file) => [importName(file, includes, host.cwd), file]));
    const { outputs, diagnostics, sources } = importProtos([...paths.keys()], (name) => {
      const given = paths.get(name);
      const text = given === undefined ? undefined : read.sources.get(given);
      if (given !== undefined && text !== undefined) return { path: given, text };
      for (const include of includes) {
        const file = portablePath(path.join(include, name));
        const found = reader.readImport(file);
        if (typeof found === "string") return { path: file, text: found };
      }
      return undefined;
    });
    const source = (file: string) => sources.get(file) ?? reader.source(file);
    const found = [...read.diagnostics, ...diagnostics];
    const hasErrors = found.some(({ severity }) => severity === "error");
    const planned = hasErrors ? [] : compareOutputs(outputs, options.out, host);
    const changed = planned.filter(({ state }) => state !== "unchanged");
    const refused = hasErrors || options.dryRun ? [] : writeOutputs({ outputs: planned }, options.out, host);
    const count = `${changed.length} ${changed.length === 1 ? "file" : "files"}`;
    const nothing = hasErrors || refused.length > 0;
    reporter.report({
      findings: [...found, ...refused].map((each) => locate(each, source)),
      source,
      json: { outputs: nothing ? [] : planned.map(({ path: file, state }) => ({ path: file, state: state === "unchanged" || options.dryRun ? state : "written" })) },
      text: nothing ? "" : changed.map(({ path: file }) => `${file}\n`).join(""),
      summary: nothing ? "nothing was written" : options.dryRun ? `${count} would be written` : `${count} written`,
    });
    if (read.failed || refused.length > 0) return ExitCode.USAGE;
    return hasErrors ? ExitCode.FINDINGS : ExitCode.OK;
  },
};

/** What imports call a file: its path below the include path that holds it, the deepest of them; else the path as given. */
function importName(file: string, includes: readonly string[], cwd: string): string {
  const below = includes
    .map((include) => path.relative(path.resolve(cwd, include), path.resolve(cwd, file)))
    .filter((relative) => !relative.startsWith("..") && !path.isAbsolute(relative))
    .sort((a, b) => a.length - b.length)[0];
  return (below ?? path.basename(file)).split(path.sep).join("/");
}

/** `rpcgen inspect`: which bytes of an encoded value are which field. */
import { Option } from "commander";
import { diagnostic } from "../../diagnostics/collector.js";
import { locate } from "../../diagnostics/finding.js";
import { idlFiles } from "../candidates.js";
import { compileFiles } from "../compile-files.js";
import { ExitCode } from "../exit-codes.js";
import { stdinFilename } from "../options.js";
import { shown } from "../render-text.js";
import { readValueBytes } from "../value-bytes.js";
import type { Verb } from "../verb.js";

export const inspect: Verb = {
  name: "inspect",
  summary: "show which bytes of an encoded value are which field",
  operands: [
    ["<file>", "the .idl file, or - for the standard input", idlFiles],
    [
      "<type>",
      "what the bytes are: a message, struct, union, enum or error by its short or full name, another type (Order[], map<string, u32>), or a method (Orders/get) for its parameters",
    ],
    [
      "<bytes>",
      "hexadecimal (spaces, colons and 0x may stand between), base64:…, @FILE for what is in a file, or - for the standard input",
    ],
  ],
  options: () => [
    new Option("--result", "with a method: its result instead of its parameters; of a stream, one element"),
    new Option("--base64", "take <bytes> for base64 instead of hexadecimal"),
    new Option("--all", "show every element, and all of long text and byte strings, instead of the first"),
    new Option(
      "--show-sensitive",
      "show @sensitive fields, which are masked by default, for what is shown ends up in tickets",
    ),
    stdinFilename(),
  ],
  examples: [
    [
      'inspect orders.idl Order "06 0b 03 00 6f 2d 31"',
      "each field, the bytes that it has, and where they go wrong if they do",
    ],
    ["inspect orders.idl Orders/get --result @reply.bin", "the answer of a method, from a file"],
    ["inspect orders.idl OutOfStock base64:BhMDAHRlYQ== --json", "the same as a tree, for a program to read"],
  ],
  async run(invocation) {
    const { operands, options, host, reporter } = invocation;
    const [file = "", typeName = "", bytesText = ""] = operands;
    const misused = (problem: string, help: string | undefined): ExitCode => {
      host.stderr.write(`error: ${shown(problem)}\n${help === undefined ? "" : `  help: ${shown(help)}\n`}`);
      return ExitCode.USAGE;
    };
    if (file === "-" && bytesText === "-")
      return misused("FILE and BYTES are both the standard input", "write @FILE for one of them");
    const { findings, source, schema, exitCode } = await compileFiles({ ...invocation, operands: [file] }, []);
    if (schema === undefined || exitCode !== ExitCode.OK) {
      reporter.report({ findings, source });
      return exitCode;
    }
    const [{ inspect: inspectValue }, { findSubject }, { render }] = await Promise.all([
      import("../../inspect/inspect.js"),
      import("../../inspect/find-subject.js"),
      import("../../inspect/render.js"),
    ]);
    const found = findSubject(schema, typeName, options.result === true);
    if ("problem" in found) return misused(found.problem, found.help);
    const read = await readValueBytes(bytesText, options.base64 === true, host);
    if ("problem" in read) return misused(read.problem, read.help);
    if ("diagnostic" in read) {
      reporter.report({ findings: [...findings, locate(read.diagnostic, source)], source });
      return ExitCode.USAGE;
    }
    const inspection = inspectValue(schema, found.subject, read.bytes, options);
    const { fault, type, length, root } = inspection;
    const faults =
      fault === undefined
        ? []
        : [locate(diagnostic("RPC7012", { file: read.name, start: 0, end: 0 }, { type, ...fault }), source)];
    // The value first: the finding is about its last line.
    if (options.report === "text") {
      const { cyan: name, dim, green: value, red } = reporter.colors;
      host.stdout.write(
        render(inspection, read.bytes, { all: options.all === true, paint: { dim, name, value, fault: red } }),
      );
    }
    reporter.report({
      findings: [...findings, ...faults],
      source,
      json: { type, length, ...(fault !== undefined && { fault }), value: root },
    });
    return fault === undefined ? ExitCode.OK : ExitCode.FINDINGS;
  },
};

/** `rpcgen verify`: tests the claims of annotations on the user's handlers. */
import path from "node:path";
import { Option } from "commander";
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { errorText } from "../../diagnostics/error-text.js";
import { locate } from "../../diagnostics/finding.js";
import type { Service } from "../../ir/schema.js";
import type { Verdict, Verification } from "../../verify/index.js";
import { compileFiles, type CompiledFiles } from "../compile-files.js";
import { ExitCode } from "../exit-codes.js";
import { config, files, wholeNumber } from "../options.js";
import { portablePath } from "../source-paths.js";
import { Unloadable } from "../unloadable.js";
import type { Invocation, Verb } from "../verb.js";

export const verify: Verb = {
  name: "verify",
  summary: "test the claims of annotations on your handlers",
  operands: [files("paths or quoted patterns of the files that declare the services")],
  options: () => [
    new Option("--handlers <module>", "JavaScript or TypeScript that exports handlers, reset and snapshot").makeOptionMandatory(),
    new Option("--runs <number>", "experiments a claim (default: 100)").argParser(wholeNumber(1)),
    new Option("--seed <number>", "of all random choices; the same seed makes the same experiments").argParser(wholeNumber(-Infinity)),
    new Option("--replay <experiment>", "one experiment that failed before, as the report calls it").conflicts(["runs", "seed"]),
    ...config(),
  ],
  settings: { sources: "operands" },
  examples: [
    ["verify orders.idl --handlers test/orders.verify.ts", "call every handler once, twice, at once and cut off, and compare"],
    ["verify orders.idl --handlers test/orders.verify.ts --runs 1000 --seed 7", "longer, and the same each time"],
  ],
  async run(invocation) {
    const compiled = await compileFiles(invocation, []);
    if (compiled.exitCode !== ExitCode.OK || compiled.schema === undefined) {
      invocation.reporter.report({ ...compiled, json: { verified: [] }, summary: "nothing was tested" });
      return compiled.exitCode;
    }
    const file = portablePath(invocation.options.handlers ?? "");
    const refuse = (reason: string, help: string, exitCode: ExitCode): ExitCode => {
      const found = diagnostic("RPC7014", { file, start: 0, end: 0 }, { reason, help });
      const findings = [...compiled.findings, locate(found, compiled.source)];
      invocation.reporter.report({ findings, source: compiled.source, json: { verified: [] }, summary: "nothing was tested" });
      return exitCode;
    };
    const module = await loaded(invocation, file);
    if ("reason" in module) return refuse(module.reason, module.help, module.exitCode);
    const { parseReplay, subjectsOf, SubjectError, verify: test } = await import("../../verify/index.js");
    const { runs, seed, replay: asked } = invocation.options;
    const replay = asked === undefined ? undefined : parseReplay(asked);
    if (asked !== undefined && replay === undefined) return refuse(`"${asked}" is no experiment`, "give it as the report printed it", ExitCode.USAGE);
    const services = compiled.schema.files.flatMap(({ declarations }) => declarations.filter((each) => each.kind === "service"));
    try {
      const subjects = subjectsOf(module.exports, services, file);
      const verification = await test({ schema: compiled.schema, subjects, runs, seed, replay });
      return report(invocation, compiled, verification, services.filter(({ fullName }) => !subjects.has(fullName)));
    } catch (error) {
      if (!(error instanceof SubjectError)) throw error;
      return refuse(error.message, error.help, ExitCode.FINDINGS);
    }
  },
};

type Loaded = { readonly exports: unknown } | { readonly reason: string; readonly help: string; readonly exitCode: ExitCode };

async function loaded({ host }: Invocation, file: string): Promise<Loaded> {
  const absolute = path.resolve(host.cwd, file);
  const isThere = host.fs.existsSync(absolute);
  if (!isThere || host.fs.statSync(absolute).isDirectory()) return { reason: isThere ? "it is a folder" : "there is no such file", help: "name the module that exports them after `--handlers`", exitCode: ExitCode.USAGE };
  try {
    return { exports: await host.loadModule(absolute) };
  } catch (error) {
    const help = error instanceof Unloadable ? error.help : "mend the module, which is run as any other";
    return { reason: errorText(error), help, exitCode: ExitCode.FINDINGS };
  }
}

function report({ reporter }: Invocation, compiled: CompiledFiles, { verdicts, children, seed }: Verification, untested: readonly Service[]): ExitCode {
  const broken = verdicts.flatMap(({ method, counterExample }): Diagnostic[] => {
    if (counterExample === undefined) return [];
    const { what, replay } = counterExample;
    return [diagnostic("RPC7013", method.span, { method: method.name, semantics: method.semantics, what, replay })];
  });
  const unknowable = children.map(({ parent, path: child }) =>
    diagnostic("RPC7015", parent.span, { method: parent.name, semantics: parent.semantics, child }),
  );
  const found = [...broken, ...unknowable].map((each) => locate(each, compiled.source));
  const left = untested.length === 0 ? "" : `; not tested: ${untested.map(({ name }) => name).join(", ")}`;
  reporter.report({
    findings: [...compiled.findings, ...found],
    source: compiled.source,
    json: { seed, verified: verdicts.map(jsonVerdict), notTested: untested.map(({ fullName }) => fullName) },
    text: verdicts.map(textVerdict).join(""),
    summary: `${verdicts.length - broken.length} of ${verdicts.length} claims hold${left}`,
  });
  return broken.length > 0 ? ExitCode.FINDINGS : ExitCode.OK;
}

function jsonVerdict({ service, method, claim, says, runs, counterExample }: Verdict): Record<string, unknown> {
  const holds = counterExample === undefined;
  return { service: service.fullName, method: method.name, semantics: method.semantics, claim, says, runs, holds, ...(!holds && { counterExample }) };
}

function textVerdict({ service, method, says, runs, counterExample }: Verdict): string {
  const claim = `${service.name}.${method.name} (@${method.semantics}) ${says}`;
  if (counterExample === undefined) return `holds    ${claim}: ${runs} ${runs === 1 ? "run" : "runs"}\n`;
  const { before, arguments: given, differences } = counterExample;
  const lines = [
    ...before.map((call) => `after    ${call.method}(${JSON.stringify(call.arguments)})`),
    `called   ${method.name}(${JSON.stringify(given)})`,
    ...differences.map((line) => `differs  ${line}`),
    `again    --replay ${counterExample.replay}`,
  ];
  return `BROKEN   ${claim}\n${lines.map((line) => `         ${line}\n`).join("")}`;
}

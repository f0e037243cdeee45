/** `rpcgen measure`: what a call over a path costs. */
import { Option } from "commander";
import { CallError } from "../../call/call-error.js";
import { errorText } from "../../diagnostics/error-text.js";
import { locate } from "../../diagnostics/finding.js";
import { pem } from "../call/connection.js";
import { ExitCode } from "../exit-codes.js";
import { wholeNumber } from "../options.js";
import { compareOutputs } from "../plan-outputs.js";
import type { Invocation, Verb } from "../verb.js";
import { writeOutputs } from "../write-outputs.js";

export const measure: Verb = {
  name: "measure",
  summary: "measure what calls over a path cost: T(n) = alpha + n beta",
  operands: [["[address]", "of a server that has the measuring service, measureService() of @rpcgen/runtime/measure"]],
  options: () => [
    new Option("--all", "measure every path that there is on this machine, with servers of its own"),
    new Option("--html <file>", "write a report with plots, one file that needs no other"),
    new Option("--ca <file>", "for tls:, wss:, h2s: and https:, the authority to trust, as PEM"),
    new Option("--ms <number>", "for each payload and each number of calls in flight, in milliseconds (default: 400)").argParser(wholeNumber(10)),
  ],
  examples: [
    ["measure --all --html paths.html", "all paths of this machine, compared"],
    ["measure tcp://127.0.0.1:4000", "one path; what it has to the nearest address of the server, if that offers one"],
    ["measure unix:/run/orders.sock --json", "for programs"],
  ],
  async run(invocation) {
    const { operands, options, host, reporter } = invocation;
    const [address] = operands;
    if ((address === undefined) === (options.all === undefined)) return complain(invocation, "give an address, or --all", "rpcgen measure --all");
    const { DEFAULT_PLAN, htmlReport, measureAddress, measureAll, textReport, thisMachine } = await import("../../measure/index.js");
    const machine = thisMachine();
    const plan = { ...DEFAULT_PLAN, ...(options.ms !== undefined && { ms: options.ms }) };
    const progress = progressLine(invocation);
    const stopped = new AbortController();
    try {
      const ca = options.ca === undefined ? undefined : pem(options.ca, invocation);
      // Its own servers have to be taken down again; to leave somebody else's, it is enough to end.
      if (address === undefined) void host.watcher.interrupted().then(() => stopped.abort());
      const measurement = address === undefined ? await measureAll(plan, progress.show, stopped.signal) : await measureAddress(address, plan, progress.show, ca);
      progress.clear();
      const page = options.html === undefined ? [] : compareOutputs([{ path: options.html, text: htmlReport(measurement, machine) }], "", host);
      const refused = writeOutputs({ outputs: page }, "", host);
      reporter.report({
        findings: refused.map((each) => locate(each, () => undefined)),
        source: () => undefined,
        json: { machine, ...measurement },
        text: textReport(measurement, machine),
        ...(options.html !== undefined && { summary: refused.length > 0 ? "the page was not written" : `${options.html} written` }),
      });
      return refused.length > 0 ? ExitCode.USAGE : ExitCode.OK;
    } catch (error) {
      progress.clear();
      if (stopped.signal.aborted) return complain(invocation, "it was interrupted");
      if (error instanceof CallError) return complain(invocation, error.message, error.help);
      const isMissing = (error as { readonly code?: string }).code === "ERR_MODULE_NOT_FOUND";
      const help = isMissing ? "npm install @rpcgen/runtime" : "`rpcgen measure --all` needs no server";
      return complain(invocation, isMissing ? "the package @rpcgen/runtime, which makes the calls, is not installed" : errorText(error), help);
    }
  },
};

function complain({ host }: Invocation, what: string, help?: string): ExitCode {
  host.stderr.write(`error: ${what}\n${help === undefined ? "" : `  help: ${help}\n`}`);
  return ExitCode.USAGE;
}

interface ProgressLine {
  readonly show: (name: string, what: string, of: number) => void;
  readonly clear: () => void;
}

/** Where nobody watches, nothing is shown. */
function progressLine({ host: { stderr } }: Invocation): ProgressLine {
  let [at, last] = [0, ""];
  const clear = (): void => void (stderr.isTTY && stderr.write("\r\u001b[K"));
  return {
    clear,
    show(name, what, of) {
      at = name === last ? at + 1 : 1;
      last = name;
      if (stderr.isTTY) stderr.write(`\r\u001b[K${name} ${at}/${of}: ${what}`);
    },
  };
}

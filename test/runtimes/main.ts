/**
 * Runs the runtime's own suite on every runtime that is installed, and prints how many tests ran there, how many were left out, and why.
 * Exits 1 if a test fails there, or is not there, without a reason in the table. Needs `npm ci --prefix test/runtimes`.
 */
import { readLine } from "../script-options.js";
import { reasonFor, RUNTIMES, type Runtime } from "./runtimes.js";
import { runSuite, type SuiteRun } from "./suite.js";

const WHOLE = ["test/runtime", "test/wire", "test/transport"];
/** A few of each kind, with calls over every transport; without those between processes, which take a second to start. */
const QUICK = ["calls", "cancellation", "errors", "pieces", "retry"].map((name) => `test/runtime/${name}.test.ts`)
  .concat(["test/wire/json.test.ts", "test/wire/text.test.ts", "test/transport/rpc-over-all.test.ts", "--testNamePattern=^(?!.*in another process)"]);

const { values, words } = readLine({
  command: "npm run test:runtimes --",
  what: "Runs the runtime's own suite on Node 20, 22 and 24, Bun, Deno and Chromium.",
  words: `the runtimes to run it on, out of ${RUNTIMES.map(({ name }) => name).join(", ")}; default: all`,
  options: {
    quick: { kind: "flag", what: "a few files of each kind" },
    seconds: { kind: "number", default: 900, least: 1, what: "how long it may take on each" },
  },
});

const unknown = words.filter((word) => !RUNTIMES.some(({ name }) => name === word));
if (unknown.length > 0) {
  console.error(`no runtime is called ${unknown.join(", ")}; there are ${RUNTIMES.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const [first, ...others] = RUNTIMES as readonly [Runtime, ...Runtime[]];
const options = values.quick ? QUICK : WHOLE;
let wrong = 0;

const known = await measure(first);
for (const runtime of others) if (words.length === 0 || words.includes(runtime.name)) await measure(runtime, known);
process.exitCode = wrong > 0 ? 1 : 0;

/** @param all the run that has every test there is. */
async function measure(runtime: Runtime, all?: SuiteRun): Promise<SuiteRun> {
  const version = runtime.version();
  if (version === undefined) {
    console.log(`${runtime.name}: not installed; npm ci --prefix test/runtimes, and for chromium apt-get install chromium`);
    wrong += 1;
    return { tests: new Map(), failures: new Map(), output: "", late: false };
  }
  const run = await runSuite(runtime, options, values.seconds);
  tell(`${runtime.name} (${version})`, runtime, run, all ?? run);
  return run;
}

function tell(title: string, runtime: Runtime, run: SuiteRun, all: SuiteRun): void {
  if (run.late || run.tests.size === 0) {
    wrong += 1;
    const why = run.late ? `not done after ${values.seconds} s` : "no test came to an end";
    console.log(`${title}: ${why}\n${run.output.slice(-2_000)}`);
    return;
  }
  const failed = [...run.failures.keys()].filter((test) => reasonFor(runtime, test) === undefined);
  const passed = [...run.tests].filter(([, result]) => result === "passed").map(([test]) => test);
  const absent = [...new Set([...all.tests.keys(), ...run.tests.keys()])].filter((test) => !passed.includes(test) && !failed.includes(test));
  const reasons = new Map<string, string[]>();
  for (const test of absent) {
    const skippedEverywhere = all.tests.get(test) === "skipped" ? "is left out on Node as well, as `--quick` leaves out what needs two processes" : undefined;
    const why = reasonFor(runtime, test) ?? skippedEverywhere ?? "no reason is known";
    reasons.set(why, [...(reasons.get(why) ?? []), test]);
  }
  console.log(`${title}: ${passed.length} passed, ${failed.length} failed, ${absent.length} left out`);
  for (const [why, tests] of reasons) console.log(`  ${tests.length} left out: ${why}`);
  const inexplicable = reasons.get("no reason is known") ?? [];
  for (const test of failed) console.log(`  FAILED ${test}\n    ${(run.failures.get(test) ?? "").split("\n").slice(0, 3).join("\n    ")}`);
  for (const test of inexplicable.slice(0, 20)) console.log(`  NOT THERE ${test}`);
  wrong += failed.length + inexplicable.length;
}

/**
 * `npm run fuzz`: ten million executions (`--executions`), from a seed (`--seed`) that is printed. Exits 1 at the first input
 * that is answered by anything but a DecodeError or a value that encodes to it, takes more than five seconds for a MiB, leaves a
 * prototype changed, or lets the heap grow above half a GiB.
 */
import { readLine } from "../script-options.js";
import { DecoderFuzzer, fuzzedSchemas } from "./decoder-fuzzer.js";
import { prototypesAreAs, prototypeSnapshot } from "./prototype-snapshot.js";

const { values } = readLine({
  command: "npm run fuzz",
  what: "Gives hostile bytes to generated decoders.",
  options: {
    executions: { kind: "number", what: "how many inputs", default: 10_000_000, least: 1 },
    seed: { kind: "number", what: "where the inputs come from; another at each run if it is not said" },
  },
});
const EXECUTIONS = values.executions;
const SEED = values.seed ?? Date.now() % 1_000_000;
const ROUND = 250_000;
/** Of CPU time, collector included: what grows faster than its input is far beyond. */
const MAX_MS_PER_MIB = 5000;
const MAX_HEAP = 512 << 20;

// Refusals are most of the work, and their stacks say nothing.
Error.stackTraceLimit = 0;

const begin = performance.now();
const before = prototypeSnapshot();
let executions = 0;
let accepted = 0;
let slowest = 0;
let peakHeap = 0;

process.stderr.write(`seed ${SEED}\n`);
while (executions < EXECUTIONS) {
  // New schemas each round, so that the sum of rounds sees many.
  const seed = SEED + Math.floor(executions / ROUND) * 1000;
  const fuzzer = new DecoderFuzzer(seed, await fuzzedSchemas(seed, 12));
  for (let left = Math.min(ROUND, EXECUTIONS - executions); left > 0; left -= 1000) {
    fuzzer.run(Math.min(left, 1000));
    peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
  }
  const { report } = fuzzer;
  executions += report.executions;
  accepted += report.accepted;
  slowest = Math.max(slowest, report.slowestPerMiB);
  process.stderr.write(
    `${executions} executions, ${accepted} accepted, ${rate()}/s, ${slowest.toFixed(0)} ms/MiB, peak heap ${mib(peakHeap)} MiB\n`,
  );
  if (!prototypesAreAs(before)) fail("a prototype was changed");
  if (slowest > MAX_MS_PER_MIB) fail(`an input took ${slowest.toFixed(0)} ms for a MiB`);
  if (peakHeap > MAX_HEAP) fail(`the heap grew to ${mib(peakHeap)} MiB`);
}
process.stdout.write(`${executions} executions, nothing found\n`);

function rate(): number {
  return Math.round(executions / ((performance.now() - begin) / 1000));
}

function mib(bytes: number): number {
  return Math.round(bytes / (1 << 20));
}

function fail(why: string): never {
  process.stderr.write(`seed ${SEED}: ${why}\n`);
  process.exit(1);
}

/**
 * `npm run corpus`: every file of google-proto-files imported, checked, generated, type-checked and brought back to protobuf. Prints each
 * that fails with its reason, and how often what could not be carried over; exits 1 where fewer than 99 % pass.
 */
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { catalog, type Code } from "../../src/diagnostics/catalog.js";
import { readLine } from "../script-options.js";
import type { Verdict } from "./batch.js";
import { corpusNames } from "./corpus.js";
import { missingProtoc } from "./protoc.js";

/** A batch of that many takes a gigabyte at most, tsc included; smaller ones do more of what they share again. */
const MOST_IN_BATCH = 600;
const LEAST = 0.99;

const { values, words } = readLine({
  command: "npm run corpus",
  what: "Takes the files of google-proto-files that patterns match, all without any, to TypeScript that is type-checked, and back to protobuf.",
  options: {
    sample: { kind: "number", what: "takes so many of them", least: 1 },
    seed: { kind: "number", what: "of the sample: the same files for the same seed", default: 1 },
    jobs: { kind: "number", what: "processes that work at once", default: Math.min(availableParallelism(), 4), least: 1 },
    json: { kind: "text", what: "a file to write the report to, file by file" },
  },
  words: '"google/type/*.proto" …',
});

/** A linear congruential generator: the same names for the same seed, on every machine. */
function sample(names: readonly string[], count: number, seed: number): string[] {
  const left = [...names];
  const chosen: string[] = [];
  for (let state = seed >>> 0; chosen.length < count && left.length > 0; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    chosen.push(...left.splice(state % left.length, 1));
  }
  return chosen.sort();
}

function inProcess(names: readonly string[]): Promise<readonly Verdict[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("batch-process.ts", import.meta.url)));
    child.once("message", (verdicts) => resolve(verdicts as readonly Verdict[]));
    child.once("exit", (code, signal) => reject(new Error(`the batch from ${names[0]} on ended with ${signal ?? code}`)));
    child.send(names);
  });
}

async function verdictsOn(names: readonly string[]): Promise<Verdict[]> {
  const size = Math.min(MOST_IN_BATCH, Math.ceil(names.length / values.jobs));
  const left = Array.from({ length: Math.ceil(names.length / size) }, (_, at) => names.slice(at * size, (at + 1) * size));
  const verdicts: Verdict[] = [];
  const work = async (): Promise<void> => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) {
      const made = await inProcess(batch);
      for (const { name, failure } of made) if (failure !== undefined) console.log(`${name}\n  ${failure}`);
      verdicts.push(...made);
      console.error(`${verdicts.length} of ${names.length} files`);
    }
  };
  await Promise.all(Array.from({ length: values.jobs }, work));
  return verdicts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** By code: how many findings, in how many files. */
function remarksOf(verdicts: readonly Verdict[]): Readonly<Record<string, { readonly findings: number; readonly files: number }>> {
  const sums: Record<string, { findings: number; files: number }> = {};
  for (const [code, count] of verdicts.flatMap(({ remarks }) => Object.entries(remarks))) {
    const sum = (sums[code] ??= { findings: 0, files: 0 });
    sum.findings += count;
    sum.files += 1;
  }
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const named = await corpusNames(...words);
const verdicts = await verdictsOn(values.sample === undefined ? named : sample(named, values.sample, values.seed));
const passed = verdicts.filter(({ failure }) => failure === undefined).length;
const remarks = remarksOf(verdicts);
for (const [code, { findings, files }] of Object.entries(remarks)) console.log(`${code} ${catalog[code as Code].slug}: ${findings} in ${files} files`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ passed, failed: verdicts.length - passed, remarks, files: verdicts }, undefined, 2)}\n`);
console.log(`${passed} passed, ${verdicts.length - passed} failed`);
if (missingProtoc !== undefined) console.log(`what came back was not shown to ${missingProtoc}`);
if (verdicts.length === 0) console.error("no file matches");
process.exitCode = verdicts.length > 0 && passed >= verdicts.length * LEAST ? 0 : 1;

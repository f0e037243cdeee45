/**
 * `npm run corpus`: every file of google-proto-files imported, checked, generated and type-checked, with a report by file.
 *
 *   npm run corpus -- --sample 200 --seed 7     a sample, the same for the same seed
 *   npm run corpus -- "google/type/*.proto"     what a pattern matches
 *   npm run corpus -- --json report.json        the report by file, written
 *
 * Exits with 1 where fewer than 99 % pass. Batches go to a process of their own each, so that memory is bounded by one.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { corpusNames, runFile } from "./corpus.js";
import { typeCheck } from "./type-check.js";

const BATCH = 40;
const LEAST = 0.99;

interface Verdict {
  readonly name: string;
  readonly remarks: number;
  readonly failure?: string;
}

/** One program for the batch. An error counts for every file whose outputs have it. */
function runBatch(names: readonly string[]): Verdict[] {
  const ran = names.map((name) => runFile(name));
  const wrong = typeCheck(new Map(ran.flatMap(({ outputs }) => [...outputs])));
  return ran.map(({ name, remarks, failure, outputs }) => {
    const bad = failure ?? [...wrong].find(([file]) => file === "" || outputs.has(file))?.[1];
    return { name, remarks, ...(bad !== undefined && { failure: bad }) };
  });
}

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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: "string" }, seed: { type: "string", default: "1" }, json: { type: "string" }, batch: { type: "boolean", default: false } },
});

if (values.batch) {
  process.stdout.write(JSON.stringify(runBatch(positionals)));
} else {
  const named = positionals.length === 0 ? await corpusNames() : (await Promise.all(positionals.map((pattern) => corpusNames(pattern)))).flat();
  const names = values.sample === undefined ? named : sample(named, Number(values.sample), Number(values.seed));
  const verdicts: Verdict[] = [];
  for (let at = 0; at < names.length; at += BATCH) {
    const batch = names.slice(at, at + BATCH);
    const printed = execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), "--batch", ...batch], {
      encoding: "utf8",
      maxBuffer: 64 << 20,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const made = JSON.parse(printed) as Verdict[];
    for (const { name, failure } of made) if (failure !== undefined) process.stdout.write(`${name}\n  ${failure}\n`);
    verdicts.push(...made);
    process.stderr.write(`${verdicts.length} of ${names.length}\r`);
  }
  const passed = verdicts.filter(({ failure }) => failure === undefined).length;
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(verdicts, undefined, 2)}\n`);
  process.stdout.write(`${passed} passed, ${verdicts.length - passed} failed\n`);
  process.exitCode = verdicts.length > 0 && passed >= verdicts.length * LEAST ? 0 : 1;
}

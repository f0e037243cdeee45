/**
 * `npm run test:planted`: the harness must bite. Each planted bug is put into the runtime while it is loaded, and must be caught by the
 * simulation within 10,000 seeds or else by the cells of the table. Exits 1 if one is caught by neither.
 * Words behind it choose bugs by name.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { readLine } from "../script-options.js";
import { bundle, root } from "./bundle.js";
import { patchesOf, PLANTED_BUGS, type PlantedBug } from "./planted-bugs.js";
import { runBundle, type Failure } from "./run-bundle.js";

const { values, words } = readLine({
  command: "npm run test:planted",
  what: "Plants bugs in the runtime, one after the other, and has each caught by the simulation or by the table's cells.",
  options: {
    seeds: { kind: "number", what: "in how many simulated worlds each is looked for, at most", default: 10_000, least: 1 },
    list: { kind: "flag", what: "tells what the bugs are, and plants none" },
  },
  words: "WORDS of the bugs' names, for those alone",
});
const SEEDS = values.seeds;
/** Most are caught by far fewer; what is not, the cells are asked about before the rest of the seeds. */
const FIRST_SEEDS = 500;
const AT_ONCE = 2;

/** The first seed that fails. With the runtime as it ships it must not: else something is caught that is not the bug. */
async function caughtBySeeds(bug: PlantedBug, from: number, to: number): Promise<Failure | undefined> {
  const planted = await bundle("test/simulation/main.ts", patchesOf(bug));
  try {
    const { failures } = await runBundle(planted.path, ["--from", String(from), "--count", String(to - from + 1), "--until-failure"]);
    const [first] = failures;
    if (first === undefined) return undefined;
    const clean = await bundle("test/simulation/main.ts");
    const without = await runBundle(clean.path, ["--from", String(first.seed), "--count", "1"]);
    clean.remove();
    if (without.failures.length > 0) throw new Error(`seed ${first.seed} fails without "${bug.name}" too`);
    return first;
  } finally {
    planted.remove();
  }
}

/** The names of the tests that fail. */
function caughtByCells(bug: PlantedBug): Promise<readonly string[]> {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--config", "test/semantics/planted.vitest.config.ts", "--reporter", "json"];
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, PLANTED_BUG: bug.name }, stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  return new Promise((resolve) => {
    child.on("close", () => {
      const report = JSON.parse(printed.slice(printed.indexOf("{"))) as Report;
      const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
      if (tests.length === 0) throw new Error(`the cells did not run with "${bug.name}"`);
      resolve(tests.filter(({ status }) => status === "failed").map(({ fullName }) => fullName.trim()));
    });
  });
}

/** What caught it, for people. */
async function catchIt(bug: PlantedBug): Promise<string | undefined> {
  const early = await caughtBySeeds(bug, 1, Math.min(FIRST_SEEDS, SEEDS));
  if (early !== undefined) return toldBySeed(early);
  const cells = await caughtByCells(bug);
  if (cells.length > 0) return `${cells.length} cells, such as ${cells[0]}`;
  const late = SEEDS > FIRST_SEEDS ? await caughtBySeeds(bug, FIRST_SEEDS + 1, SEEDS) : undefined;
  return late === undefined ? undefined : toldBySeed(late);
}

function toldBySeed({ seed, violations: [first] }: Failure): string {
  return `seed ${seed}, ${first?.invariant}: ${first?.what.slice(0, 120)}`;
}

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[] }[];
}

async function main(): Promise<number> {
  const bugs = PLANTED_BUGS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  if (bugs.length === 0) {
    console.error(`no planted bug has a name with ${words.map((word) => JSON.stringify(word)).join(" or ")}; --list tells them all`);
    return 2;
  }
  if (values.list) {
    for (const { name, what } of bugs) console.log(`${name}: ${what}`);
    return 0;
  }
  const waiting = [...bugs];
  let missed = 0;
  const lane = async (): Promise<void> => {
    for (let bug = waiting.shift(); bug !== undefined; bug = waiting.shift()) {
      const how = await catchIt(bug);
      if (how === undefined) missed += 1;
      console.log(how === undefined ? `MISSED   ${bug.name}: ${bug.what}` : `caught   ${bug.name}: ${how}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  console.log(`${bugs.length - missed} of ${bugs.length} planted bugs are caught`);
  return missed === 0 ? 0 : 1;
}

process.exitCode = await main();

/** The promises in simulated worlds: the runtime that ships, in one process, on a clock and a network that a seed decides. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { applyPatch, bundle, root } from "./bundle.js";
import { patchesOf, PLANTED_BUGS } from "./planted-bugs.js";
import { runBundle } from "./run-bundle.js";
import { runSeed } from "./run-seed.js";
import { describeOptions, optionsOf } from "./sim-options.js";

const SEEDS = Number(process.env["SIMULATION_SEEDS"] ?? 2_000);
const FROM = Number(process.env["SIMULATION_FROM"] ?? 1);

const simulation = await bundle("test/simulation/main.ts");
afterAll(() => simulation.remove());

describe("a seed", () => {
  it.each([3, 31, 92, 346, 54])("replays its run exactly (%i)", async (seed) => {
    const [first, second] = [await runSeed(seed, { records: true }), await runSeed(seed, { records: true })];
    expect(first.events.length).toBeGreaterThan(10);
    expect(second.events).toEqual(first.events);
    expect(second.happened).toBe(first.happened);
  });

  it("is a printed set of options, each seed another subset of the faults", () => {
    const sets = new Set(Array.from({ length: 50 }, (_, seed) => /faults: .*/.exec(describeOptions(optionsOf(seed)))?.[0].replace(/=\S+/g, "")));
    expect(sets.size).toBeGreaterThan(45);
  });
});

describe("a world that is over", () => {
  it("is kept by nothing, whatever died in it", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const worlds: WeakRef<object>[] = [];
    for (let seed = 1; seed <= 40; seed += 1) await runSeed(seed, { seen: (world) => void worlds.push(new WeakRef(world)) });
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    expect(worlds).toHaveLength(40);
    expect(worlds.filter((world) => world.deref() !== undefined)).toHaveLength(0);
  });
});

describe("what is simulated", () => {
  it("is the code that ships: the runtime has no branch for it", () => {
    expect(simulation.runtimeFiles.length).toBeGreaterThan(40);
    // To hand the environment on, as to a child process, is not to look into it.
    const telltale = /simul|buggif|chaos|harness|planted|vitest|NODE_ENV|process\.env(?!, \.\.\.own \})/i;
    for (const file of simulation.runtimeFiles) expect([file, telltale.exec(withoutComments(file))?.[0]]).toEqual([file, undefined]);
  });

  it("has no clock and no chance but those that are injected", () => {
    const host = /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|getRandomValues|randomUUID/;
    const allowed = new Set(["runtime/rpc/clock.ts", "runtime/rpc/random.ts"]);
    const core = simulation.runtimeFiles.filter((file) => /^runtime\/(rpc|idempotency|wire)\//.test(file) && !allowed.has(file));
    for (const file of core) expect([file, host.exec(withoutComments(file))?.[0]]).toEqual([file, undefined]);
  });

  it("refuses a patch that does not fit", () => {
    const patch = { file: "x.ts", find: "a", replace: "b" };
    expect(applyPatch("a", patch)).toBe("b");
    expect(() => applyPatch("c", patch)).toThrow("0 places");
    expect(() => applyPatch("aa", patch)).toThrow("2 places");
  });
});

describe("planted bugs", () => {
  it("fit the runtime as it is", () => {
    expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(20);
    for (const patch of PLANTED_BUGS.flatMap(patchesOf)) expect(applyPatch(readFileSync(join(root, patch.file), "utf8"), patch)).not.toBe("");
  });

  it.each(["no fence", "a new id for each attempt", "cancelled means not executed"])("%s is caught", { timeout: 300_000 }, async (name) => {
    const bug = PLANTED_BUGS.find((each) => each.name === name);
    const planted = await bundle("test/simulation/main.ts", patchesOf(bug ?? expect.fail()));
    const { failures } = await runBundle(planted.path, ["--count", "1000", "--until-failure"]);
    planted.remove();
    expect(failures.length).toBeGreaterThan(0);
  });
});

describe("the promises", () => {
  it(`hold in ${SEEDS} worlds`, { timeout: 600_000 }, async () => {
    const { failures, seeds, calls, crashes } = await runBundle(simulation.path, ["--from", String(FROM), "--count", String(SEEDS)]);
    const told = failures.slice(0, 10).map(({ seed, violations: [first] }) => `seed ${seed}: ${first?.invariant}: ${first?.what}`);
    expect(told).toEqual([]);
    expect(seeds).toBe(SEEDS);
    expect(calls).toBeGreaterThan(10 * SEEDS);
    expect(crashes).toBeGreaterThan(SEEDS / 2);
  });
});

function withoutComments(file: string): string {
  const text = readFileSync(join(root, file), "utf8");
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, false, ts.LanguageVariant.Standard, text);
  let code = "";
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token !== ts.SyntaxKind.SingleLineCommentTrivia && token !== ts.SyntaxKind.MultiLineCommentTrivia) code += scanner.getTokenText();
  }
  return code;
}

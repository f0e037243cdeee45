/** Tests the claims of annotations on the user's handlers, and shrinks what speaks against them. */
import { SchemaIndex } from "../ir/schema-index.js";
import type { Method, Schema, Service } from "../ir/schema.js";
import type * as FastCheck from "fast-check";
import { Arbitraries } from "./arbitraries.js";
import { claimsOf, Endless, Violation, type Claim, type Scenario } from "./claims.js";
import { jsonOf } from "./difference.js";
import { EarlyExit } from "./early-exit.js";
import { loadFastCheck } from "./fast-check.js";
import { replayOf, type Replay } from "./replay.js";
import type { Subject } from "./subject.js";
import { SubjectError } from "./subject-error.js";
import { UnhandledRejections } from "./unhandled-rejections.js";
import { World, type Call } from "./world.js";

const MOST_CALLS_BEFORE = 4;
const USUAL_RUNS = 100;

export interface VerifyOptions {
  readonly schema: Schema;
  /** By the full name of their service. */
  readonly subjects: ReadonlyMap<string, Subject>;
  /** Experiments a claim. Default: 100. */
  readonly runs?: number | undefined;
  /** Of all random choices. Default: another one each time. */
  readonly seed?: number | undefined;
  /** One experiment that failed before, and no other. */
  readonly replay?: Replay | undefined;
}

export interface CounterExample {
  /** As JSON, which loses types: 64-bit numbers are strings, bytes base64. */
  readonly arguments: unknown;
  /** Calls that were made before. */
  readonly before: readonly { readonly method: string; readonly arguments: unknown }[];
  readonly what: string;
  /** Where it shows, such as `orders.length: 1, then 2`. */
  readonly differences: readonly string[];
  /** To be given to `--replay`. */
  readonly replay: string;
}

/** One claim of one method. */
export interface Verdict {
  readonly service: Service;
  readonly method: Method;
  readonly claim: string;
  readonly says: string;
  readonly runs: number;
  /** Undefined where the claim held in every experiment. */
  readonly counterExample?: CounterExample;
}

export interface Verification {
  readonly verdicts: readonly Verdict[];
  /** Methods that a run of may repeat, and the `@atMostOnce` methods that they called through `ctx.client`. */
  readonly children: readonly { readonly parent: Method; readonly path: string }[];
  readonly seed: number;
}

/**
 * Runs every experiment. State is shared by the handlers of a service, so it is one after another.
 * @throws SubjectError where the subjects cannot be tested as they are.
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const fc = await loadFastCheck();
  const index = new SchemaIndex(options.schema);
  const seed = options.replay?.seed ?? options.seed ?? Math.trunc(Math.random() * 0x7fff_ffff);
  const arbitraries = new Arbitraries(fc, index);
  const rejections = new UnhandledRejections();
  let tested = "the first method";
  const exit = new EarlyExit(
    () => ({ problem: `a handler ended the process while ${tested} was tested, and nothing more was`, help: "throw an error, or test a handler that does not call process.exit" }),
    1,
  );
  const verdicts: Verdict[] = [];
  const children = new Map<string, { parent: Method; path: string }>();
  try {
    for (const [name, subject] of options.subjects) {
      const service = index.declaration(name) as Service;
      const world = new World(subject, service, rejections, (parent, child) => {
        const mayRepeat = parent.semantics !== "atMostOnce" && parent.semantics !== "failStop";
        if (mayRepeat && child.semantics === "atMostOnce") children.set(`${parent.path} ${child.path}`, { parent, path: child.path });
      });
      for (const method of service.methods) {
        for (const claim of claimsOf[method.semantics]) {
          if (!claim.appliesTo(method) || !isWanted(options.replay, service, method, claim)) continue;
          tested = `"${service.name}.${method.name}"`;
          const scenarios = scenariosOf(fc, arbitraries, service, method, subject);
          verdicts.push(await judge({ ...options, fc, world, service, method, claim, scenarios, rejections, seed }));
        }
      }
    }
  } finally {
    rejections.close();
    exit.close();
  }
  return { verdicts, children: [...children.values()], seed };
}

function isWanted(replay: Replay | undefined, service: Service, method: Method, claim: Claim): boolean {
  return replay === undefined || (replay.service === service.name && replay.method === method.name && replay.claim === claim.name);
}

function scenariosOf(
  fc: typeof FastCheck,
  arbitraries: Arbitraries,
  service: Service,
  method: Method,
  subject: Subject,
): FastCheck.Arbitrary<Scenario> {
  const requests = (of: Method): FastCheck.Arbitrary<unknown> => {
    const examples = subject.examples?.[of.tsName ?? of.name] ?? [];
    const drawn = arbitraries.request(of);
    return examples.length === 0 ? drawn : fc.oneof(fc.constantFrom(...examples), drawn);
  };
  // A stream that stays open would only take time here.
  const others = service.methods.filter(({ result }) => result?.stream !== true);
  const calls = others.map((other) => requests(other).map((request): Call => ({ method: other, request })));
  return fc.record({
    before: calls.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...calls), { maxLength: MOST_CALLS_BEFORE }),
    request: requests(method),
    point: fc.nat({ max: 1_000 }),
    by: fc.constantFrom("throw" as const, "abort" as const),
    gap: fc.nat({ max: 3 }),
  });
}

interface Trial extends VerifyOptions {
  readonly fc: typeof FastCheck;
  readonly world: World;
  readonly service: Service;
  readonly method: Method;
  readonly claim: Claim;
  readonly scenarios: FastCheck.Arbitrary<Scenario>;
  readonly rejections: UnhandledRejections;
  readonly seed: number;
}

async function judge({ fc, world, service, method, claim, scenarios, rejections, seed, runs, replay }: Trial): Promise<Verdict> {
  let isEndless = false;
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    if (isEndless) return;
    rejections.forget();
    await claim.test(world, { method, request: scenario.request }, scenario).catch((error: unknown) => {
      isEndless = error instanceof Endless;
      throw error;
    });
    const rejected = await rejections.first();
    if (rejected !== undefined) throw new Violation("a promise was rejected and nobody waited for it", [rejected]);
  });
  const details = await fc.check(property, {
    numRuns: runs ?? USUAL_RUNS,
    seed,
    ...(replay !== undefined && { path: replay.path, endOnFailure: true }),
  });
  const verdict = { service, method, claim: claim.name, says: claim.says, runs: details.numRuns };
  if (!details.failed) return verdict;
  const { errorInstance: error, counterexample, counterexamplePath } = details;
  if (error instanceof SubjectError || !(error instanceof Violation) || counterexample === null) throw error;
  const [scenario] = counterexample;
  const path = counterexamplePath ?? "";
  return {
    ...verdict,
    counterExample: {
      arguments: jsonOf(scenario.request),
      before: scenario.before.map((call) => ({ method: call.method.name, arguments: jsonOf(call.request) })),
      what: error.message,
      differences: error.lines,
      replay: replayOf({ service: service.name, method: method.name, claim: claim.name, seed, path }),
    },
  };
}

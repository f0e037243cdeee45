/** The invariants that are judged when the world is over. The others are held while it goes on, where they can be broken. */
import type { Op } from "./ledger.js";
import { isGuarded, methods } from "./sim-service.js";
import type { SimWorld, Tier } from "./sim-world.js";

/** What a call may take beyond its deadline before it is told so. */
const SETTLE_SLACK_MS = 250;

export function judge(world: SimWorld): void {
  effectsHappenOnce(world);
  for (const op of world.ledger.ops) {
    answersAreTrue(world, op);
    callsSettle(world, op);
    settlementsStand(world, op);
  }
  sessionsAreInOrder(world);
  attemptsAreBounded(world);
  budgetsAreKept(world);
}

/** Calls of a session run in the order in which they were made, and after its end none is answered. */
function sessionsAreInOrder(world: SimWorld): void {
  for (const session of new Set(world.ledger.ops.flatMap(({ session: own }) => own ?? []))) {
    const ops = world.ledger.ops.filter((op) => op.session === session);
    const runs = ops.flatMap(({ id }) => world.ledger.runs.filter((run) => run.op === id && run.tier === "front"));
    if (runs.some(({ run }, index) => index > 0 && run < (runs[index - 1]?.run ?? 0))) {
      world.violate("I2", `session ${session} ran out of order: ${runs.map(({ op, run }) => `${op} as run ${run}`).join(", ")}`);
    }
    const end = ops.findIndex(({ seen }) => seen?.kind === "error" && seen.error.reason === "SESSION_REVOKED" && seen.error.executed === "unknown");
    const late = end < 0 ? undefined : ops.slice(end + 1).find(({ seen, startedAt }) => seen?.kind === "ok" && startedAt > (ops[end]?.settledAt ?? 0));
    if (late !== undefined) world.violate("I2", `session ${session} was over with ${ops[end]?.id}, and ${late.id} was answered`);
  }
}

/** With what a client starts, what a retry costs (half of it where the server had no room), and what a success earns. */
const BUDGET = { tokens: 100, retry: 10, throttled: 5, success: 1 } as const;

function budgetsAreKept(world: SimWorld): void {
  // A retry that helped gave its price back.
  for (const [client, { size: retries }] of world.wiretap.retries) {
    const answered = world.ledger.ops.filter((op) => op.client === client && op.seen?.kind === "ok");
    const helped = answered.filter(({ id }) => world.wiretap.triedAgain.has(id)).length;
    const earned = BUDGET.tokens + answered.length * BUDGET.success + helped * BUDGET.retry;
    const price = world.options.maxRunning === undefined ? BUDGET.retry : BUDGET.throttled;
    if (retries * price > earned) world.violate("I7", `${client} made ${retries} retries with a budget of ${earned}`);
  }
}

/** How often the call's effect happened in a tier: in the store where the method has one. */
export function effectsOf(world: SimWorld, tier: Tier, op: Op | number): number {
  const id = typeof op === "number" ? op : op.id;
  return world.ledger.effectsOf(tier, id) + committedRuns(world, tier, id).length;
}

export function committedRuns(world: SimWorld, tier: Tier, op: number): number[] {
  const text = world.stores[tier].user.get(`${tier}/${op}`)?.value ?? "";
  return text === "" ? [] : text.split(" ").map(Number);
}

function effectsHappenOnce(world: SimWorld): void {
  const methodOf = new Map(world.ledger.ops.map(({ id, method }) => [id, method]));
  for (const [id, method] of methodOf) {
    for (const tier of world.tiers) {
      // Below an @idempotent call stand guarded ones.
      if (tier === "front" && !isGuarded(method)) continue;
      const count = effectsOf(world, tier, id);
      if (count > 1) world.violate("I1", `${method} ${id} took effect ${count} times at ${tier}`);
    }
  }
}

function answersAreTrue(world: SimWorld, op: Op): void {
  const { seen, id, method } = op;
  if (seen === undefined) return;
  const effects = effectsOf(world, "front", id);
  const runs = world.ledger.runs.filter((run) => run.op === id && run.tier === "front");
  const isEmptyStream = methods[method].kind !== "unary" && op.errand.items === 0;
  if (seen.kind === "ok" && !isEmptyStream) {
    if (runs.length === 0) world.violate("I2", `${method} ${id} was answered and never ran`);
    if (isGuarded(method) && effects !== 1) world.violate("I2", `${method} ${id} was answered OK and took effect ${effects} times`);
    if (seen.run !== 0 && !runs.some(({ run }) => run === seen.run)) world.violate("I5", `${method} ${id} got the answer of run ${seen.run}, which is another's`);
    const committed = committedRuns(world, "front", id);
    if (committed.length > 0 && !committed.includes(seen.run)) world.violate("I2", `${method} ${id} got the answer of run ${seen.run}, and ${committed.join()} was committed`);
  }
  // What another process did under the same key, the call of this one does not know of.
  if (seen.kind === "error" && seen.error.executed === "no" && !op.resumed) {
    if (effects > 0) world.violate("I3", `${method} ${id} was said not to have run (${seen.error.message}) and took effect ${effects} times`);
    // A transaction that was rolled back ran, and nothing of it is left.
    if (runs.length > 0 && method !== "place") world.violate("I3", `${method} ${id} was said not to have run (${seen.error.message}) and ran ${runs.length} times`);
  }
  if (seen.kind === "error" && seen.error.executed === "yes" && runs.length === 0) {
    world.violate("I3", `${method} ${id} was said to have run (${seen.error.message}) and did not`);
  }
  // Nobody here makes a call under an id that was used, nor under one that its server may have forgotten.
  if (seen.kind === "error" && (seen.error.reason === "CALL_ID_REUSED" || (seen.error.reason === "STALE" && !mayExpire(world, op)))) {
    world.violate("I10", `${method} ${id}: ${seen.error.reason}: ${seen.error.message}`);
  }
  if (seen.kind === "error" && seen.error.reason === "OUTCOME_UNKNOWN" && seen.error.code !== "UNKNOWN") {
    world.violate("I3", `${method} ${id}: an unknown outcome is shown as ${seen.error.code}`);
  }
}

/**
 * A key has an age. Where a server's clock may jump, what its store keeps for minutes is gone in no time; and where a client's may, it takes
 * that for sleep, after which what is kept in memory would be gone.
 */
export function mayExpire(world: SimWorld, op: Op): boolean {
  return op.key !== undefined || (isGuarded(op.method) && world.options.faults.clockJump > 0);
}

function callsSettle(world: SimWorld, op: Op): void {
  if (op.abandoned) return;
  if (op.settledAt === undefined) return world.violate("I6", `${op.method} ${op.id} never came to an end`);
  const late = op.settledAt - op.deadlineAt;
  if (late > SETTLE_SLACK_MS + world.frozenMs(op.client)) world.violate("I6", `${op.method} ${op.id} ended ${late.toFixed(0)} ms after its deadline`);
}

/** Of what was asked again and again, a definite answer stays, and is true. */
function settlementsStand(world: SimWorld, op: Op): void {
  const definite = op.settlements.filter(({ executed }) => executed !== "unknown");
  const [first] = definite;
  if (first === undefined) return;
  if (definite.some(({ executed, run }) => executed !== first.executed || run !== first.run)) {
    world.violate("I11", `${op.method} ${op.id} was settled as ${definite.map(({ executed, run }) => `${executed} (${run})`).join(", ")}`);
  }
  const effects = effectsOf(world, "front", op);
  if (first.executed === "no" && effects > 0) world.violate("I11", `${op.method} ${op.id} was settled as not executed and took effect ${effects} times`);
  if (first.executed === "yes" && first.answered && effects !== 1) world.violate("I11", `${op.method} ${op.id} was settled as executed and took effect ${effects} times`);
}

/** Of one call at most three, and of all calls of a client no more retries than its budget has paid for. */
function attemptsAreBounded(world: SimWorld): void {
  for (const call of world.wiretap.calls.values()) {
    const most = Math.max(...call.attempts);
    if (most > 3) world.violate("I7", `${call.method} ${call.op} was tried ${most} times`);
  }
}

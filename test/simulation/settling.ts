/** Asks what became of calls whose outcome is unknown: at once, later, and again, for the answer must stay what it is. */
import type { Outcome, RpcError } from "../../runtime/index.js";
import { mayExpire } from "./judge.js";
import type { Op, Settlement } from "./ledger.js";
import { isGuarded, methods, Refused, type Report } from "./sim-service.js";
import type { SimWorld } from "./sim-world.js";

/** How long a question stays open on its client, less what it may take to ask. */
const OPEN_MS = 45_000;

export async function settle(world: SimWorld, op: Op): Promise<void> {
  if (op.seen?.kind !== "error" || methods[op.method].kind !== "unary") return;
  const outcome = await op.seen.error.settle();
  const settlement = { ...settlementOf(outcome), at: world.queue.now };
  world.log(`${op.client} ${op.method} ${op.id} is settled: ${settlement.executed}${outcome.error === undefined ? "" : ` (${outcome.error.message})`}`);
  op.settlements.push(settlement);
}

function settlementOf(outcome: Outcome<unknown>): Omit<Settlement, "at"> {
  const { executed } = outcome;
  if (executed === "yes" && outcome.error === undefined) return { executed, run: (outcome.value as Report).run, answered: true };
  return { executed, run: runOf(outcome.error), answered: false };
}

function runOf(error: RpcError | undefined): number | undefined {
  return error instanceof Refused ? error.run : undefined;
}

/** In a world without faults: what a living instance was asked for has a definite end, and has the same end twice. */
export async function settleAll(world: SimWorld): Promise<void> {
  for (const round of [1, 2]) {
    const open = world.ledger.ops.filter((op) => !op.abandoned && isOpen(op) && world.isClientAlive(op.client));
    let pending = open.length;
    for (const op of open) void settle(world, op).finally(() => (pending -= 1));
    if (!(await world.queue.runWhile(() => pending > 0, world.queue.now + OPEN_MS))) world.violate("I11", `${pending} questions get no answer in round ${round}`);
  }
  for (const op of world.ledger.ops) {
    if (op.seen?.kind !== "error" || !isOpen(op) || !isGuarded(op.method) || !world.isClientAlive(op.client)) continue;
    const last = op.settlements.at(-1);
    const { instance } = op.seen.error;
    const asked = last !== undefined && last.at - (op.settledAt ?? 0) < OPEN_MS;
    // Of several replicas the client keeps to the one that it is connected to now; a server without room writes down nothing; and what is old is gone.
    const mustKnow = op.method !== "step" && !mayExpire(world, op) && world.options.replicas === 1 && world.options.caps === undefined;
    if (asked && last.executed === "unknown" && mustKnow && world.isInstanceAlive(instance)) {
      world.violate("I10", `${op.method} ${op.id}: the instance that it was sent to lives, and does not know what became of it`);
    }
  }
}

function isOpen(op: Op): boolean {
  return op.seen?.kind === "error" && op.seen.error.executed === "unknown" && methods[op.method].kind === "unary";
}

/** What a healed world owes its callers: it answers again within seconds, and when it is closed nothing is left of it. */
import { isGuarded, type Errand, type MethodName } from "./sim-service.js";
import type { Op } from "./ledger.js";
import type { SimClient } from "./sim-client.js";
import type { SimWorld } from "./sim-world.js";

const RECOVERY_MS = 5_000;
/** Between hosts the pace of reconnecting follows from how long they were apart. */
const NETWORK_PACE = 2;
/** Handlers that nobody waits for any more hold their places until they end. */
const BACKLOG_MS = 15_000;
/** A client holds calls back for so long after its server has turned the last one away. */
const THROTTLED_MS = 2_000;

/** Calls through every client until it is answered, and then once by every promise. */
export async function probe(world: SimWorld): Promise<void> {
  const { queue, options } = world;
  const began = queue.now;
  const slack = (options.scheme === "sim" ? NETWORK_PACE * began : 0) + (options.maxRunning === undefined ? 0 : BACKLOG_MS);
  const waiting = new Set(options.clientSlots);
  for (const slot of options.clientSlots) void untilAnswered(world, slot).then(() => waiting.delete(slot));
  if (!(await queue.runWhile(() => waiting.size > 0, began + RECOVERY_MS + slack))) {
    world.violate("I12", `${[...waiting].map((slot) => `client-${slot}`).join(", ")} got no answer within ${RECOVERY_MS + slack} ms after the faults had ended`);
    return;
  }
  // Connections that were broken on one side only have been noticed by then.
  await queue.runUntil(Math.max(queue.now + THROTTLED_MS, began + RECOVERY_MS));
  await queue.runWhile(() => world.unsettled.length > 0, queue.now + BACKLOG_MS);
  for (const name of ["read", "put", "add", "place", "step", "list"] as const) {
    if (!world.isServed(name)) continue;
    for (const client of world.clients) {
      let pending = true;
      void callOnce(world, client, name).finally(() => (pending = false));
      await queue.runWhile(() => pending, queue.now + 2 * RECOVERY_MS);
    }
  }
}

async function untilAnswered(world: SimWorld, slot: number): Promise<void> {
  for (;;) {
    const client = world.clients[slot];
    if (client?.channel !== undefined) {
      const op = await client.call("put", errandOf(world), { timeoutMs: 1_000 });
      if (op.seen?.kind === "ok") return;
    }
    await world.sleep(100);
  }
}

async function callOnce(world: SimWorld, client: SimClient, name: MethodName): Promise<void> {
  const until = world.queue.now + RECOVERY_MS;
  let seen: Op["seen"];
  do {
    if (name === "step") client.leaveSession();
    ({ seen } = await client.call(name, errandOf(world), { timeoutMs: RECOVERY_MS }));
    if (seen?.kind === "ok") return;
    await world.sleep(50);
    // Where few may run at once and fewer wait, another call of the world may have the place.
  } while (world.options.maxRunning !== undefined && isTurnedAway(seen) && world.queue.now < until);
  // Records of clients that died stay until they expire: a server that has no room for more says so, and runs nothing.
  if (world.options.caps !== undefined && isGuarded(name) && isTurnedAway(seen)) return;
  const { message, executed } = seen?.error ?? { message: "no answer", executed: "unknown" };
  world.violate("I12", `${name} of ${client.principal} fails in a world without faults: ${message} (executed ${executed}${isGuarded(name) ? ", guarded" : ""})`);
}

function isTurnedAway(seen: Op["seen"]): boolean {
  return seen?.kind === "error" && seen.error.code === "RESOURCE_EXHAUSTED" && seen.error.executed === "no";
}

function errandOf(world: SimWorld): Errand {
  return { op: world.ledger.nextOp(), handlerMs: 1, fails: "not", replyBytes: 0, depth: 0, items: 2 };
}

export async function closeAll(world: SimWorld): Promise<void> {
  let open = true;
  const closing = async (): Promise<void> => {
    await Promise.all(world.clients.map((client) => client.close()));
    await Promise.all([...world.servers.values()].map((server) => server.close()));
    open = false;
  };
  void closing();
  if (!(await world.queue.runWhile(() => open, world.queue.now + 2 * RECOVERY_MS))) world.violate("I13", "closing takes for ever");
}

export function checkLeaks(world: SimWorld): void {
  const { openEnds } = world.network;
  if (openEnds.length > 0) world.violate("I13", `${openEnds.length} ends of connections are open: ${openEnds.map((end) => `${end.id} at ${end.process.name}`).join(", ")}`);
  for (const { process } of [...world.clients, ...world.servers.values()]) {
    if (process.alive && process.pendingAlarms > 0) world.violate("I13", `${process.name} has ${process.pendingAlarms} alarms set after it was closed`);
  }
}

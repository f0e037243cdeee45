/** Many calls of every promise over real sockets, through a proxy that does to each connection what a seed says; then the effects are counted. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, memoryStore, RpcError, serve, type Caller, type Context, type MemoryTransaction } from "../../runtime/index.js";
import { failStopSession } from "../../runtime/generated.js";
import type { PromiseName } from "../../src/semantics/promises.js";
import { descriptor, methods, type Errand, type Report } from "../simulation/sim-service.js";
import { SimRandom } from "../simulation/sim-random.js";
import { METHOD_OF } from "./kill-points.js";
import { SocketProxy, type Place, type Toxic, type Toxics } from "./socket-proxy.js";
import type { SocketKind } from "./kill.js";

export interface Soak {
  readonly calls: number;
  readonly answered: number;
  readonly connections: number;
  readonly violations: readonly string[];
}

const CALLS = 40;
const AT_ONCE = 8;

export async function soak(seed: number, socket: SocketKind): Promise<Soak> {
  const random = new SimRandom(seed, 3);
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-soak-"));
  const witness = new Witness();
  const server = await serve({
    listen: socket === "unix" ? `unix:${join(folder, "s.sock")}` : "tcp://127.0.0.1:0",
    services: [{ descriptor, handlers: witness.handlers }],
    store: witness.store,
    onError: () => {},
  });
  const target: Place = socket === "unix" ? { path: join(folder, "s.sock") } : { host: "127.0.0.1", port: portOf(server.addresses[0]) };
  const proxy = await SocketProxy.open(socket === "unix" ? { path: join(folder, "p.sock") } : { host: "127.0.0.1", port: 0 }, target);
  const address = socket === "unix" ? `unix:${join(folder, "p.sock")}` : `tcp://127.0.0.1:${proxy.port}`;
  // The first connection lasts a while, so that there is a beginning.
  proxy.toxicsFor = (connection) => (connection > 0 && random.chance(0.8) ? toxicsOf(random) : { up: { limitBytes: 600 } });
  const channel = await connect(address);
  const violations: string[] = [];
  let answered = 0;
  let op = 0;
  const lane = async (): Promise<void> => {
    while (op < CALLS) {
      op += 1;
      const own = op;
      const semantics = random.pick(["readonly", "idempotent", "atMostOnce", "exactlyOnce", "failStop"] as const);
      const seen = await callOnce(semantics === "failStop" ? failStopSession(channel) : channel, semantics, own);
      if (seen === "OK") answered += 1;
      witness.owes(own, semantics, seen);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await channel.close();
  await proxy.close();
  await server.close({ graceMs: 1_000 });
  rmSync(folder, { recursive: true, force: true });
  violations.push(...(await witness.violations()));
  return { calls: op, answered, connections: proxy.connections, violations };
}

async function callOnce(caller: Caller, semantics: PromiseName, op: number): Promise<string> {
  const method = methods[METHOD_OF[semantics]] as typeof methods.read;
  try {
    const report = await caller.unary(method, { op, handlerMs: op % 5, fails: "not", replyBytes: (op * 37) % 900, depth: 0, items: 0 }, { timeoutMs: 4_000 });
    return report.op === op ? "OK" : `the reply of ${report.op}`;
  } catch (error) {
    if (error instanceof RpcError) return error.executed;
    throw error;
  }
}

/** One or two faults for each direction, early enough to be met. */
function toxicsOf(random: SimRandom): Toxics {
  const toxic = (): Toxic => {
    const bytes = random.int(150, 3_000);
    return random.pick<Toxic>([
      { latencyMs: random.int(1, 30) },
      { bytesPerSecond: random.int(20_000, 200_000) },
      { sliceBytes: random.int(1, 40) },
      { limitBytes: bytes },
      { limitBytes: bytes, sliceBytes: random.int(1, 20) },
      { silentAfterBytes: bytes },
      { halfOpenAfterBytes: bytes },
      { slowCloseMs: random.int(1, 100) },
      { twice: random.int(1, 10) },
    ]);
  };
  return { ...(random.chance(0.7) && { up: toxic() }), ...(random.chance(0.7) && { down: toxic() }) };
}

/** Counts effects, and knows what each call is owed. */
class Witness {
  readonly store = memoryStore();
  readonly #effects = new Map<number, number>();
  readonly #debts: { readonly op: number; readonly semantics: PromiseName; readonly seen: string }[] = [];
  #runs = 0;

  get handlers(): object {
    const run = async ({ op, handlerMs, replyBytes }: Errand, ctx: Context): Promise<Report> => {
      this.#runs += 1;
      const own = this.#runs;
      const { tx } = ctx as { readonly tx?: MemoryTransaction };
      if (tx === undefined) this.#effects.set(op, (this.#effects.get(op) ?? 0) + 1);
      else await tx.put(`${op}/${own}`, new Uint8Array([1]));
      await new Promise((resolve) => setTimeout(resolve, handlerMs));
      return { op, run: own, principal: "", pad: "x".repeat(replyBytes) };
    };
    return { read: run, put: run, add: run, place: run, step: run };
  }

  owes(op: number, semantics: PromiseName, seen: string): void {
    this.#debts.push({ op, semantics, seen });
  }

  async violations(): Promise<string[]> {
    await this.store.transact(async ({ tx }) => {
      for await (const { key } of tx.scan()) {
        const op = Number(key.split("/")[0]);
        this.#effects.set(op, (this.#effects.get(op) ?? 0) + 1);
      }
    });
    return this.#debts.flatMap(({ op, semantics, seen }) => {
      const effects = this.#effects.get(op) ?? 0;
      const told = `@${semantics} ${op}: ${seen} with ${effects} effects`;
      const guarded = semantics !== "readonly" && semantics !== "idempotent";
      if (guarded && effects > 1) return [`I1 ${told}`];
      if (seen === "OK" && effects === 0) return [`I2 ${told}`];
      if (seen === "no" && effects > 0) return [`I3 ${told}`];
      return seen.startsWith("the reply") ? [`I5 ${told}`] : [];
    });
  }
}

function portOf(address = ""): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

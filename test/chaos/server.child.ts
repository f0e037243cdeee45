/**
 * A server process that kills itself at a named point of the first call numbered 1: `ADDRESS FOLDER POINT [BELOW]`. It kills itself once:
 * what it leaves in the folder says so to the process that comes after it. "none" never dies. Effects stand in a file, or in the store.
 * With the address of a service BELOW, its handlers call the same method there.
 */
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { connect, serve, type Caller, type Channel, type CompletionStore, type Context } from "../../runtime/index.js";
import { openLogStore, type KeyValueTransaction } from "../../runtime/store/log/index.js";
import { descriptor, methods, type Errand, type Report } from "../simulation/sim-service.js";

const [address = "", folder = "", point = "none", addressBelow] = process.argv.slice(2);
const mark = join(folder, "killed");
let runs = 0;
/** The call that it dies in has begun. */
let armed = false;

function dieAt(here: string): void {
  if (here !== point || !armed || existsSync(mark)) return;
  writeFileSync(mark, here);
  process.kill(process.pid, "SIGKILL");
}

const log = await openLogStore(join(folder, "store"), { compactBytes: 4_096 });
const store: CompletionStore<KeyValueTransaction> = {
  id: log.id,
  retentionMs: log.retentionMs,
  async transact(work) {
    const result = await log.transact(async (transaction) => {
      const done = await work(transaction);
      dieAt("before commit");
      return done;
    });
    dieAt("after commit");
    return result;
  },
  find: (key) => log.find(key),
  acknowledge: (principal, client, below) => log.acknowledge(principal, client, below),
  collect: (now) => log.collect(now),
  close: () => log.close(),
};

/** What generated clients look like. */
class Below {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  place(errand: Errand): Promise<Report> {
    return this.#caller.unary(methods.place, errand, { headers: { op: String(errand.op) } });
  }
}

let below: Channel | undefined;
while (addressBelow !== undefined && below === undefined) {
  below = await connect(addressBelow).catch(() => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 20)));
}

async function run(errand: Errand, ctx: Context): Promise<Report> {
  runs += 1;
  armed ||= errand.op === 1;
  dieAt("after admit");
  if (point === "during collection") {
    const collection = store.collect(Date.now());
    dieAt("during collection");
    await collection;
  }
  const { tx } = ctx as { readonly tx?: KeyValueTransaction };
  if (tx === undefined) appendFileSync(join(folder, "effects"), `${errand.op}\n`);
  else await tx.put(`effects/${errand.op}/${process.pid}/${runs}`, new Uint8Array([1]));
  dieAt("mid-handler");
  if (below !== undefined && errand.depth > 0) await ctx.client(Below, below).place({ ...errand, depth: errand.depth - 1 });
  if (tx === undefined) dieAt("before commit");
  return { op: errand.op, run: runs, principal: "", pad: "x".repeat(200) };
}

/** Of what is written to a socket: where the answer to the call is in it, the process dies before, or behind its first half. */
const write = Socket.prototype.write;
Socket.prototype.write = function dying(this: Socket, ...args: [Uint8Array | string]): boolean {
  const [chunk] = args;
  if (armed && typeof chunk !== "string" && Buffer.from(chunk).includes('"op":1,"run":')) {
    dieAt("before reply");
    // Without a store there is no commit: the moment before the reply is its like.
    dieAt("after commit");
    if (point === "half reply" && !existsSync(mark)) {
      const half = chunk.subarray(0, chunk.length >> 1);
      return Reflect.apply(write, this, [half, () => dieAt("half reply")]) as boolean;
    }
  }
  return Reflect.apply(write, this, args) as boolean;
} as typeof write;

const server = await serve({
  listen: address,
  services: [{ descriptor, handlers: { read: run, put: run, add: run, place: run, step: run } }],
  store,
  onError: () => {},
  authenticate: (headers) => {
    if (headers["op"] === "1") armed = true;
    dieAt("before admit");
    return "someone";
  },
});
process.stdout.write(`${server.addresses[0]}\n`);
process.stdin.resume().on("end", () => process.exit());

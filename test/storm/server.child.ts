/**
 * A server process that storms go over: `ADDRESS FOLDER`. Each run of a handler leaves a line in the folder, or an entry in its store. Prints
 * where it listens, and whatever it is told of itself; ends in order when its standard input does. As a thread it serves whoever started it.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, threadId } from "node:worker_threads";
import { CommitUnknown, serve, StoreUnavailable, type Context } from "../../runtime/index.js";
import { FolderInUse, openLogStore, type KeyValueTransaction, type LogStore } from "../../runtime/store/log/index.js";
import { sharedMemory } from "../../runtime/transport/port/index.js";
import { descriptor, type Errand, type Item, type Report } from "../simulation/sim-service.js";
import { testSides } from "../transport/tls-sides.js";
import { IMPATIENCE } from "./impatience.js";

const [address = "", folder = ""] = process.argv.slice(-2);
const listen = parentPort === null ? address : address === "shared:" ? sharedMemory(parentPort) : parentPort;
const log = (line: string): void => appendFileSync(join(folder, "server.log"), `${process.pid} ${line}\n`);
process.on("unhandledRejection", (reason) => log(`unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}`));
process.on("uncaughtException", (error) => {
  log(`uncaught exception: ${error.stack}`);
  process.exit(70);
});

let runs = 0;

/** An effect that stands even if the process ends now. */
function leave(op: number): number {
  runs += 1;
  appendFileSync(join(folder, "effects"), `${op}\n`);
  return runs;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function run({ op, handlerMs, replyBytes }: Errand, ctx: Context): Promise<Report> {
  const { tx } = ctx as { readonly tx?: KeyValueTransaction };
  const own = tx === undefined ? leave(op) : (runs += 1);
  if (tx !== undefined) await tx.put(`effects/${op}/${process.pid}.${threadId}/${own}`, new Uint8Array([1]));
  if (handlerMs > 0) await pause(handlerMs);
  return { op, run: own, principal: "", pad: "x".repeat(replyBytes) };
}

async function* items({ op, items, replyBytes }: Errand): AsyncGenerator<Item> {
  leave(op);
  for (let n = 0; n < items; n += 1) {
    if (n % 16 === 15) await pause(1);
    yield { op, n, pad: "x".repeat(replyBytes) } as Item;
  }
}

/** One that was stopped and is taken for dead may still have it. */
async function openStore(): Promise<LogStore> {
  for (;;) {
    try {
      return await openLogStore(join(folder, "store"));
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      await pause(50);
    }
  }
}

const store = await openStore();
const server = await serve({
  listen,
  ...(/^(tls|wss|h2s|https):/.test(address) ? { tls: testSides().server } : {}),
  limits: IMPATIENCE,
  store,
  // A store that another process has taken over says so.
  onError: ({ error }) => error instanceof CommitUnknown || error instanceof StoreUnavailable || log(`told: ${error instanceof Error ? error.stack : String(error)}`),
  services: [
    {
      descriptor,
      handlers: {
        read: run,
        put: run,
        add: run,
        place: run,
        step: run,
        list: items,
        follow: items,
        async upload(elements: AsyncIterable<Item>): Promise<Report> {
          let [op, count] = [0, 0];
          for await (const item of elements) {
            if (count === 0) leave(item.op);
            if (item.n !== count) log(`out of order: ${item.op} ${item.n} instead of ${count}`);
            op = item.op;
            count += 1;
          }
          return { op, run: count, principal: "", pad: "" };
        },
        async *chat(elements: AsyncIterable<Item>): AsyncGenerator<Item> {
          let count = 0;
          for await (const item of elements) {
            if (count === 0) leave(item.op);
            if (item.n !== count) log(`out of order: ${item.op} ${item.n} instead of ${count}`);
            count += 1;
            yield item;
          }
        },
      },
    },
  ],
});
if (address !== "stdio:") process.stdout.write(`${server.addresses[0]}\n`);
log(`serves ${server.addresses[0]}`);
if (address !== "stdio:") process.stdin.resume().on("end", () => void server.close({ graceMs: 500 }).then(() => log("closed")));

/**
 * A client process in a storm: `ADDRESS SEED CALLS FOLDER`. Prints a line of JSON for each call, what its caller saw of it, then what
 * `settle` says of those whose outcome was open when its standard input ends, then "closed"; and ends by itself.
 */
import { connect, newIdempotencyKey, RpcError, type Caller, type Channel } from "../../runtime/index.js";
import { failStopSession } from "../../runtime/generated.js";
import { methods, type Errand, type Item, type MethodName } from "../simulation/sim-service.js";
import { SimRandom } from "../simulation/sim-random.js";
import { testSides } from "../transport/tls-sides.js";
import { IMPATIENCE } from "./impatience.js";
import { ServerThreads } from "./server-threads.js";

const [address = "", seed = "1", calls = "100", folder = ""] = process.argv.slice(2);
const AT_ONCE = 10;
const random = new SimRandom(Number(seed), 5);
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
process.on("unhandledRejection", (reason) => print({ fault: `unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}` }));
process.on("uncaughtException", (error) => {
  print({ fault: `uncaught exception: ${error.stack}` });
  process.exit(70);
});

const http = /^https?:/.test(address);
const names: readonly MethodName[] = http
  ? ["read", "put", "add", "place", "list", "follow", "upload"]
  : ["read", "put", "add", "place", "step", "list", "follow", "upload", "chat"];

const options = {
  limits: IMPATIENCE,
  connectTimeoutMs: 2_000,
  ...(/^(tls|wss|h2s|https):/.test(address) ? { tls: testSides().client } : {}),
};

async function dial(): Promise<Channel> {
  for (;;) {
    try {
      return await connect(address, options);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const threads = /^(port|shared):/.test(address) ? new ServerThreads([address, folder], options) : undefined;
threads?.start();
await threads?.up();
const dialled = threads === undefined ? await dial() : undefined;
/** The one to the server that there is. */
const current = (): Channel => dialled ?? (threads as ServerThreads).channel;
let settling = (): void => {};
const settle = new Promise<void>((resolve) => (settling = resolve));
process.stdin.on("data", (told: Buffer) => told.toString().includes("kill") && threads?.kill()).once("end", () => settling());

const open: { op: number; error: RpcError; key: string | undefined }[] = [];
let op = 0;

function* counted(own: number, count: number, pad: string): Generator<Item> {
  for (let n = 0; n < count; n += 1) yield { op: own, n, pad } as Item;
}

async function* paced(own: number, count: number, pad: string): AsyncGenerator<Item> {
  for (const item of counted(own, count, pad)) {
    if (item.n % 8 === 7) await new Promise((resolve) => setTimeout(resolve, 1));
    yield item;
  }
}

async function one(own: number, name: MethodName, timeoutMs: number, errand: Errand, signal: AbortSignal | undefined, leavesAt: number, idempotencyKey: string | undefined): Promise<string> {
  const channel = current();
  const caller: Caller = name === "step" ? failStopSession(channel) : channel;
  const call = { timeoutMs, signal, idempotencyKey };
  const pad = "x".repeat(errand.replyBytes);
  let count = 0;
  switch (name) {
    case "list":
    case "follow":
      for await (const item of channel.serverStream(methods[name], errand, call)) {
        if (item.op !== own || item.n !== count) return `element ${item.op}/${item.n} instead of ${own}/${count}`;
        count += 1;
        if (count === leavesAt) return "left";
      }
      return count === errand.items ? "OK" : `${count} elements instead of ${errand.items}`;
    case "chat":
      for await (const item of channel.duplex(methods.chat, paced(own, errand.items, pad), call)) {
        if (item.op !== own || item.n !== count) return `element ${item.op}/${item.n} instead of ${own}/${count}`;
        count += 1;
        if (count === leavesAt) return "left";
      }
      return count === errand.items ? "OK" : `${count} elements instead of ${errand.items}`;
    case "upload": {
      const report = await channel.clientStream(methods.upload, paced(own, errand.items, pad), call);
      return report.op === own && report.run === errand.items ? "OK" : `the report of ${report.op} with ${report.run} elements`;
    }
    default: {
      const report = await caller.unary(methods[name] as typeof methods.read, errand, call);
      return report.op === own && report.pad.length === errand.replyBytes ? "OK" : `the reply of ${report.op}`;
    }
  }
}

async function lane(): Promise<void> {
  for (;;) {
    // Another lane may make the last call while this one waits.
    await threads?.up();
    if (op >= Number(calls)) return;
    op += 1;
    const own = op;
    const name = random.pick(names);
    const timeoutMs = random.int(200, 3_000);
    const cancels = random.chance(0.1) ? AbortSignal.timeout(random.int(1, 500)) : undefined;
    const big = random.chance(0.1);
    const streams = ["list", "follow", "upload", "chat"].includes(name);
    const errand: Errand = {
      op: own,
      handlerMs: random.chance(0.5) ? 0 : random.int(1, 100),
      fails: "not",
      replyBytes: random.int(0, big ? 200_000 : streams ? 2_000 : 3_000),
      depth: 0,
      items: streams ? random.int(1, big ? 20 : 100) : 0,
    };
    const leavesAt = random.chance(0.1) ? random.int(1, 20) : 0;
    // The channel of a thread that is gone leads nowhere any more: another is asked, which needs a key.
    const key = name === "place" && threads !== undefined ? newIdempotencyKey() : undefined;
    const began = performance.now();
    const line = { op: own, name, timeoutMs };
    try {
      const seen = await one(own, name, timeoutMs, errand, cancels, leavesAt, key);
      print({ ...line, ms: Math.round(performance.now() - began), seen });
    } catch (error) {
      if (!(error instanceof RpcError)) {
        print({ ...line, fault: `no RpcError: ${error instanceof Error ? error.stack : String(error)}` });
        continue;
      }
      const { code, reason, executed, message, attempts } = error;
      print({ ...line, ms: Math.round(performance.now() - began), seen: executed, code, reason, attempts, message });
      if (executed === "unknown") open.push({ op: own, error, key });
    }
    await new Promise((resolve) => setTimeout(resolve, random.int(0, 30)));
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, lane));
print({ done: op });
await settle;
await threads?.up();
await Promise.all(
  open.map(async ({ op: asked, error, key }) => {
    const first = await error.settle();
    const { executed } = first.executed === "unknown" && key !== undefined ? await current().settle(key, methods.place) : first;
    print({ op: asked, settled: executed });
  }),
);
await dialled?.close();
const fault = await threads?.end();
if (fault !== undefined) print({ fault });
print({ closed: true });
setTimeout(() => print({ fault: `does not end: ${process.getActiveResourcesInfo().join(", ")}` }), 8_000).unref();

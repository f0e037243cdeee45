/**
 * A caller that cannot await, as a process or a worker: tells one of its stories with the server at an address, and then how it ended, in a
 * line on the standard error or in a message.
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { existsSync, writeSync } from "node:fs";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { RpcError } from "@rpcgen/runtime";
import { connectSync, pipe, type SyncChannel } from "@rpcgen/runtime/sync";
import * as zoo from "../e2e/gen/zoo.js";
import { Other2SyncClient, ZooSyncClient } from "../e2e/gen/zoo.sync.js";
import { ZooWorld } from "../e2e/zoo-world.js";
import { methods } from "../runtime/test-service.js";

/** What the server is asked by tests that end it in the middle. */
const stories = { between, everything, follow, late, put, severed } as const;

export type Story = keyof typeof stories;

/** Where it calls, and what. */
export interface Task {
  readonly story: Story;
  /** In writing, or the numbers of two files, or a port. */
  readonly address: string | { readonly read: number; readonly write: number } | object;
}

/** What is said of one that cannot be reached. */
export type Refused = readonly Task["address"][];

const task = (isMainThread ? JSON.parse(process.argv[2] ?? "") : workerData) as Task | Refused;
if (Array.isArray(task)) for (const address of task as Refused) tell(attempt({ address, story: "put" }));
else tell(attempt(task as Task));

function attempt({ address, story }: Task): object {
  const asked = typeof address === "object" && "read" in address ? pipe(address as { read: number; write: number }) : address;
  try {
    const channel = connectSync(asked, { connectTimeoutMs: 2_000 });
    const told = stories[story](channel);
    channel.close();
    return { told };
  } catch (error) {
    return { failed: error instanceof RpcError ? `${error.code}: ${error.message}` : (error as Error).stack };
  }
}

function tell(word: object): void {
  if (isMainThread) writeSync(2, `${JSON.stringify(word)}\n`);
  else parentPort?.postMessage(word);
}

function failure(run: () => unknown): RpcError {
  try {
    run();
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

/** A stream without a deadline, which comes to no end by itself. */
function follow(channel: SyncChannel): unknown {
  const items = channel.serverStream(methods.follow, 1);
  strictEqual(items.next().value, 1);
  tell({ waiting: true });
  const { code, reason, executed } = failure(() => items.next());
  return { code, reason, executed };
}

/** Calls of which the second is made when another server is there. */
function between(channel: SyncChannel): unknown {
  const first = (): unknown => channel.serverStream(methods.follow, 1).next().value;
  const before = first();
  tell({ waiting: true });
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(`${channel.address.slice("shm:".length)}.go`)) Atomics.wait(nap, 0, 0, 5);
  return [before, first()];
}

/** A call whose handler comes to its end when nobody waits for it any more. */
function late(channel: SyncChannel): unknown {
  const error = failure(() => channel.unary(methods.once, "done", { timeoutMs: 1_000 }));
  return { code: error.code, executed: error.executed, settled: channel.settle(error) };
}

/** Calls whose first answers are lost with the connection. */
function severed(channel: SyncChannel): unknown {
  const put = channel.unary(methods.put, "put");
  return { put, once: channel.unary(methods.once, "once") };
}

function put(channel: SyncChannel): unknown {
  return channel.unary(methods.put, "kept", { timeoutMs: 30_000 });
}

function everything(channel: SyncChannel): unknown {
  const client = new ZooSyncClient(channel);
  const world = new ZooWorld(zoo);
  const scalars = world.scalars();
  deepStrictEqual(client.scalars({ value: scalars }), { ...scalars, v: world.grown("Ada") });
  const zeros = world.zeros();
  deepStrictEqual(client.scalars({ value: zeros }), { ...zeros, v: world.grown("") });
  deepStrictEqual(client.optionals({ value: {} }), {});
  const lists = world.lists();
  deepStrictEqual(client.lists({ value: lists }), { ...lists, t: [world.grown("a"), world.grown("b")], y: [world.grown("herd")] });
  const maps = world.maps();
  deepStrictEqual(client.maps({ value: maps }), { ...maps, e: new Map([[-1n, world.grown("e")]]), l: new Map([["h", [world.grown("l")]]]) });
  deepStrictEqual(client.forms({ value: world.forms() }), world.forms());
  deepStrictEqual(client.part({ value: world.part() }), world.part());
  deepStrictEqual(client.cell({ value: world.cell() }), world.cell());
  deepStrictEqual(client.words({ value: world.words() }), world.words());
  strictEqual(client.blob({ value: new Uint8Array(4 << 20).fill(3) }).length, 4 << 20);
  strictEqual(client.put({ animal: world.animal("Bo") }), undefined);
  client.ping();
  deepStrictEqual(new Other2SyncClient(channel).only(), {});
  for (let n = 0; n < 500; n += 1) strictEqual(client.skipped({ a: n, b: 1 }), n + 1);

  const away = failure(() => client.get({ name: "away" }));
  ok(away instanceof zoo.Away);
  deepStrictEqual([away.code, away.executed, away.since], ["NOT_FOUND", "yes", world.instant]);
  deepStrictEqual(away.where, [{ kind: "mood", value: zoo.Mood.ANGRY }]);
  strictEqual(failure(() => client.blob({ value: new Uint8Array(5 << 20) })).code, "RESOURCE_EXHAUSTED");
  const broken = failure(() => client.bounded({ value: { count: 0, ratio: 0, short: "abc", few: ["a"], wait: 10_000 } }));
  deepStrictEqual([broken.code, broken.executed], ["INVALID_ARGUMENT", "no"]);
  const late = failure(() => client.text({ value: "never" }, { timeoutMs: 60 }));
  deepStrictEqual([late.code, late.executed], ["DEADLINE_EXCEEDED", "unknown"]);

  deepStrictEqual([...client.numbers({ count: 20_000 })], Array.from({ length: 20_000 }, (_, n) => n));
  for (const n of client.numbers({ count: 1_000_000 })) {
    // Another call while the stream is open.
    if (n === 10) strictEqual(client.text({ value: "between" }), "between");
    if (n === 11) break;
  }
  const parts = Array.from({ length: 3_000 }, (_, n) => ({ kind: "weight" as const, value: n }));
  deepStrictEqual(client.upload(parts).u, parts);
  throws(() => client.upload(failing()), /of the caller's own/);
  throws(() => client.upload((async function* () {})() as never), /upload: its requests are an object: give an iterable of them, such as an array or a generator, not an async one/);
  deepStrictEqual([...client.chat(["a", "b"])], ["A", "B"]);
  return channel.path.transport;
}

function* failing(): Generator<{ kind: "weight"; value: number }> {
  yield { kind: "weight", value: 1 };
  throw new Error("of the caller's own");
}

/** What is older than the records of its server is neither run again nor said not to have run. */
import { expect, it } from "vitest";
import { Kind } from "../../runtime/rpc/protocol/frame.js";
import { ServerContext } from "../../runtime/rpc/server/server-context.js";
import { Timers } from "../../runtime/rpc/timers.js";
import { ManualClock, settle } from "./manual-clock.js";
import type { MemoryLink } from "./memory-transport.js";
import { failureOf, methods, pair, type Pair } from "./test-service.js";

/** Of a machine that sleeps: what counts its own running stands still, and the time of day goes on. */
class SleepingClock extends ManualClock {
  #slept = 0;

  override wall(): number {
    return super.wall() + this.#slept;
  }

  sleep(ms: number): void {
    this.#slept += ms;
  }
}

const RETENTION_MS = 600_000;

interface Cut {
  readonly world: Pair;
  readonly client: SleepingClock;
  readonly server: ManualClock;
  ran(): number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Ends that have each a clock, and a connection that breaks instead of delivering the first reply; nobody can connect then. */
async function cut(): Promise<Cut> {
  const [client, server] = [new SleepingClock(), new ManualClock()];
  let ran = 0;
  const world = await pair({ handlers: { once: () => (ran += 1) }, client: { clock: client }, server: { clock: server } });
  const link: MemoryLink = world.transport.connections[0]?.server ?? expect.fail();
  link.tamper = (frame) => {
    if (((frame[0] ?? 0) & 15) !== Kind.REPLY) return frame;
    world.transport.broken = true;
    link.abort();
    return undefined;
  };
  return { world, client, server, ran: () => ran, [Symbol.asyncDispose]: async () => world[Symbol.asyncDispose]() };
}

it("a question that is asked later than that is not answered with: it did not run", async () => {
  await using cutOff = await cut();
  const failed = failureOf(cutOff.world.channel.unary(methods.once, 1, { timeoutMs: 1_000 }));
  await cutOff.client.pass(2_000);
  const failure = await failed;
  expect(failure).toMatchObject({ executed: "unknown" });
  expect(cutOff.ran()).toBe(1);
  cutOff.world.transport.broken = false;
  await Promise.all([cutOff.client.pass(2 * RETENTION_MS), cutOff.server.pass(2 * RETENTION_MS)]);
  const settled = failure.settle();
  await cutOff.client.pass(20_000);
  expect(await settled).toMatchObject({ executed: "unknown" });
});

it("a caller whose machine slept in the middle of a call does not ask for it again as if no time had passed", async () => {
  await using cutOff = await cut();
  const failed = failureOf(cutOff.world.channel.unary(methods.once, 1, { timeoutMs: 60_000 }));
  await settle();
  expect(cutOff.ran()).toBe(1);
  cutOff.client.sleep(2 * RETENTION_MS);
  await cutOff.server.pass(2 * RETENTION_MS);
  cutOff.world.transport.broken = false;
  await cutOff.client.pass(70_000);
  expect(cutOff.ran()).toBe(1);
  expect(await failed).toMatchObject({ executed: "unknown", reason: "STALE" });
});

it("a nap is slept within the retention, and the outcome is there", async () => {
  await using cutOff = await cut();
  const call = cutOff.world.channel.unary(methods.once, 1, { timeoutMs: 60_000 });
  await settle();
  cutOff.client.sleep(RETENTION_MS / 2);
  await cutOff.server.pass(RETENTION_MS / 2);
  cutOff.world.transport.broken = false;
  await cutOff.client.pass(50_000);
  expect(await call).toBe(1);
  expect(cutOff.ran()).toBe(1);
});

it("a handler whose machine slept tells what it calls how old its call is", () => {
  const clock = new SleepingClock();
  const head = { stream: 1, method: 0, sequence: 1, ackBelow: 1, key: undefined, ageMs: 5, remainingMs: 0, attempt: 1, hop: 0, rank: 1, headers: undefined };
  const of = { clientId: new Uint8Array(16), head, semantics: "exactlyOnce", headers: {}, peer: { transport: "memory", address: "" } } as const;
  const context = new ServerContext({ ...of, deadlineAt: Infinity, receivedAt: clock.now(), timers: new Timers(clock) });
  clock.jump(7);
  expect(context.ageMs()).toBe(12);
  clock.sleep(1_000);
  expect(context.ageMs()).toBe(1_012);
});

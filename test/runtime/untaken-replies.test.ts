/** Replies that their caller does not take: what of them waits on the server is bounded, and the rest is told to have run. */
import { expect, it } from "vitest";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { Kind, writeNumbers } from "../../runtime/rpc/protocol/frame.js";
import { turns } from "../transport/session.js";
import { ManualClock, settle } from "./manual-clock.js";
import { failureOf, methods, pair } from "./test-service.js";

const LONG = 100_000;
const CALLS = 30;

it.each([
  ["in pieces", 1_000],
  ["whole", 1 << 20],
])("beyond the bound are errors that say that the call ran, and when the caller reads again all is well: %s", async (_, pieceBytes) => {
  let runs = 0;
  await using both = await pair({
    handlers: { once: () => (runs += 1) && "x".repeat(LONG), echo: (value) => value },
    server: { limits: { pieceBytes, maxConnectionReplyBytes: 3 * LONG, maxReplyBytes: 5 * LONG } },
  });
  const { channel, transport } = both;
  const first = channel.unary(methods.once, 0);
  await first;
  const link = transport.connections[0]?.client;
  const calls = Array.from({ length: CALLS }, () => channel.unary(methods.once, 1).then(() => "OK", (error: { code: string; executed: string }) => `${error.code} ${error.executed}`));
  link?.pause();
  while (runs < 1 + CALLS) await turns();
  // Others have room of their own, and no more than all may have.
  await using other = await openChannel("memory:test", [transport]);
  expect(await other.unary(methods.once, 2)).toHaveLength(LONG);
  link?.resume();
  const seen = await Promise.all(calls);
  expect(new Set(seen)).toEqual(new Set(["OK", "RESOURCE_EXHAUSTED yes"]));
  expect(await channel.unary(methods.once, 3)).toHaveLength(LONG);
  expect(runs).toBe(CALLS + 3);
});

it.each([
  ["in pieces", 1_000],
  ["whole", 1 << 20],
])("do not count any more when the caller is gone: %s", async (_, pieceBytes) => {
  await using both = await pair({ handlers: { once: () => "x".repeat(LONG) }, server: { limits: { pieceBytes, maxReplyBytes: LONG + 100 } } });
  const { transport } = both;
  for (let round = 0; round < 5; round += 1) {
    await using own = await openChannel("memory:test", [transport]);
    const calls = Array.from({ length: 5 }, () => failureOf(own.unary(methods.once, 1)));
    transport.connections.at(-1)?.client.pause();
    await turns(5);
    transport.connections.at(-1)?.client.cut();
    transport.connections.at(-1)?.server.cut();
    await own.close();
    await Promise.allSettled(calls);
    await turns(20);
  }
  await using last = await openChannel("memory:test", [transport]);
  expect(await last.unary(methods.once, 1)).toHaveLength(LONG);
});

it("more than a link may hold are sent all the same while nothing is read from their caller", async () => {
  await using both = await pair({ handlers: { once: () => "x".repeat(LONG) }, server: { limits: { pieceBytes: 1_000, maxBufferedBytes: 2 * LONG } } });
  const answers = await Promise.all(Array.from({ length: 6 }, () => both.channel.unary(methods.once, 1, { timeoutMs: 5_000 })));
  expect(answers.map((answer) => (answer as string).length)).toEqual(Array.from({ length: 6 }, () => LONG));
});

it("are taken as slowly as a caller likes, as long as it takes some: nothing is read from it meanwhile, and it is not given up", async () => {
  const clock = new ManualClock();
  await using both = await pair({
    handlers: { put: () => "x".repeat(LONG), follow: () => untilAborted },
    client: { clock },
    server: { clock, limits: { maxBufferedBytes: 2 * LONG, stallMs: 30_000, keepaliveMs: 20_000, keepaliveTimeoutMs: 10_000 } },
  });
  const { channel, transport } = both;
  const open = channel.serverStream(methods.follow, 1);
  const ended = open.next().catch((error: Error) => error.message);
  const link = transport.connections[0]?.client ?? expect.fail();
  const receiver = link.receiver ?? expect.fail();
  // A few frames at a time.
  let left = 0;
  const some = (bytes: Uint8Array): void => {
    left -= 1;
    if (left <= 0) link.pause();
    receiver.frame(bytes);
  };
  link.receiver = { frame: some, drained: () => receiver.drained(), closed: (cause) => receiver.closed(cause) };
  const calls = Array.from({ length: 10 }, () => channel.unary(methods.put, 1, { timeoutMs: 3_600_000 }));
  let answered = 0;
  for (const call of calls) call.then(() => (answered += 1), () => (answered = Infinity));
  for (let step = 0; step < 200 && answered < calls.length; step += 1) {
    await clock.pass(8_000);
    left = 12;
    link.resume();
    await settle();
  }
  expect(new Set(await Promise.all(calls))).toEqual(new Set(["x".repeat(LONG)]));
  link.receiver = receiver;
  link.resume();
  expect(await Promise.race([ended, channel.unary(methods.echo, "lives")])).toBe("lives");
});

it("are given up with their caller after a while, though it says again and again that it has taken pieces which nobody sent", async () => {
  const clock = new ManualClock();
  await using both = await pair({
    handlers: { put: () => "x".repeat(LONG), once: (value) => value },
    client: { clock, timeoutMs: 3_600_000, limits: { keepaliveMs: 0 } },
    server: { clock, limits: { stallMs: 30_000, keepaliveMs: 0 } },
  });
  const { channel, transport } = both;
  const [connection] = transport.connections;
  const { client, server } = connection ?? expect.fail();
  const calls = Array.from({ length: 5 }, () => channel.unary({ ...methods.put, attempts: 1 }, 1).then(() => "OK", (error: { executed: string }) => error.executed));
  client.pause();
  for (let second = 0; second < 60; second += 10) {
    await clock.pass(10_000);
    client.send(writeNumbers(new FrameWriter(), Kind.TAKEN, 100));
  }
  await settle();
  expect(server.over).toBe(true);
  client.resume();
  await settle();
  expect(new Set(await Promise.all(calls))).toContain("unknown");
});

const untilAborted: AsyncIterable<unknown> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };

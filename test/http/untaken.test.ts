/** Answers that wait for who asked for them over HTTP: bounded in bytes, and gone with their connection. */
import { connect as connectTcp, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { connect, serve, type ServeOptions } from "../../runtime/index.js";
import { descriptor, failureOf, methods } from "../runtime/test-service.js";
import { turns } from "../transport/session.js";

/** More than the system takes of an answer that nobody reads. */
const LONG = 16 << 20;
const ASKED = "POST /test.Test/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-rpcgen\r\ncontent-length: 1\r\n\r\n1";

interface Served {
  readonly address: string;
  readonly runs: () => number;
  /** A connection that asks so often at once, and reads nothing but the beginning of the first answer. */
  readonly greedy: (requests: number) => Promise<Socket>;
}

async function served(limits: ServeOptions["limits"]): Promise<Served> {
  let runs = 0;
  const answer = (): string => {
    runs += 1;
    return "x".repeat(LONG);
  };
  const server = await serve({
    listen: "http://127.0.0.1:0",
    services: [{ descriptor, handlers: { echo: answer, once: answer } }],
    limits: { maxMessageBytes: 2 * LONG, ...limits },
  });
  onTestFinished(() => server.close({ graceMs: 0 }));
  const address = server.addresses[0] ?? "";
  const greedy = async (requests: number): Promise<Socket> => {
    const socket = connectTcp(Number(new URL(address).port), "127.0.0.1").pause();
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
    socket.write(ASKED.repeat(requests));
    await new Promise<void>((resolve) => socket.once("readable", resolve));
    return socket;
  };
  return { address, runs: () => runs, greedy };
}

const ask = (address: string): Promise<Response> => fetch(`${address}/test.Test/echo`, { method: "POST", headers: { "content-type": "application/x-rpcgen" }, body: "1" });

/** Asks until the answer has this status. @returns what it says. */
async function askUntil(address: string, status: number): Promise<string> {
  for (;;) {
    const response = await ask(address);
    const text = await response.text();
    if (response.status === status) return text;
  }
}

it("beyond the bound are errors that say that the call ran, until the others are taken", async () => {
  const { greedy, address } = await served({ maxReplyBytes: 1.5 * LONG });
  const socket = await greedy(1);
  expect(JSON.parse(await askUntil(address, 429))).toMatchObject({ executed: "yes", message: expect.stringContaining("is dropped, for its caller takes less than it asks for") });
  let bytes = 0;
  socket.on("data", (chunk: Buffer) => (bytes += chunk.length)).resume();
  while (bytes < LONG) await turns();
  await askUntil(address, 200);
});

it("are gone with their connection, those behind others too", async () => {
  const { greedy, address } = await served({ maxReplyBytes: 1.5 * LONG });
  for (let round = 1; round <= 3; round += 1) {
    const socket = await greedy(3);
    await askUntil(address, 429);
    socket.destroy();
    await askUntil(address, 200);
  }
});

it("keep requests that were sent ahead from being begun", async () => {
  const { runs, greedy, address } = await served({});
  const socket = await greedy(4);
  await askUntil(address, 200);
  expect(runs()).toBe(2);
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk.replaceAll("x".repeat(100), "")));
  socket.resume();
  while ((text.match(/HTTP\/1\.1 200/g) ?? []).length < 4) await turns();
  expect(runs()).toBe(5);
});

it("end a connection that sends requests ahead without end", async () => {
  const { runs, greedy, address } = await served({});
  const socket = await greedy(2_000).then((greedy) => greedy.resume());
  if (!socket.destroyed) await new Promise<void>((resolve) => socket.once("close", () => resolve()));
  expect(runs()).toBeLessThan(20);
  await askUntil(address, 200);
});

it("are bounded for our own client, which learns that the call ran", async () => {
  const { address } = await served({ maxReplyBytes: LONG });
  const channel = await connect(address);
  onTestFinished(() => channel.close());
  expect(await failureOf(channel.unary(methods.echo, 1))).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "yes", attempts: expect.any(Number) });
  expect(await failureOf(channel.unary(methods.once, 1))).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "yes", attempts: 1 });
});

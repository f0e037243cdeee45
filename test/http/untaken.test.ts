/** Answers that wait for who asked for them over HTTP: bounded in bytes, and gone with their connection. */
import { connect as connectTcp, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { connect, serve, type ServeOptions } from "../../runtime/index.js";
import { descriptor, failureOf, methods } from "../runtime/test-service.js";
import { turns } from "../transport/session.js";

const LONG = 100_000;
/** As many as come in one packet. */
const REQUESTS = 200;
const ASKED = "POST /test.Test/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-rpcgen\r\ncontent-length: 1\r\n\r\n1";

interface Served {
  readonly address: string;
  readonly runs: () => number;
  /** A connection that has asked for everything at once, and reads nothing. */
  readonly greedy: () => Socket;
}

async function served(limits: ServeOptions["limits"]): Promise<Served> {
  let runs = 0;
  const answer = (): string => {
    runs += 1;
    return "x".repeat(LONG);
  };
  const server = await serve({ listen: "http://127.0.0.1:0", services: [{ descriptor, handlers: { echo: answer, once: answer } }], limits });
  onTestFinished(() => server.close({ graceMs: 0 }));
  const address = server.addresses[0] ?? "";
  const greedy = (): Socket => {
    const socket = connectTcp(Number(new URL(address).port), "127.0.0.1").pause();
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
    socket.write(ASKED.repeat(REQUESTS));
    return socket;
  };
  return { address, runs: () => runs, greedy };
}

const ask = (address: string): Promise<Response> => fetch(`${address}/test.Test/echo`, { method: "POST", headers: { "content-type": "application/x-rpcgen" }, body: "1" });

it("beyond the bound are errors that say that the call ran", async () => {
  const { runs, greedy, address } = await served({ maxConnectionReplyBytes: 10 * LONG });
  const socket = greedy();
  while (runs() < REQUESTS) await turns();
  // Others have room of their own.
  expect((await ask(address)).status).toBe(200);
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk.replaceAll("x".repeat(100), "")));
  socket.resume();
  const answers = (): readonly string[] => text.match(/HTTP\/1\.1 \d+/g) ?? [];
  while (answers().length < REQUESTS) await turns();
  expect(new Set(answers())).toEqual(new Set(["HTTP/1.1 200", "HTTP/1.1 429"]));
  expect(text).toMatch(/"an answer of 100002 bytes is dropped, for its caller takes less than it asks for .*","executed":"yes"/);
});

it("are gone with their connection, those behind others too", async () => {
  const { runs, greedy, address } = await served({ maxReplyBytes: 10 * LONG });
  for (let round = 1; round <= 3; round += 1) {
    const socket = greedy();
    while (runs() < round * REQUESTS) await turns();
    socket.destroy();
  }
  for (let status = 0; status !== 200; ) status = (await ask(address)).status;
});

it("are bounded for our own client, which learns that the call ran", async () => {
  const { address } = await served({ maxReplyBytes: LONG });
  const channel = await connect(address);
  onTestFinished(() => channel.close());
  expect(await failureOf(channel.unary(methods.echo, 1))).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "yes", attempts: expect.any(Number) });
  expect(await failureOf(channel.unary(methods.once, 1))).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "yes", attempts: 1 });
});

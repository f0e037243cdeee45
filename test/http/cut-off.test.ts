/** A request that came with the bytes for which its connection was cut off. */
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { expect, it, onTestFinished } from "vitest";
import { toText } from "../../runtime/http/framed-call.js";
import { serve, connect as connectChannel } from "../../runtime/index.js";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { writeCall } from "../../runtime/rpc/protocol/frame.js";
import { readWelcome, writeHello } from "../../runtime/rpc/protocol/handshake.js";
import { deferred } from "../runtime/manual-clock.js";
import { descriptor, methods } from "../runtime/test-service.js";
import { testSides } from "../transport/tls-sides.js";

const GARBAGE = "4\r\n\0\0\0\0\r\n0\r\n\r\n";

it("is left alone: its connection has no certificate any more, and nobody waits for the answer", async () => {
  const sides = testSides();
  const begun = deferred();
  const sum = async (requests: AsyncIterable<unknown>): Promise<number> => {
    begun.resolve();
    for await (const _ of requests);
    return 1;
  };
  const services = [{ descriptor, handlers: { sum, echo: (value: unknown) => value } }];
  await using server = await serve({ listen: "https://127.0.0.1:0", tls: { ...sides.server, clientCertificates: "optional" }, services });
  const address = server.addresses[0] ?? "";
  const dial = async (): Promise<TLSSocket> => {
    const socket = connect({ port: Number(/\d+$/.exec(address)?.[0]), host: "127.0.0.1", ca: sides.server.ca, ALPNProtocols: ["http/1.1"] });
    onTestFinished(() => void socket.destroy());
    await once(socket.on("error", () => {}), "secureConnect");
    return socket;
  };
  const hello = toText(writeHello({ clientId: new Uint8Array(16), boundInstance: undefined, ...DEFAULT_LIMITS }));
  const greeting = await dial();
  greeting.write(`POST / HTTP/1.1\r\nhost: x\r\nrpc-hello: ${hello}\r\ncontent-length: 0\r\n\r\n`);
  const [answer] = (await once(greeting, "data")) as [Buffer];
  const { methods: known, instanceId } = readWelcome(answer.subarray(answer.indexOf("\r\n\r\n") + 4));
  const call = { stream: 1, method: known.get(methods.sum.path)?.number ?? -1, sequence: 1, ackBelow: 1, key: undefined, ageMs: 0, remainingMs: 0, attempt: 1, hop: 0, rank: 1, headers: undefined };
  const head = toText(writeCall(new FrameWriter(), call));
  const hostile = await dial();
  const framed = `rpc-hello: ${hello}\r\nrpc-head: ${head}\r\nrpc-instance: ${toText(instanceId)}\r\ncontent-type: application/x-rpcgen-frames`;
  hostile.write(`POST /${methods.sum.path} HTTP/1.1\r\nhost: x\r\n${framed}\r\ntransfer-encoding: chunked\r\n\r\n`);
  await begun.promise;
  hostile.write(`${GARBAGE}GET /again HTTP/1.1\r\nhost: x\r\n\r\n`);
  await once(hostile, "close");
  await using channel = await connectChannel(address, { tls: { ca: sides.server.ca } });
  expect(await channel.unary(methods.echo, 1)).toBe(1);
});

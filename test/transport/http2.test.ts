/** HTTP/2: what is not ours on either side. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect as connectHttp2, createServer as createHttp2, type Http2Server } from "node:http2";
import { createServer as createHttp, type Server as HttpServer } from "node:http";
import { connect as connectTcp, createServer as createTcp, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { connect, serve, type Server } from "../../runtime/index.js";
import { dial } from "../../runtime/transport/http2/dial.js";
import { descriptor, failureOf, methods } from "../runtime/test-service.js";
import { testSides } from "./tls-sides.js";

const sides = testSides();
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function serveAt(listen: string): Promise<Server> {
  const secure = listen.startsWith("h2s") ? { tls: sides.server } : {};
  const server = await serve({ listen, ...secure, services: [{ descriptor, handlers: { echo: (value: unknown) => value } }] });
  opened.push(() => server.close({ graceMs: 0 }));
  return server;
}

async function portOf(server: HttpServer | Http2Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  opened.push(() => server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** How a client begins: the preface, and its settings. */
const BEGUN = Buffer.concat([PREFACE, frame(4, 0, 0, Buffer.alloc(0))]);

/** A frame of HTTP/2. */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUIntBE((type << 8) | flags, 3, 2);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A HEADERS frame, its fields without compression. */
function headersFrame(stream: number, fields: Readonly<Record<string, string>>): Buffer {
  const texts = Object.entries(fields).flatMap(([name, value]) => [Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]);
  return frame(1, 0x4, stream, Buffer.concat(texts));
}

async function expectService(server: Server): Promise<void> {
  await using channel = await connect(server.addresses[0] ?? "");
  expect(await channel.unary(methods.echo, 1)).toBe(1);
}

describe("a client of HTTP/2", () => {
  it("says so when a server of HTTP/1 answers", async () => {
    const port = await portOf(createHttp((_request, response) => response.end("hello")));
    const error = await failureOf(connect(`h2://127.0.0.1:${port}`));
    expect(error).toMatchObject({ code: "UNAVAILABLE", executed: "no" });
    expect(error.message).toContain("does not speak HTTP/2");
  });

  it("says so when a server of HTTP/2 is not ours", async () => {
    const foreign = createHttp2();
    foreign.on("stream", (stream) => {
      stream.respond({ ":status": 200, "content-type": "text/html" });
      stream.end("<html>");
    });
    const error = await failureOf(connect(`h2://127.0.0.1:${await portOf(foreign)}`));
    expect(error.message).toContain("is no server of ours");
  });

  it.each([
    ["tcp", "h2", "does not speak HTTP/2"],
    ["h2", "tcp", ""],
  ])("served as %s and dialled as %s is an error", async (served, dialled, words) => {
    const server = await serveAt(`${served}://127.0.0.1:0`);
    const address = (server.addresses[0] ?? "").replace(`${served}:`, `${dialled}:`);
    const error = await failureOf(connect(address, { connectTimeoutMs: 2000 }));
    expect(error).toMatchObject({ code: "UNAVAILABLE", executed: "no" });
    expect(error.message).toContain(words);
  });

  it("tells a refusal as it came, if it is none of ours", async () => {
    const http2 = createHttp2();
    http2.on("stream", (stream) => {
      stream.respond({ ":status": 503, "x-rpcgen-refusal": "100% busy" });
      stream.end();
    });
    const error = await failureOf(connect(`h2://127.0.0.1:${await portOf(http2)}`));
    expect(error).toMatchObject({ code: "UNAVAILABLE", executed: "no" });
    expect(error.message).toContain("the server answered with status 503: 100% busy");
  });

  it("may be given up while its session is told of", async () => {
    const server = createTcp((socket) => opened.push(() => socket.destroy()));
    server.listen(0, "127.0.0.1");
    opened.push(() => server.close());
    await once(server, "listening");
    const attempt = new AbortController();
    const abortSoon = (message: unknown): void => {
      (message as { readonly socket: Socket }).socket.once("connect", () => queueMicrotask(() => attempt.abort()));
    };
    subscribe("net.client.socket", abortSoon);
    opened.push(() => unsubscribe("net.client.socket", abortSoon));
    const address = `h2://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(dial(address, { signal: attempt.signal, maxFrameBytes: 1024 }, undefined)).rejects.toThrow("given up");
    // What is thrown behind it ends the process, which the runner reports.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("tells a certificate that it does not trust from other faults", async () => {
    const server = await serveAt("h2s://127.0.0.1:0");
    expect(await failureOf(connect(server.addresses[0] ?? ""))).toMatchObject({ code: "UNAUTHENTICATED", cause: { fault: "unknownAuthority" } });
  });
});

describe("a server of HTTP/2", () => {
  it.each([
    [{ ":path": "/other", ":method": "POST", "content-type": "application/x-rpcgen-frames" }, 404],
    [{ ":path": "/rpcgen", ":method": "GET", "content-type": "application/x-rpcgen-frames" }, 405],
    [{ ":path": "/rpcgen", ":method": "POST", "content-type": "application/grpc" }, 415],
  ])("answers %o with %i, and why", async (headers, status) => {
    const server = await serveAt("h2://127.0.0.1:0");
    const session = connectHttp2((server.addresses[0] ?? "").replace("h2:", "http:"));
    opened.push(() => session.destroy());
    const stream = session.request(headers).setEncoding("utf8");
    const [answer] = (await once(stream, "response")) as [Record<string, unknown>];
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    expect(answer[":status"]).toBe(status);
    expect(text).toContain("frames");
    await expectService(server);
  });

  it.each([
    ["garbage", Buffer.from("GET / HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100))],
    ["a preface and garbage", Buffer.concat([PREFACE, Buffer.alloc(5000, 0xff)])],
    ["a preface and a frame of 16 MiB", Buffer.concat([PREFACE, Buffer.of(0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1)])],
    ["a head that never ends", Buffer.concat([BEGUN, frame(1, 0, 1, Buffer.of(0x82)), ...Array.from({ length: 5_000 }, () => frame(9, 0, 1, Buffer.concat([Buffer.of(0x00, 1, 0x61, 100), Buffer.alloc(100, 0x62)])))])],
    ["more credit than there is", Buffer.concat([BEGUN, frame(8, 0, 0, Buffer.of(0x7f, 0xff, 0xff, 0xff)), frame(8, 0, 0, Buffer.of(0x7f, 0xff, 0xff, 0xff))])],
    ["a stream of the server's", Buffer.concat([BEGUN, frame(1, 4, 2, Buffer.of(0x82))])],
  ])("cuts off who sends %s, and serves on", async (_, bytes) => {
    const server = await serveAt("h2://127.0.0.1:0");
    const raw = connectTcp(Number(/\d+$/.exec(server.addresses[0] ?? "")?.[0]), "127.0.0.1");
    opened.push(() => raw.destroy());
    raw.on("error", () => {}).resume();
    raw.write(bytes);
    await new Promise((closed) => raw.once("close", closed));
    await expectService(server);
  });

  it.each(["/rpcgen", "/other"])("serves on where a stream for %s is taken back with the bytes that began it", async (path) => {
    const server = await serveAt("h2://127.0.0.1:0");
    const raw = connectTcp(Number(/\d+$/.exec(server.addresses[0] ?? "")?.[0]), "127.0.0.1");
    opened.push(() => raw.destroy());
    const begun = headersFrame(1, { ":method": "POST", ":scheme": "http", ":path": path, ":authority": "x", "content-type": "application/x-rpcgen-frames" });
    const ping = frame(6, 0, 0, Buffer.from("12345678"));
    raw.on("error", () => {}).write(Buffer.concat([PREFACE, frame(4, 0, 0, Buffer.alloc(0)), begun, frame(3, 0, 1, Buffer.of(0, 0, 0, 8)), ping]));
    let heard = Buffer.alloc(0);
    // The ping comes back once all before it was dealt with.
    for await (const bytes of raw) {
      heard = Buffer.concat([heard, bytes as Buffer]);
      if (heard.includes("12345678")) break;
    }
    await expectService(server);
  });

  it("closes a connection on which no stream begins", { timeout: 15_000 }, async () => {
    const server = await serveAt("h2://127.0.0.1:0");
    const raw = connectTcp(Number(/\d+$/.exec(server.addresses[0] ?? "")?.[0]), "127.0.0.1");
    opened.push(() => raw.destroy());
    raw.on("error", () => {}).resume();
    await new Promise((closed) => raw.once("close", closed));
  });
});

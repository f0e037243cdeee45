/** What is particular to WebSockets: pages and their origins, what a hostile peer may try, and what is said where `ws` is not installed. */
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import { connect, serve, type TrustError, type Peer, type ServeOptions } from "../../runtime/index.js";
import { parseAddress } from "../../runtime/transport/websocket/address.js";
import { WebSocketLink } from "../../runtime/transport/websocket/link.js";
import { webSocket as browserWebSocket } from "../../runtime/transport/websocket/transport.js";
import type { WebSocketLike } from "../../runtime/transport/websocket/web-socket.js";
import { descriptor, failureOf, methods } from "../runtime/test-service.js";
import { rowOf } from "./all.js";
import { Recorder } from "./recorder.js";
import { MAX_FRAME_BYTES, session, turns } from "./session.js";
import { testSides } from "./tls-sides.js";

const ORIGIN = "https://app.example.org";

async function served(options: Partial<ServeOptions> = {}): Promise<string> {
  const server = await serve({
    listen: "ws://127.0.0.1:0/rpc",
    services: [{ descriptor, handlers: { echo: (value: unknown) => value } }],
    ...options,
  });
  onTestFinished(() => server.close({ graceMs: 0 }));
  return server.addresses[0] ?? "";
}

/** What the server answers to a request for an upgrade: the status and the body. */
async function statusOf(address: string, headers: Record<string, string> = {}, path?: string): Promise<string> {
  const { host, port, path: own } = parseAddress(address);
  const socket = connectTcp(port, host);
  onTestFinished(() => void socket.destroy());
  const key = randomBytes(16).toString("base64");
  const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key };
  const lines = Object.entries({ Host: `${host}:${port}`, ...upgrade, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path ?? own} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  return answer.toString().replace(/^HTTP\/1.1 (\d+).*?\r\n\r\n/s, "$1 ");
}

describe("pages", () => {
  it("may not call by default, wherever they are from", async () => {
    const address = await served();
    for (const origin of [ORIGIN, "null", address.replace(/^ws/, "http").replace("/rpc", "")]) {
      expect(await statusOf(address, { Origin: origin })).toMatch(/^403 Pages of ".*" may not call; add it to `origins`/);
    }
    expect(await statusOf(address)).toMatch(/^101/);
  });

  it("may call if their origin is named, exactly", async () => {
    const seen: (string | undefined)[] = [];
    const address = await served({ origins: [ORIGIN, "http://localhost:5173"], authenticate: (_headers, peer: Peer) => void seen.push(peer.origin) });
    expect(await statusOf(address, { Origin: ORIGIN })).toMatch(/^101/);
    for (const near of [`${ORIGIN}.evil.example`, `${ORIGIN}:8443`, "http://app.example.org", "https://APP.example.org", `${ORIGIN}/`]) {
      expect(await statusOf(address, { Origin: near })).toMatch(/^403/);
    }
    const socket = new WebSocket(address, { origin: ORIGIN });
    onTestFinished(() => socket.terminate());
    await once(socket, "open");
    await using channel = await connect(address);
    await channel.unary(methods.echo, 1);
    expect(seen).toEqual([undefined]);
  });

  it("may all call where that is said", async () => {
    expect(await statusOf(await served({ origins: ["*"] }), { Origin: ORIGIN })).toMatch(/^101/);
  });

  it.each(["app.example.org", "https://app.example.org/", "https://*.example.org/x", ""])("are never from %j", async (origin) => {
    await expect(served({ origins: [origin] })).rejects.toThrow(/an origin is a scheme, a host and a port/);
  });

  it("cannot call where `origins` means nothing", async () => {
    await expect(served({ listen: "tcp://127.0.0.1:0", origins: [ORIGIN] })).rejects.toThrow(/listen on ws:/);
  });
});

describe("a client", () => {
  it("is told the status and the text of a server that does not want it, and does not try again", async () => {
    const address = await served();
    const other = await failureOf(connect(address.replace("/rpc", "/other")));
    expect(other.message).toContain('404: Nothing is served at "/other"; the path is /rpc');
    const { server, client } = testSides();
    const secure = await served({ listen: "wss://127.0.0.1:0/", tls: server });
    const distrusted = await failureOf(connect(secure, { tls: { ca: client.ca } }));
    expect(distrusted).toMatchObject({ code: "UNAUTHENTICATED", executed: "no" });
    expect(distrusted.message).toContain("a client certificate is required");
    const unknown = await failureOf(connect(secure));
    expect((unknown.cause as TrustError).fault).toBe("unknownAuthority");
  });

  it("is told when what answers is a plain server of HTTP, or none", async () => {
    const tcp = await serve({ listen: "tcp://127.0.0.1:0", services: [] });
    onTestFinished(() => tcp.close({ graceMs: 0 }));
    const error = await failureOf(connect((tcp.addresses[0] ?? "").replace("tcp:", "ws:")));
    expect(error.code).toBe("UNAVAILABLE");
    expect((await failureOf(connect("ws://127.0.0.1:1/"))).message).toContain("nobody listens there");
  });

  it("carries the certificate of a client over wss to `authenticate`", async () => {
    const peers: Peer[] = [];
    const { server, client } = testSides();
    const address = await served({ listen: "wss://127.0.0.1:0/", tls: server, authenticate: (_headers, peer) => void peers.push(peer) });
    await using channel = await connect(address, { tls: client });
    await channel.unary(methods.echo, 1);
    expect(peers[0]).toMatchObject({ transport: "wss", certificate: { commonName: "orders" } });
  });

  it("uses the WebSocket of the platform where there is one and nothing else", async () => {
    vi.stubGlobal("WebSocket", WebSocket);
    onTestFinished(() => void vi.unstubAllGlobals());
    const address = await served();
    await using channel = await connect(address, { transports: [browserWebSocket()] });
    const values = Array.from({ length: 300 }, (_, index) => "x".repeat(index * 97));
    expect(await Promise.all(values.map((value) => channel.unary(methods.echo, value)))).toEqual(values);
    const error = await failureOf(connect(address.replace("/rpc", "/other"), { transports: [browserWebSocket()] }));
    expect(error.message).toContain("the platform does not tell why");
  });
});

it.each(["Bun", "Deno"])("says that none is served on %s, to whose server no package helps", async (runtime) => {
  vi.stubGlobal(runtime, {});
  onTestFinished(() => void vi.unstubAllGlobals());
  await expect(serve({ listen: "ws://127.0.0.1:0/", services: [] })).rejects.toThrow(
    `ws://127.0.0.1:0/: WebSockets cannot be served on ${runtime}, only called; serve them on Node, or listen on tcp:// here`,
  );
});

it("says what to install where the package ws is not, to a server and to a client", async () => {
  // Bundled without it, and run far from any node_modules.
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-without-ws-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const contents = `
    import { connect, serve } from "./index.js";
    for (const attempt of [serve({ listen: "ws://127.0.0.1:0/", services: [] }), connect("ws://127.0.0.1:1/")])
      await attempt.catch((error) => console.log(error.message));`;
  const resolveDir = fileURLToPath(new URL("../../runtime", import.meta.url));
  const outfile = join(folder, "main.mjs");
  await build({ stdin: { contents, resolveDir, loader: "ts" }, outfile, bundle: true, format: "esm", platform: "node", external: ["ws"] });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { cwd: folder });
  expect(stdout.trim().split("\n")).toEqual([expect.stringContaining("npm install ws"), expect.stringMatching(/npm install ws|nobody listens/)]);
});

it("tells of what was held back before what the socket tells as soon as it goes on", async () => {
  let tell: WebSocketLike["onmessage"] = null;
  const message = (byte: number): void => tell?.({ data: Uint8Array.of(1, 0, 0, 0, byte).buffer });
  const socket: WebSocketLike = {
    binaryType: "", bufferedAmount: 0, onopen: null, onerror: null, onclose: null, send: () => {}, close: () => {}, terminate: () => {}, pause: () => {},
    get onmessage() {
      return tell;
    },
    set onmessage(listener) {
      tell = listener;
    },
    // As `ws`, whose stream gives in its next tick what it had read.
    resume: () => process.nextTick(() => message(3)),
  };
  const link = new WebSocketLink(socket, { peer: { transport: "ws", address: "fake" }, maxFrameBytes: 100, soon: (run) => process.nextTick(run) });
  const recorder = new Recorder(link, (bytes) => {
    recorder.frames.push(bytes.slice());
    if (bytes[0] === 1) link.pause();
  });
  message(1);
  message(2);
  link.resume();
  await recorder.until(() => recorder.frames.length === 3);
  expect(recorder.frames.map(([byte]) => byte)).toEqual([1, 2, 3]);
});

describe("a hostile peer", () => {
  const { listen, dial } = session(rowOf("websocket"));

  async function attacked(): Promise<{ address: string; raw: WebSocket; socket: Socket; atServer: Recorder }> {
    let atServer: Recorder | undefined;
    const listening = await listen((link) => void (atServer ??= new Recorder(link)));
    const { host, port } = parseAddress(listening.address);
    const socket = connectTcp(port, host);
    const raw = new WebSocket(listening.address, { createConnection: () => socket, perMessageDeflate: false });
    raw.on("error", () => {});
    onTestFinished(() => raw.terminate());
    await once(raw, "open");
    while (atServer === undefined) await turns();
    return { address: listening.address, raw, socket, atServer };
  }

  it.each([
    ["announces 4 GiB and sends a byte", (raw: WebSocket) => raw.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1)), "4294967295 bytes"],
    ["sends a frame of 0 bytes", (raw: WebSocket) => raw.send(new Uint8Array(4)), "0 bytes"],
    ["sends text", (raw: WebSocket) => raw.send("hello"), "sent text"],
    ["sends a message beyond the limit", (raw: WebSocket) => raw.send(new Uint8Array(MAX_FRAME_BYTES + 1)), "Max payload size exceeded"],
    ["goes away as a page does", (raw: WebSocket) => raw.close(1001), "page that is left"],
    ["closes without a code", (raw: WebSocket) => raw.close(), "without saying why"],
    ["is gone", (raw: WebSocket) => raw.terminate(), "without a goodbye"],
    ["stops in the middle of a frame", (raw: WebSocket) => (raw.send(Uint8Array.of(9, 0, 0, 0, 1)), raw.close(1000)), "in the middle of a frame"],
    ["wants compression all the same", (raw: WebSocket) => raw.send(Uint8Array.of(1, 0, 0, 0, 1), { compress: true, binary: true, fin: true }), undefined],
  ] as const)("%s", async (_, act, why) => {
    const { address, raw, atServer } = await attacked();
    act(raw);
    if (why === undefined) await atServer.until(() => atServer.frames.length === 1);
    else expect((await atServer.end())?.message).toContain(why);
    await expect(dial(address)).resolves.toBeDefined();
  });

  it("gets its frames through in fragments and dribbles, and is heard no more after it has closed", async () => {
    const { raw, atServer } = await attacked();
    const bytes = Buffer.of(3, 0, 0, 0, 1, 2, 3, 2, 0, 0, 0, 4, 5);
    for (const byte of bytes.subarray(0, 9)) raw.send(Buffer.of(byte));
    for (const [index, byte] of bytes.subarray(9).entries()) raw.send(Buffer.of(byte), { fin: index === 3, binary: true });
    raw.close(1000);
    expect(await atServer.end()).toBeUndefined();
    expect(atServer.frames).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)]);
    await turns(5);
    expect(atServer.late).toEqual([]);
  });

  it("is cut off for fragments without end", async () => {
    const { address, raw, atServer } = await attacked();
    for (let count = 0; count < 20_000; count++) raw.send(Buffer.of(1), { fin: false, binary: true });
    expect((await atServer.end())?.message).toContain("fragments");
    await expect(dial(address)).resolves.toBeDefined();
  });

  it.each([
    ["bytes that are not masked", Buffer.of(0x82, 1, 7)],
    ["an unknown opcode", Buffer.of(0x8f, 0x80, 0, 0, 0, 0)],
    ["a control frame of 64 KiB", Buffer.of(0x89, 0xfe, 0xff, 0xff, 0, 0, 0, 0)],
    ["a length of 2^63", Buffer.of(0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)],
    ["noise", randomBytes(5000)],
  ])("is cut off for %s", async (_, bytes) => {
    const { address, socket, atServer } = await attacked();
    socket.write(bytes);
    expect(await atServer.end()).toBeInstanceOf(Error);
    await expect(dial(address)).resolves.toBeDefined();
  });

  it("that does not finish its request is cut off, and one that asks for a page is told what this is", async () => {
    const { address } = await attacked();
    const { host, port } = parseAddress(address);
    const slow = connectTcp(port, host).on("error", () => {});
    slow.write("GET /rpc HTTP/1.1\r\nHost: x\r\n");
    const page = await fetch(`http://${host}:${port}/`);
    expect([page.status, await page.text()]).toEqual([426, "This is served as a WebSocket.\n"]);
    await once(slow.resume(), "close");
    await expect(dial(address)).resolves.toBeDefined();
  });

  it("that never reads stops the sender, not the server", async () => {
    let server: Parameters<Parameters<typeof listen>[0]>[0] | undefined;
    const listening = await listen((link) => void (server ??= link));
    const raw = new WebSocket(listening.address);
    onTestFinished(() => raw.terminate());
    raw.on("open", () => raw.pause());
    while (server === undefined) await turns();
    const atServer = new Recorder(server);
    let sent = 0;
    for (let quiet = 0; quiet < 20; quiet++) {
      for (; !server.congested; quiet = 0) {
        server.send(new Uint8Array(64 * 1024));
        sent += 64 * 1024;
      }
      await turns();
    }
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    server.abort();
    await atServer.end();
  });
});

describe("addresses of WebSockets", () => {
  it.each([
    ["ws://127.0.0.1:4000", { secure: false, host: "127.0.0.1", port: 4000, path: "/" }],
    ["wss://example.org/rpc?tenant=a", { secure: true, host: "example.org", port: 443, path: "/rpc?tenant=a" }],
    ["ws://[::1]/", { secure: false, host: "::1", port: 80, path: "/" }],
  ])("%s", (address, parsed) => {
    expect(parseAddress(address)).toEqual(parsed);
  });

  it.each(["ws:", "ws://", "ws://host:1/a b", "ws://host:1/#top", "ws://user@host/", "ws://host:70000/", "wss:host"])("refuses %j", (address) => {
    expect(() => parseAddress(address)).toThrow(`"${address}"`);
  });
});

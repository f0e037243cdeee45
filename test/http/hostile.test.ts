/** What a caller over HTTP may try that means no good, or means well and is slow. */
import { connect as connectTcp, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { faultIn, placeOf } from "../../runtime/http/json-fault.js";
import { connect } from "../../runtime/index.js";
import { readWelcome } from "../../runtime/rpc/protocol/handshake.js";
import { turns } from "../transport/session.js";
import { OrdersClient, served, type Served } from "./shop.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const HEAD = "POST /shop.Orders/get HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

interface Raw {
  readonly socket: Socket;
  /** All that has come. */
  readonly text: () => string;
  readonly closed: Promise<void>;
}

function raw({ url }: Served): Raw {
  const socket = connectTcp(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
  socket.on("error", () => {});
  return { socket, text: () => text, closed: new Promise((resolve) => socket.once("close", () => resolve())) };
}

async function expectService({ url }: Served): Promise<void> {
  const response = await fetch(`${url}/shop.Orders/get`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"id":"7"}' });
  expect(response.status).toBe(200);
}

describe("a caller", () => {
  it("that sends no head, or none in time, is left", async () => {
    const shop = await served({ limits: { handshakeMs: 100 } });
    const silent = raw(shop);
    const slow = raw(shop);
    slow.socket.write("POST /shop.Orders/get HTTP/1.1\r\nx");
    await Promise.all([silent.closed, slow.closed]);
    expect(slow.text()).toMatch(/^HTTP\/1\.1 408 /);
    await expectService(shop);
  });

  it("that sends its body too slowly is told so, and left", async () => {
    const shop = await served({ limits: { stallMs: 100 } });
    for (const path of ["get", "upload"]) {
      const slow = raw(shop);
      const type = path === "get" ? "json" : "jsonl";
      slow.socket.write(`POST /shop.Orders/${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/${type}\r\ncontent-length: 1000\r\n\r\n{`);
      await slow.closed;
      expect(slow.text()).toMatch(/^HTTP\/1\.1 408 [^]*did not come within 100 ms/);
    }
    await expectService(shop);
  });

  it("that sends a line of a stream now and then may take its time", async () => {
    const shop = await served({ limits: { stallMs: 200 } });
    const slow = raw(shop);
    slow.socket.write("POST /shop.Orders/upload HTTP/1.1\r\nhost: x\r\ncontent-type: application/jsonl\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n");
    for (let sent = 0; sent < 6; sent++) {
      slow.socket.write('f\r\n{"quantity":1}\n\r\n');
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    slow.socket.write("0\r\n\r\n");
    await slow.closed;
    expect(slow.text()).toMatch(/^HTTP\/1\.1 200 [^]*6$/m);
  });

  it("that announces too long a body is told before it sends it", async () => {
    const shop = await served({ limits: { maxMessageBytes: 1000 } });
    const waits = raw(shop);
    waits.socket.write(`${HEAD}content-length: 1001\r\nexpect: 100-continue\r\n\r\n`);
    await waits.closed;
    expect(waits.text()).toMatch(/^HTTP\/1\.1 413 [^]*exceeds 1000 bytes/);
    const asks = raw(shop);
    asks.socket.write(`${HEAD}content-length: 2\r\nexpect: 100-continue\r\n\r\n`);
    while (!asks.text().includes("100 Continue")) await turns();
    asks.socket.write("{}");
    while (!asks.text().includes("200 OK")) await turns();
  });

  it("may send just as much as is allowed, announced or not, and a line of a stream as much each", async () => {
    const shop = await served({ limits: { maxMessageBytes: 1000 } });
    const full = (bytes: number): string => `{"id":"7"${" ".repeat(bytes - 10)}}`;
    const asBody = async (bytes: number, chunked: boolean): Promise<number> => {
      const body = chunked ? new Blob([full(bytes)]).stream() : full(bytes);
      const response = await fetch(`${shop.url}/shop.Orders/get`, { method: "POST", headers: { "content-type": "application/json" }, body, ...(chunked && { duplex: "half" as const }) });
      return response.status;
    };
    for (const chunked of [false, true]) expect([await asBody(1000, chunked), await asBody(1001, chunked)]).toEqual([200, 413]);
    const line = `{"sku":"tea","quantity":1${" ".repeat(974)}}`;
    expect(line).toHaveLength(1000);
    const upload = async (lines: readonly string[]): Promise<[number, string]> => {
      const response = await fetch(`${shop.url}/shop.Orders/upload`, { method: "POST", headers: { "content-type": "application/jsonl" }, body: lines.join("\n") });
      return [response.status, (await response.text()).trim()];
    };
    // As many as come in many parts, of which most end within a line.
    expect(await upload(Array.from({ length: 2_000 }, () => line))).toEqual([200, "2000"]);
    expect((await upload([line, `${line} `]))[0]).toBe(413);
  });

  it("that sends too much without announcing it is cut off", async () => {
    const shop = await served({ limits: { maxMessageBytes: 100_000 } });
    for (const path of ["get", "upload"]) {
      const endless = raw(shop);
      const type = path === "get" ? "json" : "jsonl";
      endless.socket.write(`POST /shop.Orders/${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/${type}\r\ntransfer-encoding: chunked\r\n\r\n`);
      const more = (): void => {
        while (endless.socket.writable && endless.socket.write(`4000\r\n${" ".repeat(0x4000)}\r\n`)) continue;
      };
      endless.socket.on("drain", more);
      more();
      await endless.closed;
      expect(endless.text()).toMatch(/^(HTTP\/1\.1 413 |$)/);
    }
    await expectService(shop);
  });

  it.each([
    ["a head of 64 KiB", `${HEAD}x: ${"x".repeat(65_536)}\r\n\r\n`, 431],
    ["65 headers", `${HEAD}content-length: 2\r\n${Array.from({ length: 65 }, (_, index) => `x-${index}: 1\r\n`).join("")}\r\n{}`, 400],
    ["what is no HTTP", "rpcg\u0001\u0000\u0000\r\n\r\n", 400],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ["two lengths", `${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 400],
    ["a length and chunks", `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`, 400],
    ["a control character in a header", `${HEAD}x: a\u0001b\r\n\r\n`, 400],
    ["no host", "GET /shop.Orders/get HTTP/1.1\r\n\r\n", 400],
    ["an upgrade", "GET /shop.Orders/watch HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n", 200],
    ["TLS", "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000", 400],
  ])("that sends %s is answered", async (_, bytes, status) => {
    const shop = await served();
    const caller = raw(shop);
    caller.socket.write(bytes, "latin1");
    while (!caller.text().includes("\r\n\r\n")) await turns();
    expect(caller.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await expectService(shop);
  });

  it("that nests JSON 100,000 deep does no harm", async () => {
    const shop = await served();
    for (const [open, shut] of [["[", "]"], ['{"items":', "}"]] as const) {
      const body = `${'{"id":'}${open.repeat(100_000)}1${shut.repeat(100_000)}}`;
      const response = await fetch(`${shop.url}/shop.Orders/get`, { method: "POST", headers: { "content-type": "application/json" }, body });
      expect(response.status).toBe(400);
    }
    await expectService(shop);
  });

  it("that sends several requests at once gets their answers in order", async () => {
    const shop = await served();
    const eager = raw(shop);
    const one = (id: string): string => `${HEAD}content-length: ${10 + id.length - 1}\r\n\r\n{"id":"${id}"}`;
    eager.socket.write(Array.from({ length: 20 }, (_, index) => one(String(index + 10))).join(""));
    while ((eager.text().match(/"id":"\d+"/g) ?? []).length < 20) await turns();
    expect(eager.text().match(/(?<="id":")\d+/g)).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 10)));
  });

  it("whose calls are short and its bodies long, for they are blank, makes the server hold the calls alone", async () => {
    const shop = await served();
    const blank = Buffer.alloc(4_000_000, " ");
    blank.write('{"times":9}');
    const held = (): number => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers;
    };
    const before = held();
    for (let count = 0; count < 20; count += 1) {
      const { socket } = raw(shop);
      socket.write(`POST /shop.Orders/ring HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nrpc-timeout-ms: 60000\r\ncontent-length: ${blank.length}\r\n\r\n`);
      socket.write(blank);
    }
    while (shop.books.runs.length < 20) await turns();
    while (held() - before > 5 * blank.length) await turns();
  });

  it("that does not read stops the producer, and is left after a while", async () => {
    let produced = 0;
    let stopped = false;
    const shop = await served({
      limits: { stallMs: 300 },
      interceptors: [
        async () =>
          (async function* () {
            try {
              for (;;) {
                produced += 1;
                yield { id: "x".repeat(10_000), items: [], placedAt: new Date(0), labels: new Map() };
              }
            } finally {
              stopped = true;
            }
          })(),
      ],
    });
    const lazy = raw(shop);
    lazy.socket.pause();
    lazy.socket.write("GET /shop.Orders/watch HTTP/1.1\r\nhost: x\r\n\r\n");
    while (!stopped) await turns();
    // What the kernel and the windows hold.
    expect(produced * 10_000).toBeLessThan(16 << 20);
    lazy.socket.resume();
    await lazy.closed;
  });

  it("that leaves in the middle of anything leaves nothing behind", async () => {
    const shop = await served();
    for (const bytes of ["", "POST", HEAD, `${HEAD}content-length: 9\r\n\r\n{`, `${HEAD}content-length: 10\r\n\r\n{"id":"7"}`, "GET /shop.Orders/watch?message={%22from%22:99} HTTP/1.1\r\nhost: x\r\n\r\n"]) {
      for (let round = 0; round < 10; round++) {
        const caller = raw(shop);
        caller.socket.write(bytes);
        await turns(round);
        caller.socket.resetAndDestroy();
      }
    }
    while (shop.books.runs.filter((run) => run === "watch").length > shop.books.runs.filter((run) => run === "watched").length) await turns();
    await expectService(shop);
    await shop.close(10_000);
  });
});

describe("a caller that pretends to be our own client", () => {
  const HELLO = "cnBjZwEBEAABAgMEBQYHCAkKCwwNDg8DBICAgAgEA4CAEAUEgICAAg";
  const bytes = fc.uint8Array({ maxLength: 40 });
  const text = (value: Uint8Array): string => Buffer.from(value).toString("base64url");
  /** Of a CALL: stream 1, method n, sequence 1. */
  const head = fc.tuple(fc.constantFrom(0x01, 0x11, 0x21, 0x41, 0x81, 0x0b, 0x06, 0x02), fc.nat({ max: 12 }), bytes).map(([kind, method, rest]) => Uint8Array.of(kind, 1, method, 1, 0, 0, ...rest));

  it("is answered in order, whatever its frames are, and harms nobody", async () => {
    const shop = await served({ limits: { stallMs: 500 } });
    const greeting = await fetch(`${shop.url}/`, { method: "POST", headers: { "rpc-hello": HELLO } });
    const { instanceId } = readWelcome(new Uint8Array(await greeting.arrayBuffer()));
    const one = fc.record({
      instance: fc.constantFrom(text(instanceId), text(instanceId), text(new Uint8Array(16)), undefined),
      hello: fc.oneof({ arbitrary: fc.constant(HELLO), weight: 4 }, bytes.map(text), fc.string({ unit: "grapheme-ascii", maxLength: 20 })),
      head: fc.oneof({ arbitrary: head.map(text), weight: 4 }, bytes.map(text), fc.constant("")),
      method: fc.constantFrom("GET", "POST", "PUT"),
      path: fc.constantFrom("/", "/shop.Orders/get", "/shop.Orders/get?encoding=x-rpcgen&message=AA", "/shop.Orders/upload", "/shop.Orders/watch", "/shop.Orders/step", "/x"),
      type: fc.constantFrom("application/x-rpcgen", "application/x-rpcgen-frames", "text/plain"),
      body: bytes,
    });
    await fc.assert(
      fc.asyncProperty(one, async ({ hello, head: call, instance, method, path, type, body }) => {
        const headers = { "rpc-hello": hello, ...(call !== "" && { "rpc-head": call }), ...(instance !== undefined && { "rpc-instance": instance }), "content-type": type };
        const response = await fetch(`${shop.url}${path}`, { method, headers, ...(method !== "GET" && { body }) }).catch((error: unknown) => error as Error);
        // A body that holds no frames has its connection ended.
        if (response instanceof Error) return expect(type).toBe("application/x-rpcgen-frames");
        await response.arrayBuffer().catch(() => undefined);
        expect([200, 204, 400, 404, 405, 415, 421, 499, 501, 503, 504]).toContain(response.status);
      }),
      { numRuns: 600 },
    );
    await expectService(shop);
  });

  it.each([
    ["a stream's number that does not end", [4, 0x80]],
    ["one that is longer than it has to be", [4, 0x81, 0]],
    ["one that is too large", [4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ["an end with a number that does not end", [5, 0xff]],
    ["a sign of life that does not end", [8, 0x80]],
    ["nothing but its kind", [4]],
  ])("and sends an element with %s has its connection ended, and harms nobody", async (_what, frame) => {
    const shop = await served();
    const greeting = await fetch(`${shop.url}/`, { method: "POST", headers: { "rpc-hello": HELLO } });
    const { instanceId, methods } = readWelcome(new Uint8Array(await greeting.arrayBuffer()));
    const upload = text(Uint8Array.of(1, 1, methods.get("shop.Orders/upload")?.number ?? 0, 1, 0, 0));
    const headers = { "rpc-hello": HELLO, "rpc-head": upload, "rpc-instance": text(instanceId), "content-type": "application/x-rpcgen-frames" };
    const body = Uint8Array.of(frame.length, 0, 0, 0, ...frame);
    await expect(fetch(`${shop.url}/shop.Orders/upload`, { method: "POST", headers, body })).rejects.toThrow();
    await expectService(shop);
  });

  it("from a page may not, unless its origin is listed, and then is known to be one", async () => {
    const origin = "https://app.example.org";
    const from: unknown[] = [];
    const shop = await served({ origins: [origin], authenticate: (_, peer) => void from.push(peer.origin) });
    const greet = (headers: Record<string, string>): Promise<Response> => fetch(`${shop.url}/`, { method: "POST", headers: { "rpc-hello": HELLO, ...headers } });
    const refused = await greet({ origin: "https://evil.example" });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    expect((await greet({ origin: "https://evil.example", "rpc-head": text(Uint8Array.of(6, 1, 1)) })).status).toBe(403);
    const { instanceId, methods } = readWelcome(new Uint8Array(await (await greet({ origin })).arrayBuffer()));
    const head = text(Uint8Array.of(1, 1, methods.get("shop.Orders/get")?.number ?? 0, 1, 0, 0));
    const headers = { origin, "rpc-hello": HELLO, "rpc-head": head, "rpc-instance": text(instanceId) };
    // Parameters: a pool of one unit of text, the tag 1 << 3 | TEXT, its length, the end; then the pool.
    const message = text(Uint8Array.of(1 << 1, (1 << 3) | 3, 1, 0, 0x37));
    expect((await fetch(`${shop.url}/shop.Orders/get?encoding=x-rpcgen&message=${message}`, { headers })).status).toBe(200);
    expect(from).toEqual([origin]);
  });

  it("and goes on sending elements that nobody reads is not read from", async () => {
    const shop = await served({ limits: { stallMs: 60_000 } });
    const channel = await connect(shop.url);
    onTestFinished(() => channel.close());
    let sent = 0;
    const orders = new OrdersClient(channel);
    async function* items(): AsyncGenerator<{ sku: string; quantity: number }> {
      for (;;) {
        sent += 1;
        // The handler leaves at the first of too many.
        yield { sku: "x".repeat(10_000), quantity: sent === 50 ? 101 : 1 };
      }
    }
    await expect(orders.upload(items())).rejects.toMatchObject({ sku: "x".repeat(10_000) });
    expect(sent).toBeLessThan(5_000);
    await expectService(shop);
  });
});

describe("what is not JSON", () => {
  it("is found where the engine finds it", () => {
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), gone: fc.nat({ max: 2 }), put: fc.constantFrom("", "x", "{", "}", "[", "]", ",", ":", '"', "\\", "\n", "1", "-", "0", "e", "t") });
    fc.assert(
      fc.property(fc.json(), fc.array(edit, { minLength: 1, maxLength: 3 }), (json, edits) => {
        const text = edits.reduce((before, { at, gone, put }) => {
          const index = Math.floor(at * before.length);
          return before.slice(0, index) + put + before.slice(index + gone);
        }, json);
        let message: string;
        try {
          JSON.parse(text);
          return;
        } catch (error) {
          message = (error as Error).message;
        }
        const fault = faultIn(text);
        expect(fault).toBeLessThanOrEqual(text.length);
        // A word or an escape that is cut short is a fault from its beginning on.
        if (message.includes("end of JSON input")) expect(text.slice(fault)).toMatch(/^(?:[-\w.+]*\s*|\\)$/);
        const told = /at position (\d+)/.exec(message);
        if (told !== null) expect(Number(told[1])).toBeGreaterThanOrEqual(fault);
      }),
      { numRuns: 2_000, examples: [['""', [{ at: 0.5, gone: 1, put: "\\" }]]] },
    );
  });

  it("is told by line and column", () => {
    expect(placeOf(0, "x")).toBe("line 1, column 1");
    expect(placeOf(6, "{\n\n  x")).toBe("line 3, column 4");
  });
});

/** Our own client over HTTP: what stands in its requests, and what it makes of whatever may answer them. */
import { createServer, request as newRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo, type Server as NetServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { memoryStore } from "../../runtime/idempotency/index.js";
import { connect, RpcError, type ConnectOptions } from "../../runtime/index.js";
import { failureOf } from "../runtime/test-service.js";
import { turns } from "../transport/session.js";
import { testSides } from "../transport/tls-sides.js";
import { OrdersClient, served, type Orders, type Served } from "./shop.js";

async function listening(server: NetServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers everything in one way. */
async function stranger(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  onTestFinished(() => void server.close().closeAllConnections());
  return listening(server);
}

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What becomes of a request, and then of its answer: passed on, or lost. */
interface Fate {
  readonly to?: string;
  readonly before?: boolean;
  readonly behind?: boolean;
  readonly instead?: (response: ServerResponse) => void;
  readonly elsewhere?: true;
  readonly nowhere?: true;
}

/** A proxy; greetings pass. */
async function proxy(to: string, fate: (call: Seen) => Fate = () => ({})): Promise<{ readonly url: string; readonly calls: Seen[]; readonly greetings: Seen[]; readonly end: () => void }> {
  const [calls, greetings]: [Seen[], Seen[]] = [[], []];
  const pass = (incoming: IncomingMessage, response: ServerResponse): void => {
    const seen = { method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers };
    const greeting = seen.url === "/";
    (greeting ? greetings : calls).push(seen);
    const fated = greeting ? {} : fate(seen);
    if (fated.instead !== undefined) return fated.instead(response);
    if (fated.before === true) return void incoming.socket.destroy();
    const outgoing = newRequest(`${fated.to ?? to}${seen.url}`, { method: seen.method, headers: seen.headers, agent: false }, (answer) => {
      if (fated.behind === true) return void answer.resume().on("end", () => incoming.socket.destroy());
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => incoming.socket.destroy());
    incoming.pipe(outgoing);
  };
  const server = createServer(pass);
  const end = (): void => void server.close().closeAllConnections();
  onTestFinished(end);
  return { url: await listening(server), calls, greetings, end };
}

async function ordersAt(url: string, options: ConnectOptions = {}): Promise<Orders> {
  const channel = await connect(url, { only: ["http"], ...options });
  onTestFinished(() => channel.close());
  return new OrdersClient(channel);
}

describe("a request", () => {
  it("is a GET whose address says the call, or a POST where the call has an effect or is long", async () => {
    const shop = await served();
    const { url, calls } = await proxy(shop.url);
    const orders = await ordersAt(url);
    await orders.get({ id: "7" });
    await orders.get({ id: "7" });
    await orders.get({ id: "x".repeat(5_000) });
    await orders.cancel({ id: "7" });
    expect(calls.map(({ method }) => method)).toEqual(["GET", "GET", "POST", "POST"]);
    expect(calls[0]?.url).toBe(calls[1]?.url);
    expect(calls[2]?.url).toBe("/shop.Orders/get");
  });

  it("has the headers of the call as its own where HTTP can carry them, and all of them arrive", async () => {
    const shop = await served();
    const { url, calls } = await proxy(shop.url);
    const orders = await ordersAt(url);
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/).filter((key) => !key.startsWith("rpc-"));
    const value = fc.string({ unit: "grapheme", maxLength: 30 }).filter((text) => !/[\u0000-\u001f\u007f]/.test(text) && text.isWellFormed());
    const odd = fc.constantFrom("host", "content-type", "connection", "accept", "idempotency-key", "sec-fetch-site", "cookie", "te");
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.oneof({ arbitrary: name, weight: 4 }, odd), value, { maxKeys: 6, noNullPrototype: false }), async (headers) => {
        await orders.get({ id: "7" }, { headers });
        expect({ ...shop.books.ctx?.headers }).toMatchObject({ ...headers });
      }),
      { numRuns: 150 },
    );
    await orders.get({ id: "7" }, { headers: { authorization: "Bearer s3cret", traceparent: "00-1-2-01" } });
    expect(calls.at(-1)?.headers).toMatchObject({ authorization: "Bearer s3cret", traceparent: "00-1-2-01" });
  });

  it("has all the time that it is given", async () => {
    const shop = await served();
    const { url, calls } = await proxy(shop.url, () => ({ instead: (response) => void setTimeout(() => response.writeHead(200, { "content-type": "application/x-rpcgen" }).end(), 50) }));
    const orders = await ordersAt(url);
    await orders.cancel({ id: "7" }, { timeoutMs: 2 ** 31 });
    expect(calls).toHaveLength(1);
  });

  it("waits for a connection where more than 256 are under way", async () => {
    const shop = await served();
    let [open, most] = [0, 0];
    const relay = createTcpServer((socket) => {
      most = Math.max(most, (open += 1));
      const beyond = connectTcp(Number(new URL(shop.url).port), "127.0.0.1");
      socket.on("error", () => beyond.destroy()).on("close", () => (open -= 1)).pipe(beyond);
      beyond.on("error", () => socket.destroy()).pipe(socket);
    });
    onTestFinished(() => void relay.close());
    const orders = await ordersAt(await listening(relay));
    const answers = await Promise.all(Array.from({ length: 600 }, (_, n) => orders.get({ id: String(n + 1_000) }, { timeoutMs: 60_000 })));
    expect(answers.map(({ id }) => Number(id))).toEqual(Array.from({ length: 600 }, (_, n) => n + 1_000));
    expect(most).toBeLessThanOrEqual(256 + 4);
  });

  it("asks for a sign of life, and cancels, while calls have every connection", async () => {
    const shop = await served();
    const { url, greetings } = await proxy(shop.url);
    const orders = await ordersAt(url, { limits: { keepaliveMs: 50, keepaliveTimeoutMs: 3_000 } });
    const gone = new AbortController();
    let failed = 0;
    const calls = Array.from({ length: 300 }, () => failureOf(orders.ring({ times: 9 }, { timeoutMs: 60_000, signal: gone.signal })).finally(() => (failed += 1)));
    while (shop.books.runs.length < 256 && failed === 0) await turns();
    const before = greetings.length;
    while (greetings.length === before && failed === 0) await turns();
    expect(failed).toBe(0);
    gone.abort();
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: "CANCELLED" });
    // Nobody else would end them.
    while (shop.books.ctx?.signal.aborted !== true) await turns();
  });
});

describe("over TLS", () => {
  it("a server is trusted, and a caller known, as on every other transport", async () => {
    const { server, client } = testSides();
    const shop = await served({ listen: "https://127.0.0.1:0/api", tls: server, authenticate: (_, { certificate }) => certificate?.commonName });
    const orders = await ordersAt(shop.url, { only: ["https"], tls: client });
    expect(await orders.get({ id: "7" })).toMatchObject({ id: "7" });
    expect(shop.books.ctx?.principal).toBe("orders");
    const failure = await failureOf(connect(shop.url));
    expect(failure).toMatchObject({ code: "UNAUTHENTICATED", executed: "no", cause: { name: "TrustError" } });
    const plain = await failureOf(connect(shop.url.replace("https:", "http:"), { connectTimeoutMs: 2_000 }));
    expect(plain).toMatchObject({ code: "UNAVAILABLE", executed: "no" });
    const http = await served();
    expect((await failureOf(connect(http.url.replace("http:", "https:"), { connectTimeoutMs: 2_000 }))).message).toContain("does not speak TLS");
  });
});

describe("a call", () => {
  it("runs once under its promise, whatever becomes of requests and answers", async () => {
    await fc.assert(
      // There are three attempts.
      fc.asyncProperty(fc.array(fc.constantFrom("pass", "before", "behind"), { minLength: 1, maxLength: 2 }), async (fates) => {
        const shop = await served({ store: memoryStore() });
        const left = [...fates];
        const { url } = await proxy(shop.url, () => {
          const fate = left.shift();
          return { before: fate === "before", behind: fate === "behind" };
        });
        const orders = await ordersAt(url);
        expect(await orders.place({ items: [{ sku: "tea", quantity: 1 }] }, { timeoutMs: 20_000 })).toMatchObject({ id: "order-1" });
        left.push(...fates);
        expect(await orders.ring({ times: 3 }, { timeoutMs: 20_000 })).toBe(3);
        expect(shop.books.runs).toEqual(["place", "ring"]);
        await shop.close();
      }),
      { numRuns: 12 },
    );
  });

  it.each([
    ["cut off", { behind: true }],
    ["answered by a proxy", { instead: (response: ServerResponse) => void response.writeHead(504, { "content-type": "text/html" }).end("late") }],
  ])("whose request is %s takes no other along", async (_, lost: Fate) => {
    const shop = await served();
    let fates: Fate[] = [];
    const { url } = await proxy(shop.url, () => fates.pop() ?? {});
    const orders = await ordersAt(url);
    const orderIds = orders.watch({ from: 99 })[Symbol.asyncIterator]();
    expect((await orderIds.next()).value).toMatchObject({ id: "99" });
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const sum = orders.upload(
      (async function* () {
        yield { sku: "tea", quantity: 1 };
        await finished;
        yield { sku: "tea", quantity: 2 };
      })(),
    );
    while (!shop.books.runs.includes("upload")) await turns();
    fates = [lost];
    expect(await orders.ring({ times: 5 })).toBe(5);
    expect(fates).toEqual([]);
    finish();
    expect(await sum).toBe(3);
    expect((await orderIds.next()).value).toMatchObject({ id: "100" });
    await orderIds.return?.();
    expect(shop.books.runs.filter((run) => run === "ring")).toHaveLength(1);
  });

  it("is cancelled and no other, where several links have one of its number", async () => {
    const shop = await served();
    let fates: Fate[] = [];
    const { url } = await proxy(shop.url, () => fates.pop() ?? {});
    const orders = await ordersAt(url);
    const hang = async (): Promise<{ leave: AbortController; seen: AbortSignal | undefined; error: Promise<RpcError> }> => {
      const leave = new AbortController();
      const runs = shop.books.runs.length;
      const error = failureOf(orders.ring({ times: 9 }, { signal: leave.signal, timeoutMs: 60_000 }));
      while (shop.books.runs.length === runs) await turns();
      return { leave, seen: shop.books.ctx?.signal, error };
    };
    await orders.get({ id: "1" });
    const first = await hang();
    // The next goes by another link, and so does what follows it.
    fates = [{ before: true }];
    await orders.get({ id: "2" });
    const second = await hang();
    first.leave.abort();
    expect(await first.error).toMatchObject({ code: "CANCELLED" });
    while (first.seen?.aborted !== true && second.seen?.aborted !== true) await turns();
    expect([first.seen?.aborted, second.seen?.aborted]).toEqual([true, false]);
    second.leave.abort();
    await second.error;
  });

  it("that another instance answers is not run there, unless it may be", async () => {
    const [one, other] = [await served(), await served()];
    let to = one.url;
    const { url } = await proxy(one.url, () => ({ to }));
    const greeted = await ordersAt(url);
    expect(await greeted.ring({ times: 1 })).toBe(1);
    // The proxy turns to the other, which has never heard of the channel.
    to = other.url;
    const failure = await failureOf(greeted.ring({ times: 2 }, { timeoutMs: 500 }));
    expect(failure).toMatchObject({ executed: "no" });
    expect(other.books.runs).toEqual([]);
  });

  it("goes on with the server that took the other's place", async () => {
    const first = await served();
    let to = first.url;
    const server = createServer((incoming, response) => {
      const outgoing = newRequest(`${to}${incoming.url ?? ""}`, { method: incoming.method, headers: incoming.headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      });
      outgoing.on("error", () => incoming.socket.destroy());
      incoming.pipe(outgoing);
    });
    onTestFinished(() => void server.close().closeAllConnections());
    const orders = await ordersAt(await listening(server));
    await orders.ring({ times: 1 });
    const second = await served();
    await first.close();
    to = second.url;
    expect(await orders.get({ id: "7" })).toMatchObject({ id: "7" });
    expect(await orders.ring({ times: 2 })).toBe(2);
    expect(await orders.place({ items: [{ sku: "tea", quantity: 1 }] })).toMatchObject({ id: "order-3" });
    expect(second.books.runs).toEqual(["get", "ring", "place"]);
  });

  it("whose outcome is unknown can be asked for", async () => {
    const shop = await served();
    let lose = false;
    const { url } = await proxy(shop.url, () => ({ behind: lose }));
    const orders = await ordersAt(url);
    await orders.get({ id: "7" });
    lose = true;
    const error = (await failureOf(orders.ring({ times: 5 }, { timeoutMs: 300 }))) as RpcError;
    expect(error.executed).toBe("unknown");
    lose = false;
    expect(await error.settle()).toMatchObject({ value: 5 });
    expect(shop.books.runs.filter((run) => run === "ring")).toHaveLength(1);
  });

  describe.each<[string, Fate | "ended"]>([
    ["cannot be reached", "ended"],
    ["is another instance", { elsewhere: true }],
    ["is behind a proxy that turns it away", { instead: (response) => void response.writeHead(413, { "content-type": "text/html" }).end("too long") }],
    ["is not where it was", { nowhere: true }],
  ])("whose outcome is unknown, and whose server %s when it is asked for", (_, then) => {
    it.each(["ring", "place"] as const)("is not said to have never run (%s)", async (name) => {
      const [shop, other] = [await served(), await served()];
      let fate: Fate = {};
      const between = await proxy(shop.url, () => fate);
      const orders = await ordersAt(between.url);
      await orders.get({ id: "7" });
      fate = { behind: true };
      const call = name === "ring" ? orders.ring({ times: 5 }, { timeoutMs: 300 }) : orders.place({ items: [{ sku: "tea", quantity: 1 }] }, { timeoutMs: 300 });
      const error = await failureOf(call);
      expect(error.executed).toBe("unknown");
      if (then === "ended") between.end();
      else if (then.elsewhere) fate = { to: other.url };
      else fate = then.nowhere ? { to: `${shop.url}/nowhere` } : then;
      expect((await error.settle()).executed).toBe("unknown");
      expect(other.books.runs).toEqual([]);
      if (then === "ended") return;
      fate = {};
      expect((await error.settle()).executed).toBe("yes");
    });
  });

  it("of a session or of two streams is refused with the remedy", async () => {
    const orders = await ordersAt((await served()).url);
    expect(await failureOf(orders.step({ round: 1n }))).toMatchObject({ code: "UNIMPLEMENTED", executed: "no", message: expect.stringContaining("@failStop") as string });
  });
});

describe("what answers", () => {
  const html = "<!doctype html><h1>no</h1>";
  const page =
    (status: number, headers: Record<string, string> = {}, body: string | Uint8Array = html): ((response: ServerResponse) => void) =>
    (response) =>
      void response.writeHead(status, { "content-type": "text/html", ...headers }).end(body);

  it.each([
    ["a page", page(200), /answered 200 OK \(text\/html\): it is no server of ours/],
    ["a path that is not there", page(404), /answered 404 Not Found/],
    ["a gateway without its server", page(502), /answered 502 Bad Gateway/],
    ["a redirect", page(302, { location: "https://example.org/" }), /points to "https:\/\/example\.org\/" and is not followed/],
    ["a compressed answer", page(200, { "content-encoding": "gzip", "content-type": "application/x-rpcgen-frames" }, gzipSync("x")), /compressed/],
    ["bytes that are no greeting", page(200, { "content-type": "application/x-rpcgen-frames" }, "hello"), /does not speak this protocol/],
    ["nothing", (response: ServerResponse) => void response.socket?.destroy(), /broken off/],
  ])("as %s is told when the channel is opened", async (_, instead, words) => {
    const url = await stranger((incoming, response) => {
      incoming.resume();
      instead(response);
    });
    const failure = await failureOf(connect(url, { connectTimeoutMs: 2_000 }));
    expect(failure).toMatchObject({ executed: "no" });
    expect(failure.message).toMatch(words);
  });

  it("and speaks no HTTP is told", async () => {
    const server = createTcpServer((socket: Socket) => void socket.on("error", () => {}).end("220 mail.example.org ESMTP\r\n"));
    onTestFinished(() => void server.close());
    expect((await failureOf(connect(await listening(server), { connectTimeoutMs: 2_000 }))).message).toMatch(/does not speak HTTP/);
  });

  it.each([
    [413, "RESOURCE_EXHAUSTED", "no"],
    [401, "UNAUTHENTICATED", "no"],
    [403, "PERMISSION_DENIED", "no"],
    [404, "UNIMPLEMENTED", "no"],
    [301, "UNIMPLEMENTED", "no"],
  ])("in a server's place with %i ends the call with %s", async (status, code, executed) => {
    const shop = await served();
    const { url } = await proxy(shop.url, () => ({ instead: page(status) }));
    const orders = await ordersAt(url);
    expect(await failureOf(orders.ring({ times: 1 }, { timeoutMs: 2_000 }))).toMatchObject({ code, executed });
  });

  it.each([500, 502, 503, 504])("in a server's place with %i leaves open whether the call ran, and a call that may run again is sent again", async (status) => {
    const shop = await served();
    let answers = 0;
    const { url } = await proxy(shop.url, () => (answers++ === 0 ? { instead: page(status) } : {}));
    const orders = await ordersAt(url);
    expect(await orders.get({ id: "7" }, { timeoutMs: 20_000 })).toMatchObject({ id: "7" });
    answers = -1_000_000;
    const { url: dead } = await proxy(shop.url, () => ({ instead: page(status) }));
    const failure = await failureOf((await ordersAt(dead)).ring({ times: 1 }, { timeoutMs: 300 }));
    expect(failure.executed).toBe("unknown");
  });

  it.each([
    ["is too long", (response: ServerResponse) => void response.writeHead(200, { "content-type": "application/x-rpcgen" }).end(Buffer.alloc(100_000))],
    ["drips", (response: ServerResponse) => void response.writeHead(200, { "content-type": "application/x-rpcgen" }).write("x")],
    ["is none of the type", (response: ServerResponse) => void response.writeHead(200, { "content-type": "application/x-rpcgen" }).end("garbage")],
    ["breaks off", (response: ServerResponse) => void (response.writeHead(200, { "content-type": "application/x-rpcgen", "content-length": "9" }).write("x"), setImmediate(() => response.destroy()))],
    ["is of frames that are none", (response: ServerResponse) => void response.writeHead(200, { "content-type": "application/x-rpcgen-frames" }).end(Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 2]))],
    ["is of another call", (response: ServerResponse) => void response.writeHead(200, { "content-type": "application/x-rpcgen-frames" }).end(Buffer.from([2, 0, 0, 0, 5, 99]))],
    ["is an error that is none", (response: ServerResponse) => void response.writeHead(500, { "content-type": "application/x-rpcgen-error" }).end(Buffer.from([1, 2]))],
  ])("and %s ends in an error of the call, in time", async (_, instead) => {
    const shop = await served();
    const { url } = await proxy(shop.url, () => ({ instead }));
    const orders = await ordersAt(url, { limits: { maxMessageBytes: 20_000, maxHeaderBytes: 4_000 } });
    const reading = (async () => {
      for await (const order of orders.watch({ from: 1 }, { timeoutMs: 1_000 })) void order;
    })();
    for (const failure of await Promise.all([orders.get({ id: "7" }, { timeoutMs: 1_000 }), reading].map(failureOf))) expect(failure).toBeInstanceOf(RpcError);
  });

  it.each([
    ["a page without end", (response: ServerResponse) => void response.writeHead(403, { "content-type": "text/html" }), "PERMISSION_DENIED", "no"],
    ["elements behind the end", (response: ServerResponse) => void response.writeHead(200, { "content-type": "application/x-rpcgen-frames" }).write(Buffer.from([2, 0, 0, 0, 5, 1])), "OK", "yes"],
  ])("with %s is not read for ever", async (_, begin, code, executed) => {
    const shop = await served();
    let over: Promise<void> | undefined;
    const instead = (response: ServerResponse): void => {
      begin(response);
      over = new Promise((resolve) => response.once("close", () => resolve()));
      const elements = Buffer.concat(Array.from({ length: 1_000 }, () => Buffer.from([3, 0, 0, 0, 4, 1, 0x31])));
      const more = (): void => {
        if (!response.destroyed && response.write(elements)) setImmediate(more);
      };
      response.on("drain", more);
      more();
    };
    const { url } = await proxy(shop.url, () => ({ instead }));
    const orders = await ordersAt(url);
    const reading = (async () => {
      for await (const order of orders.watch({ from: 1 }, { timeoutMs: 5_000 })) void order;
    })();
    const outcome = await reading.then(() => ({ code: "OK", executed: "yes" }), (error: RpcError) => error);
    expect(outcome).toMatchObject({ code, executed });
    await over;
  });

  it("and takes the connection for another protocol has lost the call", async () => {
    const shop = await served();
    const { url } = await proxy(shop.url, () => ({
      instead: (response) => void response.socket?.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello"),
    }));
    const orders = await ordersAt(url);
    const reading = (async () => {
      for await (const order of orders.watch({ from: 1 })) void order;
    })();
    expect(await failureOf(reading)).toMatchObject({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message: expect.stringContaining("without an answer") as string });
  });

  it("is left with its streams when the channel closes", async () => {
    const shop: Served = await served();
    const orders = await ordersAt(shop.url);
    const seen: string[] = [];
    for await (const { id } of orders.watch({ from: 99 })) {
      seen.push(id);
      if (seen.length === 3) break;
    }
    while (!shop.books.runs.includes("watched")) await turns();
    expect(seen).toEqual(["99", "100", "101"]);
  });
});

/** Calls as plain requests of HTTP, as a program sees them that has nothing of ours. */
import { once } from "node:events";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp } from "node:net";
import { describe, expect, it } from "vitest";
import { newIdempotencyKey, RpcError, serve } from "../../runtime/index.js";
import { descriptor } from "../runtime/test-service.js";
import { turns } from "../transport/session.js";
import { testSides } from "../transport/tls-sides.js";
import { served, type Served } from "./shop.js";

const JSON_BODY = { "content-type": "application/json" };
const LINES_BODY = { "content-type": "application/jsonl" };

function post({ url }: Served, method: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(`${url}/shop.Orders/${method}`, { method: "POST", body: text, headers: { ...JSON_BODY, ...headers } });
}

function get({ url }: Served, method: string, message: unknown, init?: RequestInit): Promise<Response> {
  return fetch(`${url}/shop.Orders/${method}?message=${encodeURIComponent(JSON.stringify(message))}`, init);
}

async function told(response: Response | Promise<Response>): Promise<Record<string, unknown> & { readonly status: number }> {
  const answer = await response;
  return { status: answer.status, ...((await answer.json()) as object) };
}

/** Of a key that may be older than the server nobody knows what became of its call; a key tells its millisecond. */
async function keyAfterStart(): Promise<string> {
  const started = Date.now();
  while (Date.now() < started + 2) await turns();
  return newIdempotencyKey();
}

describe("a call by POST", () => {
  it("takes and gives JSON", async () => {
    const shop = await served();
    const response = await post(shop, "place", { items: [{ sku: "tea", quantity: 2 }], note: "soon" }, { "idempotency-key": newIdempotencyKey() });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      id: "order-1",
      items: [{ sku: "tea", quantity: 2 }],
      note: "soon",
      placedAt: "2026-11-27T12:00:00.000Z",
      labels: { shop: "one" },
    });
  });

  it("may name its target in full, as it is sent to proxies", async () => {
    const shop = await served();
    const socket = connectTcp(Number(new URL(shop.url).port), "127.0.0.1");
    socket.write(`POST ${shop.url}/shop.Orders/cancel HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
    await once(socket, "close");
    expect(text).toMatch(/^HTTP\/1\.1 204 /);
    expect(shop.books.runs).toEqual(["cancel"]);
  });

  it("answers 204 where there is nothing to tell, and takes no body for no parameters", async () => {
    const shop = await served();
    const response = await fetch(`${shop.url}/shop.Orders/cancel`, { method: "POST" });
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(shop.books.runs).toEqual(["cancel"]);
  });

  it("takes and gives bytes of the wire", async () => {
    const shop = await served();
    // Parameters: a pool of one unit of text, the tag 1 << 3 | TEXT, its length, the end; then the pool.
    const response = await fetch(`${shop.url}/shop.Orders/get`, {
      method: "POST",
      headers: { "content-type": "application/x-rpcgen" },
      body: Uint8Array.of(1 << 1, (1 << 3) | 3, 1, 0, 0x37),
    });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-rpcgen"]);
    expect(Buffer.from(await response.arrayBuffer()).toString("latin1")).toContain("7tea");
  });

  it.each([
    ["{", "it ends too soon"],
    ['{"id": 7,}', "see line 1, column 10"],
    ['{\n "id": x', "see line 2, column 8"],
    ['{"id": 7}', "$.id: string takes a string, got 7"],
    ["[]", "$: "],
    ['"\ud800"', "is not UTF-8"],
  ])("is refused with the place for the body %j", async (body, words) => {
    const shop = await served();
    const bytes = body.includes("\ud800") ? Buffer.from([0x22, 0xff, 0x22]) : Buffer.from(body);
    const failure = await told(fetch(`${shop.url}/shop.Orders/get`, { method: "POST", headers: JSON_BODY, body: bytes }));
    expect(failure).toMatchObject({ status: 400, code: "INVALID_ARGUMENT", executed: "no" });
    expect(failure["message"]).toContain(words);
    expect(shop.books.runs).toEqual([]);
  });

  it("holds the schema's constraints, and quotes nothing that is sensitive", async () => {
    const shop = await served();
    expect(await told(post(shop, "ring", { times: 10 }))).toMatchObject({ status: 400, message: expect.stringContaining("times: 10 is more than @max(9)") as string });
    const failure = await told(post(shop, "ring", { times: 1, secret: 12345 }));
    expect(failure["message"]).toContain("$.secret");
    expect(failure["message"]).not.toContain("12345");
  });

  it("gives `__proto__` no meaning", async () => {
    const shop = await served();
    expect((await post(shop, "get", '{"__proto__":{"id":"7","polluted":true},"constructor":1}')).status).toBe(200);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("a failure", () => {
  it.each([
    ["CANCELLED", 499],
    ["UNKNOWN", 500],
    ["INVALID_ARGUMENT", 400],
    ["DEADLINE_EXCEEDED", 504],
    ["NOT_FOUND", 404],
    ["ALREADY_EXISTS", 409],
    ["PERMISSION_DENIED", 403],
    ["RESOURCE_EXHAUSTED", 429],
    ["FAILED_PRECONDITION", 400],
    ["ABORTED", 409],
    ["OUT_OF_RANGE", 400],
    ["UNIMPLEMENTED", 501],
    ["INTERNAL", 500],
    ["UNAVAILABLE", 503],
    ["DATA_LOSS", 500],
    ["UNAUTHENTICATED", 401],
  ] as const)("of the code %s has the status %i", async (code, status) => {
    const shop = await served({
      interceptors: [
        () => {
          throw new RpcError({ code, message: "so it is" });
        },
      ],
    });
    expect(await told(post(shop, "get", {}))).toMatchObject({ status, code, message: "so it is", executed: "yes" });
  });

  it("that is declared has its name and its fields", async () => {
    const shop = await served();
    expect(await told(post(shop, "get", { id: "404" }))).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
      error: "shop.NotFound",
      details: { id: "404" },
      executed: "yes",
    });
  });

  it("of the server's own says when to come again", async () => {
    const shop = await served({ limits: { maxRunning: 0, maxQueued: 0, retryAfterMs: 2_500 } });
    const response = await post(shop, "get", {});
    expect(response.headers.get("retry-after")).toBe("3");
    expect(await told(response)).toMatchObject({ status: 429, code: "RESOURCE_EXHAUSTED", retryAfterMs: 2_500, executed: "no" });
  });

  it("of a handler's code tells nothing of it", async () => {
    const faults: unknown[] = [];
    const shop = await served({
      onError: ({ error }) => faults.push(error),
      interceptors: [
        () => {
          throw new Error("the password is 12345");
        },
      ],
    });
    const failure = await told(post(shop, "get", {}));
    expect(failure).toMatchObject({ status: 500, code: "INTERNAL" });
    expect(JSON.stringify(failure)).not.toContain("12345");
    expect(String(faults[0])).toContain("12345");
  });
});

describe("what is no call", () => {
  it.each([
    ["POST", "/shop.Orders/nothing", {}, 404, "nothing is served at"],
    ["POST", "/", {}, 404, "POST /package.Service/method"],
    ["GET", "/shop.Orders/place", {}, 405, "is called by POST"],
    ["HEAD", "/shop.Orders/watch", {}, 405, ""],
    ["PUT", "/shop.Orders/get", {}, 405, "is called by GET or HEAD or POST"],
    ["GET", "/shop.Orders/get?id=7", {}, 400, "parameters stand in message={…}"],
    ["GET", "/shop.Orders/get?message={}&message={}", {}, 400, "message twice"],
    ["GET", "/shop.Orders/get?encoding=xml", {}, 400, "there is json and x-rpcgen"],
    ["GET", "/shop.Orders/get?encoding=x-rpcgen&message=%2B%2B", {}, 400, "not base64url"],
    ["GET", "/shop.Orders/get?encoding=x-rpcgen&message=AA===", {}, 400, "not base64url"],
    ["GET", "/shop.Orders/get?encoding=x-rpcgen&message=AA=A", {}, 400, "not base64url"],
    ["POST", "/shop.Orders/get", { "content-type": "application/x-www-form-urlencoded" }, 415, "-H 'content-type: application/json'"],
    ["POST", "/shop.Orders/get", { "content-type": "text/plain" }, 415, "takes application/json"],
    ["POST", "/shop.Orders/get", { ...JSON_BODY, "content-encoding": "gzip" }, 415, "compressed"],
    ["POST", "/shop.Orders/upload", JSON_BODY, 415, "takes application/jsonl"],
    ["POST", "/shop.Orders/watch", { "content-type": "application/x-rpcgen" }, 415, "takes application/json"],
    ["POST", "/shop.Orders/chat", LINES_BODY, 501, "use ws:, h2: or tcp:"],
    ["POST", "/shop.Orders/step", JSON_BODY, 501, "@failStop"],
    ["POST", "/shop.Orders/get", { ...JSON_BODY, "rpc-timeout": "5" }, 400, 'the header "rpc-timeout" is none of ours'],
    ["POST", "/shop.Orders/get", { ...JSON_BODY, "rpc-timeout-ms": "5s" }, 400, "no number of milliseconds"],
    ["POST", "/shop.Orders/get", { ...JSON_BODY, "rpc-criticality": "very" }, 400, "critical, normal, deferrable, sheddable"],
    ["POST", "/shop.Orders/ring", { ...JSON_BODY, "idempotency-key": "7" }, 400, "no UUID of version 7"],
    ["POST", "/shop.Orders/upload", { ...LINES_BODY, "idempotency-key": newIdempotencyKey() }, 400, "no record is kept"],
  ])("%s %s with %j is answered with %i", async (method, path, headers, status, words) => {
    const shop = await served();
    const response = await fetch(shop.url + path, { method, headers, ...(method === "POST" || method === "PUT" ? { body: "{}" } : {}) });
    const text = await response.text();
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "application/json"]);
    if (words !== "") expect(JSON.parse(text)).toMatchObject({ executed: "no", message: expect.stringContaining(words) as string });
    expect(response.headers.get("allow") !== null).toBe(status === 405);
    expect(shop.books.runs).toEqual([]);
  });

  it("stands outside of the prefix of the address", async () => {
    const shop = await served({ listen: "http://127.0.0.1:0/api/v1/" });
    expect(shop.url).toMatch(/\/api\/v1$/);
    expect((await post(shop, "get", {})).status).toBe(200);
    expect((await fetch(`${new URL(shop.url).origin}/shop.Orders/get`)).status).toBe(404);
  });

  it("is JSON for a service whose code knows none", async () => {
    const server = await serve({ listen: "http://127.0.0.1:0", services: [{ descriptor, handlers: { echo: (value: unknown) => value } }] });
    const path = `${server.addresses[0]}/test.Test/echo`;
    expect(await told(fetch(path, { method: "POST", headers: JSON_BODY, body: "1" }))).toMatchObject({ status: 415 });
    const bytes = await fetch(path, { method: "POST", headers: { "content-type": "application/x-rpcgen" }, body: "[1]" });
    expect(await bytes.text()).toBe("[1]");
    await server.close();
  });
});

describe("a call by GET", () => {
  it("has its parameters in the query, and is kept by nobody", async () => {
    const shop = await served();
    const response = await get(shop, "get", { id: "é&7" });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({ id: "é&7" });
  });

  it("may be kept for as long as its handler says, if it succeeds", async () => {
    const shop = await served();
    expect((await get(shop, "get", { id: "cached" })).headers.get("cache-control")).toBe("public, max-age=60");
    expect((await get(shop, "get", { id: "7" })).headers.get("cache-control")).toBe("no-store");
    expect((await post(shop, "get", { id: "cached" })).headers.get("cache-control")).toBe("no-store");
    expect((await get(shop, "get", { id: "404" })).headers.get("cache-control")).toBe("no-store");
  });

  it("is answered with 304 to who has the answer", async () => {
    const shop = await served();
    const first = await get(shop, "get", { id: "cached" });
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [tag, `"x", W/${tag}`, "*"]) {
      const again = await get(shop, "get", { id: "cached" }, { headers: { "if-none-match": known } });
      expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", tag]);
    }
    const other = await get(shop, "get", { id: "7" }, { headers: { "if-none-match": tag } });
    expect(other.status).toBe(200);
  });

  it("says by HEAD what it would say, and by OPTIONS what may be asked", async () => {
    const shop = await served();
    const whole = await get(shop, "get", { id: "7" });
    const head = await get(shop, "get", { id: "7" }, { method: "HEAD" });
    expect(await head.text()).toBe("");
    for (const name of ["etag", "content-length", "content-type"]) expect(head.headers.get(name)).toBe(whole.headers.get(name));
    const options = await fetch(`${shop.url}/shop.Orders/get`, { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, POST, OPTIONS"]);
  });

  it("gives bytes for bytes", async () => {
    const shop = await served();
    const message = Buffer.of(1 << 1, (1 << 3) | 3, 1, 0, 0x37).toString("base64url");
    const response = await fetch(`${shop.url}/shop.Orders/get?encoding=x-rpcgen&message=${message}`);
    expect(response.headers.get("content-type")).toBe("application/x-rpcgen");
    expect(Buffer.from(await response.arrayBuffer()).toString("latin1")).toContain("7tea");
  });
});

describe("headers", () => {
  it("are the handler's, without those of HTTP itself", async () => {
    const shop = await served();
    await post(shop, "get", {}, { authorization: "Bearer x", traceparent: "00-1-1-01", "x-many": "a, b", "user-agent": "me", "rpc-criticality": "sheddable" });
    expect({ ...shop.books.ctx?.headers }).toEqual({ authorization: "Bearer x", traceparent: "00-1-1-01", "x-many": "a, b", "user-agent": "me", "accept-language": "*" });
    expect(shop.books.ctx?.criticality).toBe("sheddable");
    expect(shop.books.ctx?.peer).toMatchObject({ transport: "http", address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string });
  });

  it("say who calls, to `authenticate`", async () => {
    const shop = await served({
      authenticate: ({ authorization }) => {
        if (authorization !== "Bearer right") throw new Error("a wrong token");
        return "ann";
      },
    });
    expect(await told(post(shop, "get", {}))).toMatchObject({ status: 401, code: "UNAUTHENTICATED", executed: "no" });
    expect((await post(shop, "get", {}, { authorization: "Bearer right" })).status).toBe(200);
    expect(shop.books.ctx?.principal).toBe("ann");
  });

  it("set the deadline", async () => {
    const shop = await served();
    expect(await told(post(shop, "ring", { times: 9 }, { "rpc-timeout-ms": "50" }))).toMatchObject({ status: 504, code: "DEADLINE_EXCEEDED", executed: "unknown" });
    while (shop.books.ctx?.signal.aborted !== true) await turns();
  });

  it("carry a key, under which a call that is sent again is the same call", async () => {
    const shop = await served();
    for (const method of ["ring", "place"]) {
      const key = await keyAfterStart();
      const body = method === "ring" ? { times: 3 } : { items: [{ sku: "tea", quantity: 1 }] };
      const answers = await Promise.all([1, 2, 3].map(async () => (await post(shop, method, body, { "idempotency-key": `"${key}"` })).json()));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(shop.books.runs.filter((run) => run === method)).toHaveLength(1);
      const other = method === "ring" ? { times: 4 } : { items: [{ sku: "ink", quantity: 1 }] };
      expect(await told(post(shop, method, other, { "idempotency-key": key }))).toMatchObject({ status: 400, reason: "CALL_ID_REUSED" });
    }
    expect((await post(shop, "cancel", {}, { "idempotency-key": "whatever" })).status).toBe(204);
  });

  it("carry a key that an earlier server may have known: it is not run", async () => {
    const shop = await served();
    const key = newIdempotencyKey(Date.now() - 30_000);
    expect(await told(post(shop, "ring", { times: 3 }, { "idempotency-key": key }))).toMatchObject({ status: 500, reason: "OUTCOME_UNKNOWN", executed: "unknown" });
    expect(shop.books.runs).toEqual([]);
  });

  it("carry a key by which a call goes on whose caller is gone", async () => {
    let finish: (() => void) | undefined;
    const slow = await served({
      interceptors: [
        async (call, next) => {
          if (finish === undefined) await new Promise<void>((resolve) => (finish = resolve));
          return next(call);
        },
      ],
    });
    const key = await keyAfterStart();
    const gone = new AbortController();
    const first = fetch(`${slow.url}/shop.Orders/ring`, { method: "POST", body: '{"times":5}', headers: { ...JSON_BODY, "idempotency-key": key }, signal: gone.signal });
    while (finish === undefined) await turns();
    gone.abort();
    await expect(first).rejects.toThrow();
    const second = post(slow, "ring", { times: 5 }, { "idempotency-key": key });
    await turns(20);
    finish();
    expect(await (await second).json()).toBe(5);
    expect(slow.books.runs).toEqual(["ring"]);
  });
});

describe("a stream of answers", () => {
  it("is a line of JSON for each element", async () => {
    const shop = await served();
    for (const response of [await post(shop, "watch", { from: 1 }), await get(shop, "watch", { from: 1 })]) {
      expect(response.headers.get("content-type")).toBe("application/jsonl");
      const lines = (await response.text()).split("\n");
      expect(lines.pop()).toBe("");
      expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(["1", "2", "3"]);
    }
  });

  it("has a failure as its status, if there was no element before it", async () => {
    const shop = await served();
    expect(await told(post(shop, "watch", { from: 404 }))).toMatchObject({ status: 404, error: "shop.NotFound" });
  });

  it("has a failure as its last line, and no proper end", async () => {
    const shop = await served();
    const response = await post(shop, "watch", { from: 13 });
    let text = "";
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk as Uint8Array);
    })();
    await expect(reading).rejects.toThrow();
    const last = JSON.parse(text.trimEnd().split("\n").at(-1) ?? "") as unknown;
    expect(last).toMatchObject({ $error: { code: "NOT_FOUND", error: "shop.NotFound", details: { id: "16" } } });
  });

  it("comes while it is made, and stops when its reader leaves", async () => {
    const shop = await served();
    const response = await post(shop, "watch", { from: 99 });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    while (text.split("\n").length < 4) text += new TextDecoder().decode((await reader.read()).value);
    expect(shop.books.runs).toEqual(["watch"]);
    await reader.cancel();
    while (!shop.books.runs.includes("watched")) await turns();
  });
});

describe("a stream of requests", () => {
  it("is a line of JSON for each element, the last one with or without its end", async () => {
    const shop = await served();
    for (const body of ['{"quantity":1}\n{"quantity":2}', '{"quantity":1}\r\n\r\n{"quantity":2}\n']) {
      const response = await fetch(`${shop.url}/shop.Orders/upload`, { method: "POST", headers: LINES_BODY, body });
      expect(await response.json()).toBe(3);
    }
    expect((await fetch(`${shop.url}/shop.Orders/upload`, { method: "POST", headers: { "content-type": "application/x-ndjson" }, body: "" })).status).toBe(200);
  });

  it("is read as it comes, and answered before its end", async () => {
    const shop = await served();
    let asked = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        asked += 1;
        controller.enqueue(new TextEncoder().encode(`{"sku":"tea","quantity":${asked === 3 ? 101 : 1}}\n`));
        if (asked > 3) await new Promise((resolve) => setTimeout(resolve, 5));
      },
    });
    const response = await fetch(`${shop.url}/shop.Orders/upload`, { method: "POST", headers: LINES_BODY, body, duplex: "half" } as RequestInit);
    expect(await told(response)).toMatchObject({ status: 400, error: "shop.OutOfStock", details: { sku: "tea" } });
  });

  it("is refused at the line that cannot be read", async () => {
    const shop = await served();
    const body = '{"quantity":1}\n{"quantity":-1}\n';
    const failure = await told(fetch(`${shop.url}/shop.Orders/upload`, { method: "POST", headers: LINES_BODY, body }));
    expect(failure).toMatchObject({ status: 400, code: "INVALID_ARGUMENT", message: expect.stringContaining("$.quantity") as string });
  });

  it("is broken off with its caller", async () => {
    const shop = await served();
    const { port } = new URL(shop.url);
    const socket = connectTcp(Number(port), "127.0.0.1");
    socket.write('POST /shop.Orders/upload HTTP/1.1\r\nhost: x\r\ncontent-type: application/jsonl\r\ntransfer-encoding: chunked\r\n\r\nf\r\n{"quantity":1}\n\r\n');
    while (shop.books.runs.length === 0) await turns();
    socket.destroy();
    while (shop.books.ctx?.signal.aborted !== true) await turns();
  });
});

describe("pages", () => {
  const origin = "https://app.example.org";

  it("may not call unless they are named", async () => {
    const shop = await served();
    for (const response of [await post(shop, "get", {}, { origin }), await get(shop, "get", {}, { headers: { origin } })]) {
      expect(await told(response)).toMatchObject({ status: 403, code: "PERMISSION_DENIED", message: expect.stringContaining("`origins`") as string });
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
    expect(shop.books.runs).toEqual([]);
  });

  it("may call and read where they are named, and are told so before", async () => {
    const shop = await served({ origins: [origin] });
    const preflight = await fetch(`${shop.url}/shop.Orders/place`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type,rpc-timeout-ms" },
    });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "POST, OPTIONS",
      "access-control-allow-headers": "content-type,rpc-timeout-ms",
      vary: "Origin",
    });
    const response = await post(shop, "get", {}, { origin });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([200, origin]);
    expect(shop.books.ctx?.peer.origin).toBe(origin);
    expect((await post(shop, "get", {})).headers.get("vary")).toBe("Origin");
    expect((await post(shop, "get", {}, { origin: "https://evil.example" })).status).toBe(403);
  });

  it("may all call where that is said, but as nobody", async () => {
    const shop = await served({ origins: ["*"] });
    const response = await post(shop, "get", {}, { origin });
    expect([response.headers.get("access-control-allow-origin"), response.headers.get("access-control-allow-credentials")]).toEqual([origin, null]);
  });
});

describe("over TLS", () => {
  const sides = testSides();

  async function status(url: string, client: object): Promise<[number, string]> {
    const request = httpsRequest(`${url}/shop.Orders/get`, { ca: sides.client.ca, ...client });
    request.end();
    const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return [response.statusCode ?? 0, text];
  }

  it("is the same, and knows who shows a certificate", async () => {
    const shop = await served({ listen: "https://127.0.0.1:0", tls: sides.server });
    expect(shop.url).toMatch(/^https:/);
    const { cert, key } = sides.client;
    expect((await status(shop.url, { cert, key }))[0]).toBe(200);
    expect(shop.books.ctx?.peer).toMatchObject({ transport: "https", certificate: { commonName: "orders" } });
    const [refused, text] = await status(shop.url, {});
    expect(refused).toBe(401);
    expect(text).toContain("a client certificate is required");
  });
});

describe("the end of the server", () => {
  it("lets a call in flight end, and takes no other", async () => {
    let finish: (() => void) | undefined;
    const shop = await served({
      interceptors: [
        async (call, next) => {
          await new Promise<void>((resolve) => (finish = resolve));
          return next(call);
        },
      ],
    });
    const call = post(shop, "get", { id: "7" });
    while (finish === undefined) await turns();
    const closing = shop.close(10_000);
    await turns(5);
    await expect(post(shop, "get", { id: "8" })).rejects.toThrow();
    finish();
    const response = await call;
    expect([response.status, response.headers.get("connection")]).toEqual([200, "close"]);
    await closing;
  });

  it("tells a call that is cut off that nobody knows", async () => {
    let begun = false;
    const shop = await served({ interceptors: [() => new Promise(() => (begun = true))] });
    const call = told(post(shop, "ring", {}));
    while (!begun) await turns();
    await shop.close(0);
    expect(await call).toMatchObject({ status: 500, code: "UNKNOWN", reason: "OUTCOME_UNKNOWN", executed: "unknown" });
  });
});

/** Through nginx, as it stands before many a server: caching, streaming, upload. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { connect } from "../../runtime/index.js";
import { freePort } from "../free-port.js";
import { describeUnless } from "../left-out.js";
import { turns } from "../transport/session.js";
import { NotFound, OrdersClient, served, type Served } from "./shop.js";

const missing = spawnSync("nginx", ["-v"]).status === 0 ? undefined : "nginx";

/** A proxy with a cache before the server; its address. */
async function behindNginx({ url }: Served): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-nginx-"));
  const port = await freePort();
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`);
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
     events {}
     http {
       access_log off; ${paths.join(" ")}
       proxy_cache_path ${folder}/cache keys_zone=calls:1m;
       upstream server { server ${new URL(url).host}; keepalive 4; }
       server {
         listen 127.0.0.1:${port};
         location / {
           proxy_pass http://server; proxy_http_version 1.1; proxy_set_header Connection "";
           proxy_cache calls; proxy_cache_revalidate on;
           add_header X-Cache $upstream_cache_status always;
         }
       }
     }`,
  );
  const nginx = spawn("nginx", ["-e", join(folder, "error.log"), "-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "ignore" });
  const gone = new Promise<void>((resolve) => nginx.once("exit", () => resolve()));
  onTestFinished(async () => {
    nginx.kill();
    await gone;
    rmSync(folder, { recursive: true, force: true });
  });
  const proxy = `http://127.0.0.1:${port}`;
  for (;;) {
    const answer = await fetch(`${proxy}/`).catch(() => undefined);
    if (answer !== undefined) return proxy;
    if (nginx.exitCode !== null) throw new Error(execFileSync("cat", [join(folder, "error.log")], { encoding: "utf8" }));
    await turns(5);
  }
}

describeUnless(missing, "through nginx", () => {
  let shop: Served;
  let proxy: string;

  async function start(): Promise<void> {
    shop = await served();
    proxy = await behindNginx(shop);
  }

  const get = (id: string, init?: RequestInit): Promise<Response> => fetch(`${proxy}/shop.Orders/get?message=${encodeURIComponent(JSON.stringify({ id }))}`, init);

  it("a GET is kept where its handler says so, and nowhere else", async () => {
    await start();
    const seen: (string | null)[] = [];
    for (const id of ["cached", "cached", "cached", "7", "7", "404", "404"]) {
      const response = await get(id);
      expect(await response.json()).toHaveProperty(id === "404" ? "code" : "id");
      seen.push(response.headers.get("x-cache"));
    }
    expect(seen).toEqual(["MISS", "HIT", "HIT", "MISS", "MISS", "MISS", "MISS"]);
    expect(shop.books.runs).toHaveLength(5);
    const tag = (await get("cached")).headers.get("etag") ?? "";
    expect((await get("cached", { headers: { "if-none-match": tag } })).status).toBe(304);
    expect(shop.books.runs).toHaveLength(5);
  });

  it("elements come while they are made", async () => {
    await start();
    const response = await fetch(`${proxy}/shop.Orders/watch`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"from":99}' });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    while (text.split("\n").length < 4) text += new TextDecoder().decode((await reader.read()).value);
    expect(shop.books.runs).toEqual(["watch"]);
    await reader.cancel();
    while (!shop.books.runs.includes("watched")) await turns();
  });

  it("a stream that fails is seen to", async () => {
    await start();
    const response = await fetch(`${proxy}/shop.Orders/watch`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"from":13}' });
    await expect(response.text()).rejects.toThrow();
  });

  it("lines go up, and calls go on over the connections that it keeps", async () => {
    await start();
    for (let round = 0; round < 5; round++) {
      const response = await fetch(`${proxy}/shop.Orders/upload`, { method: "POST", headers: { "content-type": "application/jsonl" }, body: '{"quantity":1}\n{"quantity":2}' });
      expect(await response.json()).toBe(3);
    }
    expect(shop.books.ctx?.peer.transport).toBe("http");
  });

  it("our own client asks for what is @readonly by GET, which the cache answers, and calls everything else", async () => {
    await start();
    await using channel = await connect(proxy, { only: ["http"] });
    const orders = new OrdersClient(channel);
    const { runs } = shop.books;
    for (let n = 0; n < 3; n++) expect(await orders.get({ id: "cached" })).toMatchObject({ id: "cached", items: [{ sku: "tea", quantity: 2 }] });
    expect(runs).toEqual(["get"]);
    for (let n = 0; n < 2; n++) expect(await orders.get({ id: "7" })).toMatchObject({ id: "7" });
    expect(runs).toHaveLength(3);
    await expect(orders.get({ id: "404" })).rejects.toBeInstanceOf(NotFound);
    const many = Array.from({ length: 500 }, (_, n) => ({ sku: `sku ${n} é 漢`, quantity: n % 90 }));
    expect(await orders.place({ items: many })).toMatchObject({ items: many });
    await expect(orders.place({ items: [{ sku: "tea", quantity: 999 }] })).rejects.toMatchObject({ sku: "tea", executed: "yes" });
    expect(await orders.upload(many)).toBe(many.reduce((sum, { quantity }) => sum + quantity, 0));
    const seen: string[] = [];
    for await (const { id } of orders.watch({ from: 5 })) seen.push(id);
    expect(seen).toEqual(["5", "6", "7"]);
    const part: string[] = [];
    const reading = (async () => {
      for await (const { id } of orders.watch({ from: 13 })) part.push(id);
    })();
    await expect(reading).rejects.toBeInstanceOf(NotFound);
    expect(part).toEqual(["13", "14", "15"]);
  });
});

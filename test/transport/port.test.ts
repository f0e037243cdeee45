/** Between real threads: a server in a worker, a client in a worker, a worker that ends; and what shares a port with us. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { connect, serve, type Address, type Channel } from "../../runtime/index.js";
import { sharedMemory, type PortLike } from "../../runtime/transport/port/index.js";
import { messagePort } from "../../runtime/transport/port/transport.js";
import { descriptor, failureOf, methods } from "../runtime/test-service.js";
import type { Link } from "../../runtime/transport/transport.js";
import { openChannel } from "../../runtime/transport/port/message-port.js";
import { ask } from "../../runtime/transport/port/rendezvous.js";
import { rowOf } from "./all.js";
import { diallingPort } from "./port-pairs.js";
import { RawShared } from "./raw-shared.js";
import { Recorder } from "./recorder.js";
import { turns } from "./session.js";

let script: string;

beforeAll(async () => {
  const entry = fileURLToPath(new URL("./worker-server.ts", import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: "esm", platform: "node", target: "node20", external: ["ws"] });
  script = outputFiles[0]?.text ?? "";
});

function worker(role: "serve" | "call", shared = false): Worker {
  const started = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { workerData: { role, shared } });
  onTestFinished(async () => void (await started.terminate()));
  return started;
}

async function connected(address: Address | Address[]): Promise<Channel> {
  const channel = await connect(address);
  onTestFinished(() => channel.close());
  return channel;
}

describe.each([
  ["a worker", false],
  ["a worker that shares memory", true],
])("%s", (_, shared) => {
  const addressOf = (thread: Worker): object => (shared ? sharedMemory(thread) : thread);

  it("is called at once, though it is still starting, by as many channels as there are", async () => {
    const thread = worker("serve", shared);
    const [first, second] = [await connected(addressOf(thread)), await connected(addressOf(thread))];
    const value = { text: "x".repeat(2_000_000) };
    expect(await first.unary(methods.echo, value)).toEqual(value);
    expect(await second.unary(methods.echo, "again")).toBe("again");
    let seen = 0;
    for await (const { n } of first.serverStream(methods.count, { to: 3000 })) seen = n;
    expect(seen).toBe(3000);
    expect(first.path).toMatchObject({ transport: "port", peer: { transport: "port" } });
  });

  it("calls the thread that made it", async () => {
    const thread = worker("call", shared);
    await using server = await serve({ listen: [addressOf(thread)], services: [{ descriptor, handlers: { echo: (value: unknown) => ({ value }) } }] });
    expect(server.addresses[0]).toMatch(/^port:\d+/);
    for (;;) {
      const [message] = (await once(thread, "message")) as [{ readonly answer?: unknown }];
      if (message.answer !== undefined) return expect(message.answer).toEqual({ value: "from the worker" });
    }
  });

  it("that ends in the middle of a call is noticed, and the next one is not reached", async () => {
    const thread = worker("serve", shared);
    const channel = await connected(addressOf(thread));
    const call = failureOf(channel.unary(methods.once, 1, { timeoutMs: 3_000 }));
    await turns(20);
    await thread.terminate();
    while (channel.path.peer !== undefined) await turns();
    expect(await call).toMatchObject({ executed: "unknown" });
    const error = await failureOf(connect(addressOf(thread), { connectTimeoutMs: 500 }));
    expect(error).toMatchObject({ code: "UNAVAILABLE", executed: "no" });
  });

  it("ends by itself once its server has closed", async () => {
    const thread = worker("serve", shared);
    const channel = await connected(addressOf(thread));
    await channel.close();
    thread.postMessage("close");
    const [code] = (await once(thread, "exit")) as [number];
    expect(code).toBe(0);
  });
});

describe("a port", () => {
  it("carries the messages of its users beside ours", async () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const heard: unknown[] = [];
    port1.addEventListener("message", (event) => heard.push((event as Event & { readonly data: unknown }).data));
    const server = await serve({ listen: port1, services: [{ descriptor, handlers: { echo: (value: unknown) => value } }] });
    onTestFinished(() => server.close({ graceMs: 0 }));
    port2.postMessage("theirs");
    port2.postMessage({ "@rpcgen/runtime/port/1": "no port" });
    port2.postMessage(null);
    const channel = await connected(port2);
    expect(await channel.unary(methods.echo, 1)).toBe(1);
    expect(heard).toContain("theirs");
  });

  it.each([[{}], [new Map()], [[{}]], [{ postMessage: 1 }]])("is not %o", async (address) => {
    expect(await failureOf(connect(address))).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining("a worker, or a port") });
  });

  it("has no address in writing", async () => {
    expect((await failureOf(connect("port:1"))).message).toContain("connect(worker)");
  });
});

describe("shared memory", () => {
  it("serves those too who share none, and says so to who wants some of a server that has none", async () => {
    for (const shares of [true, false]) {
      const { port1, port2 } = new MessageChannel();
      onTestFinished(() => port1.close());
      const listen = shares ? sharedMemory(port1 as unknown as PortLike) : port1;
      const server = await serve({ listen, services: [{ descriptor, handlers: { echo: (value: unknown) => value } }] });
      onTestFinished(() => server.close({ graceMs: 0 }));
      expect(await (await connected(port2)).unary(methods.echo, 1)).toBe(1);
      const shared = connected(sharedMemory(port2 as unknown as PortLike));
      if (shares) expect(await (await shared).unary(methods.echo, 2)).toBe(2);
      else expect(await failureOf(shared)).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("listen on sharedMemory(port)") });
    }
  });

  it("is refused where the page is not isolated, with the remedy, and costs nobody else anything", async () => {
    vi.stubGlobal("crossOriginIsolated", false);
    onTestFinished(() => void vi.unstubAllGlobals());
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const server = await serve({ listen: port1, services: [{ descriptor, handlers: { echo: (value: unknown) => value } }] });
    onTestFinished(() => server.close({ graceMs: 0 }));
    const shared = sharedMemory(port2 as unknown as PortLike);
    expect(await failureOf(connect(shared))).toMatchObject({ message: expect.stringContaining("Cross-Origin-Opener-Policy") });
    expect(await (await connected([shared, port2])).unary(methods.echo, 1)).toBe(1);
  });

  it("ends the link of one who lies about how much waits", async () => {
    let at: Recorder | undefined;
    const row = rowOf("memory of threads");
    const address = row.freshAddress();
    await row.transport.listen?.(address, { maxFrameBytes: 100, accept: (link) => (at = new Recorder(link)), failed: () => {} });
    const raw = new RawShared(address);
    onTestFinished(() => raw.destroy());
    while (at === undefined) await turns();
    Atomics.store(raw.control!, 0, -1);
    raw.write(new Uint8Array());
    Atomics.store(raw.control!, 0, -1);
    expect((await at.end())?.message).toContain("bytes wait in a ring of");
  });

  it.each([
    ["no bell", "bell"],
    ["a bell of its own memory alone", new Int32Array(1)],
    ["a long bell", new Int32Array(new SharedArrayBuffer(8))],
  ])("is not given to one who answers with %s", async (_, answer) => {
    const row = rowOf("memory of threads");
    const address = row.freshAddress();
    const accepted: Link[] = [];
    await row.transport.listen?.(address, { maxFrameBytes: 100, accept: (link) => accepted.push(link), failed: () => {} });
    const { own, theirs } = openChannel();
    ask(diallingPort(address), theirs, { shared: true });
    own.addEventListener("message", () => own.postMessage(answer));
    own.start();
    await new Promise<void>((resolve) => own.addEventListener("close", () => resolve()));
    expect(accepted).toEqual([]);
  });
});

describe("a hostile peer at a port", () => {
  it.each([
    ["text", "hello", "what is no frame"],
    ["an object", { frame: 1 }, "what is no frame"],
    ["a frame of 4 GiB", Uint8Array.of(255, 255, 255, 255, 1), "4294967295 bytes"],
    ["a frame of 0 bytes", new Uint8Array(4), "0 bytes"],
    ["nothing more", undefined, "the other end is gone"],
  ])("that sends %s ends its own link", async (_, message, why) => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const transport = messagePort();
    let atServer: Recorder | undefined;
    await transport.listen?.(transport.nameOf?.(port1) ?? "", { maxFrameBytes: 100, accept: (link) => (atServer = new Recorder(link)), failed: () => {} });
    const { port1: own, port2: theirs } = new MessageChannel();
    port2.postMessage({ "@rpcgen/runtime/port/1": theirs }, [theirs]);
    while (atServer === undefined) await turns();
    if (message === undefined) own.close();
    else own.postMessage(message);
    expect((await atServer.end())?.message).toContain(why);
    own.close();
  });
});

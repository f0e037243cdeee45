/** Between real threads: a server in a worker, a client in a worker, a worker that ends; and what shares a port with us. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { connect, serve, type Address, type Channel } from "../../runtime/index.js";
import { messagePort } from "../../runtime/transport/port/transport.js";
import { descriptor, failureOf, methods } from "../runtime/test-service.js";
import { Recorder } from "./recorder.js";
import { turns } from "./session.js";

let script: string;

beforeAll(async () => {
  const entry = fileURLToPath(new URL("./worker-server.ts", import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: "esm", platform: "node", target: "node20", external: ["ws"] });
  script = outputFiles[0]?.text ?? "";
});

function worker(role: "serve" | "call"): Worker {
  const started = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { workerData: { role } });
  onTestFinished(async () => void (await started.terminate()));
  return started;
}

async function connected(address: Address): Promise<Channel> {
  const channel = await connect(address);
  onTestFinished(() => channel.close());
  return channel;
}

describe("a worker", () => {
  it("is called at once, though it is still starting, by as many channels as there are", async () => {
    const thread = worker("serve");
    const [first, second] = [await connected(thread), await connected(thread)];
    const value = { text: "x".repeat(2_000_000) };
    expect(await first.unary(methods.echo, value)).toEqual(value);
    expect(await second.unary(methods.echo, "again")).toBe("again");
    let seen = 0;
    for await (const { n } of first.serverStream(methods.count, { to: 3000 })) seen = n;
    expect(seen).toBe(3000);
    expect(first.path).toMatchObject({ transport: "port", peer: { transport: "port" } });
  });

  it("calls the thread that made it", async () => {
    const thread = worker("call");
    await using server = await serve({ listen: [thread], services: [{ descriptor, handlers: { echo: (value: unknown) => ({ value }) } }] });
    expect(server.addresses[0]).toMatch(/^port:\d+$/);
    for (;;) {
      const [message] = (await once(thread, "message")) as [{ readonly answer?: unknown }];
      if (message.answer !== undefined) return expect(message.answer).toEqual({ value: "from the worker" });
    }
  });

  it("that ends in the middle of a call is noticed, and the next one is not reached", async () => {
    const thread = worker("serve");
    const channel = await connected(thread);
    const call = failureOf(channel.unary(methods.once, 1, { timeoutMs: 3_000 }));
    await turns(20);
    await thread.terminate();
    while (channel.path.peer !== undefined) await turns();
    expect(await call).toMatchObject({ executed: "unknown" });
    const error = await failureOf(connect(thread, { connectTimeoutMs: 500 }));
    expect(error).toMatchObject({ code: "UNAVAILABLE", executed: "no" });
  });

  it("ends by itself once its server has closed", async () => {
    const thread = worker("serve");
    const channel = await connected(thread);
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

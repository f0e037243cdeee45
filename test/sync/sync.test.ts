/** Blocking clients over every path that they have: real servers, and callers in processes and threads of their own. */
import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectSocket, createServer, type AddressInfo, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Duplex, Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { MessageChannel, Worker, type TransferListItem } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { serve, type Context } from "../../runtime/index.js";
import { descriptor } from "../runtime/test-service.js";
import { testSides } from "../transport/tls-sides.js";
import { deferred } from "../runtime/manual-clock.js";
import { bundleInto } from "./bundle.js";
import type { Story, Task } from "./caller.js";

type Served = typeof import("./zoo-server.js");

/** Within the checkout, where the packages are; and one for sockets. */
const programs = mkdtempSync(fileURLToPath(new URL("./.programs-", import.meta.url)));
const sockets = mkdtempSync(join(tmpdir(), "rpcgen-sync-"));
let served: Served;

beforeAll(async () => {
  await bundleInto(programs, ["caller.ts", "server.ts", "zoo-server.ts"]);
  served = (await import(/* @vite-ignore */ join(programs, "zoo-server.js"))) as Served;
});
afterAll(() => {
  for (const folder of [programs, sockets]) rmSync(folder, { recursive: true, force: true });
});

/** What a caller says at its end. */
interface Word {
  readonly waiting?: true;
  readonly told?: unknown;
  readonly failed?: string;
}

interface Caller {
  readonly process: ChildProcess;
  /** Resolves when it is about to wait for what the test prevents. */
  readonly waiting: Promise<unknown>;
  readonly word: Promise<Word>;
}

function callInProcess(story: Story, address: Task["address"], stdio: StdioOptions = ["ignore", "ignore", "pipe"]): Caller {
  const child = spawn(process.execPath, [join(programs, "caller.js"), JSON.stringify({ story, address })], { stdio });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { process: child, ...wordsOf((heard) => void createInterface(child.stderr!).on("line", (line) => heard(parsed(line)))) };
}

function wordsOf(listen: (heard: (word: Word) => void) => void): Pick<Caller, "waiting" | "word"> {
  const [waiting, word] = [deferred(), deferred<Word>()];
  listen((heard) => (heard.waiting === true ? waiting.resolve() : word.resolve(heard)));
  return { waiting: waiting.promise, word: word.promise };
}

/** What is no word is what the program printed when it failed. */
function parsed(line: string): Word {
  return line.startsWith("{") ? (JSON.parse(line) as Word) : { failed: line };
}

function callInWorker(story: Story, port: InstanceType<typeof MessageChannel>["port1"]): Omit<Caller, "process"> {
  const workerData: Task = { story, address: port };
  const worker = new Worker(join(programs, "caller.js"), { workerData, transferList: [port as TransferListItem] });
  onTestFinished(async () => void (await worker.terminate()));
  return wordsOf((heard) => void worker.on("message", heard));
}

async function zooAt(listen: Parameters<Served["serveZoo"]>[0]): Promise<string> {
  const server = await served.serveZoo(listen, []);
  onTestFinished(() => server.close({ graceMs: 0 }));
  return server.addresses[0] ?? "";
}

describe("every kind of call, every type, and every failure", () => {
  it.each([
    ["a relay", () => "tcp://127.0.0.1:0", "tcp"],
    ["shared memory of processes", () => `shm:${sockets}/zoo.shm`, "shm"],
  ])("through %s", async (_, listen, transport) => {
    const address = await zooAt(listen());
    expect(await callInProcess("everything", address).word).toEqual({ told: transport });
  });

  it("to where the server leads to, which is memory that is shared", async () => {
    const address = await zooAt(["tcp://127.0.0.1:0", `unix:${sockets}/near.sock`, `shm:${sockets}/near.shm`]);
    expect(await callInProcess("everything", address).word).toEqual({ told: "shm" });
  });

  it("through its standard input and output", async () => {
    const caller = callInProcess("everything", { read: 0, write: 1 }, ["pipe", "pipe", "pipe"]);
    const { stdin, stdout } = caller.process;
    await zooAt(served.streams({ readable: stdout as Readable, writable: stdin as Writable }));
    expect(await caller.word).toEqual({ told: "pipe" });
  });

  it("through one socket for both directions", async () => {
    const caller = callInProcess("everything", { read: 3, write: 3 }, ["ignore", "inherit", "pipe", "pipe"]);
    const socket = caller.process.stdio[3] as Duplex;
    await zooAt(served.streams({ readable: socket, writable: socket }));
    expect(await caller.word).toEqual({ told: "pipe" });
  });

  it("to another thread, which need not wait", async () => {
    const { port1, port2 } = new MessageChannel();
    await zooAt(served.sharedMemory(port1));
    expect(await callInWorker("everything", port2).word).toEqual({ told: "port" });
    port1.close();
  });
});

interface Program {
  /** One of its lines, from 0. */
  line(index: number): Promise<string>;
  kill(): void;
}

function server(address: string, mode: "answer" | "hang"): Program {
  const child = spawn(process.execPath, [join(programs, "server.js"), address, mode], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on("line", (line) => lines.push(line));
  return {
    async line(index) {
      while (lines.length <= index) await once(reader, "line");
      return lines[index] ?? "";
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

const UNKNOWN = { code: "UNKNOWN", reason: "OUTCOME_UNKNOWN", executed: "unknown" };

it("a call whose outcome is open can be settled, without awaiting", async () => {
  const address = await server("tcp://127.0.0.1:0", "hang").line(0);
  expect(await callInProcess("late", address).word).toEqual({ told: { code: "DEADLINE_EXCEEDED", executed: "unknown", settled: { executed: "yes", value: "done" } } });
});

it("calls are made again over another connection when one breaks, as often as they may run", async () => {
  const seen: string[] = [];
  let line: Socket | undefined;
  const answer = (value: unknown, { attempt }: Context): unknown => {
    seen.push(`${String(value)} ${attempt}`);
    if (seen.filter((each) => each.startsWith(String(value))).length === 1) line?.destroy();
    return value;
  };
  const server = await serve({ listen: "tcp://127.0.0.1:0", services: [{ descriptor, handlers: { put: answer, once: answer } }] });
  onTestFinished(() => server.close({ graceMs: 0 }));
  const proxy = createServer((near) => {
    line = near;
    const far = connectSocket(Number(server.addresses[0]?.split(":").at(-1)), "127.0.0.1");
    for (const [from, to] of [[near, far], [far, near]] as const) from.on("error", () => {}).on("close", () => to.destroy()).pipe(to);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  expect(await callInProcess("severed", `tcp://127.0.0.1:${(proxy.address() as AddressInfo).port}`).word).toEqual({ told: { put: "put", once: "once" } });
  expect(seen).toEqual(["put 1", "put 2", "once 1"]);
});

describe("what cannot be reached", () => {
  it("is told as where it is awaited, with the address, the reason and the remedy", async () => {
    const sides = testSides();
    const server = await serve({ listen: "tls://127.0.0.1:0", services: [{ descriptor, handlers: {} }], tls: sides.server });
    onTestFinished(() => server.close({ graceMs: 0 }));
    const expected: [Task["address"], string, string][] = [
      ["tcp://127.0.0.1:1", "UNAVAILABLE", "nobody listens there"],
      [`shm:${sockets}/nobody.shm`, "UNAVAILABLE", "is the server running"],
      [server.addresses[0] ?? "", "UNAUTHENTICATED", "authority"],
      ["inproc:zoo", "UNAVAILABLE", "serve in another thread"],
      ["tpc://127.0.0.1:1", "INVALID_ARGUMENT", "did you mean"],
      [{ read: 0, write: 1 }, "UNAVAILABLE", "it takes pipes or sockets"],
      [{ read: 99, write: 99 }, "UNAVAILABLE", "no such file open"],
    ];
    const child = spawn(process.execPath, [join(programs, "caller.js"), JSON.stringify(expected.map(([address]) => address))], { stdio: ["ignore", "ignore", "pipe"] });
    const said: string[] = [];
    for await (const line of createInterface(child.stderr)) said.push(line);
    for (const [at, [, code, text]] of expected.entries()) {
      expect(said[at]).toContain(code);
      expect(said[at]).toContain(text);
    }
  });

  it("is a thread whose server shares no memory, or has closed, or does not look", async () => {
    for (const [listen, text] of [[true, "shares no memory"], [false, "nobody listens"]] as const) {
      const { port1, port2 } = new MessageChannel();
      const server = await serve({ listen: port1, services: [{ descriptor, handlers: {} }] });
      if (!listen) await server.close();
      expect((await callInWorker("put", port2).word).failed).toContain(text);
      await server.close();
      port1.close();
    }
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    expect((await callInWorker("put", port2).word).failed).toContain("no connection within");
  });
});

it("a server that was killed between two calls is not sent the second", async () => {
  const address = `shm:${sockets}/between.shm`;
  const first = server(address, "hang");
  await first.line(0);
  const caller = callInProcess("between", address);
  await caller.waiting;
  first.kill();
  await server(address, "hang").line(0);
  writeFileSync(`${sockets}/between.shm.go`, "");
  expect(await caller.word).toEqual({ told: [1, 1] });
});

describe("a server that is killed while its caller waits", () => {
  it.each([
    ["through a relay", () => `unix:${sockets}/killed.sock`],
    ["by requests of HTTP", () => "http://127.0.0.1:0"],
    ["over shared memory", () => `shm:${sockets}/killed.shm`],
  ])("%s: is run again by the next one if that does no harm", async (_, name) => {
    const first = server(name(), "hang");
    const address = await first.line(0);
    const caller = callInProcess("put", address);
    expect(await first.line(1)).toBe("running");
    first.kill();
    const second = server(address, "answer");
    expect(await caller.word).toEqual({ told: "kept" });
    expect(await second.line(1)).toBe("running");
  });

  it.each([
    ["through a relay", () => "tcp://127.0.0.1:0"],
    ["by requests of HTTP", () => "http://127.0.0.1:0"],
    ["over shared memory", () => `shm:${sockets}/once.shm`],
  ])("%s: is noticed at once", async (_, name) => {
    const only = server(name(), "hang");
    const caller = callInProcess("follow", await only.line(0));
    await caller.waiting;
    only.kill();
    expect(await caller.word).toEqual({ told: UNKNOWN });
  });

  it("at the other ends of two pipes: is noticed at once", async () => {
    const caller = callInProcess("follow", { read: 0, write: 1 }, ["pipe", "pipe", "pipe"]);
    const child = spawn(process.execPath, [join(programs, "server.js"), "stdio:"], { stdio: ["pipe", "pipe", "ignore"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const { stdin, stdout } = caller.process;
    child.stdin.on("error", () => {});
    stdin?.on("error", () => {});
    child.stdout.pipe(stdin as Writable);
    stdout?.pipe(child.stdin);
    await caller.waiting;
    child.kill("SIGKILL");
    expect(await caller.word).toEqual({ told: UNKNOWN });
  });

  it("in another thread: is noticed at once", async () => {
    const { port1, port2 } = new MessageChannel();
    const thread = new Worker(join(programs, "server.js"), { workerData: port1, transferList: [port1 as TransferListItem] });
    const caller = callInWorker("follow", port2);
    await caller.waiting;
    await thread.terminate();
    expect(await caller.word).toEqual({ told: UNKNOWN });
  });
});

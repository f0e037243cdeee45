/** A client process and a server process, a bad line between them and signals to both; then what callers saw is held against what stands. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimRandom } from "../simulation/sim-random.js";
import { testSides } from "../transport/tls-sides.js";
import { placeOf, scriptPath, TSX, type StormPath } from "./places.js";
import { ClientsServers, ClientsThreads, pause, signal, StartedServers, type ServerProcesses } from "./server-processes.js";
import { StormProxy } from "./storm-proxy.js";
import { violationsIn, wordsOf, type Line } from "./verdict.js";

export interface Storm {
  /** How often which outcome was seen. */
  readonly seen: Readonly<Record<string, number>>;
  /** How often what was done. */
  readonly deeds: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

/** For a call to settle and for a process to end, if nothing is wrong. */
const PATIENCE_MS = 60_000;

export async function storm(path: StormPath, seed: number, calls: number): Promise<Storm> {
  const random = new SimRandom(seed, 11);
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-storm-"));
  // The processes inherit one authority.
  testSides();
  const place = await placeOf(path, folder);
  const byClient = path === "stdio" || path === "port" || path === "shared";
  const started = byClient ? undefined : new StartedServers(place.address, folder);
  await started?.up();
  const proxy = place.line === undefined ? undefined : await StormProxy.open(place.line.from, place.line.to, () => random.fraction());
  const client = spawn(process.execPath, [...TSX, scriptPath("client.child.ts"), place.through(proxy), String(seed), String(calls), folder], { stdio: ["pipe", "pipe", "inherit"] });
  const servers = started ?? (path === "stdio" ? new ClientsServers(folder) : new ClientsThreads(client));
  const lines: Line[] = [];
  const read = readLines(client, lines);
  try {
    const { deeds, stoppedMs } = await rage({ random, client, servers, proxy, over: () => ended(client) || lines.some(({ done }) => done !== undefined) });
    // The weather is fair again, and whoever was killed is back.
    await servers.up();
    client.stdin.end();
    const closed = await Promise.race([once(client, "close"), pause(PATIENCE_MS)]);
    const faults = closed === undefined ? ["the client process does not end"] : client.exitCode === 0 ? [] : [`the client ended with ${client.exitCode ?? client.signalCode}`];
    if (closed === undefined) {
      client.kill("SIGKILL");
      await once(client, "exit");
    }
    await read;
    const fault = await servers.end();
    if (fault !== undefined) faults.push(fault);
    const seen: Record<string, number> = {};
    for (const line of lines) if (line.seen !== undefined) seen[wordsOf(line)] = (seen[wordsOf(line)] ?? 0) + 1;
    return { seen, deeds, violations: [...faults, ...(await violationsIn(folder, lines, stoppedMs))] };
  } finally {
    await proxy?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Sky {
  readonly random: SimRandom;
  readonly client: ChildProcess;
  readonly servers: ServerProcesses;
  readonly proxy: StormProxy | undefined;
  readonly over: () => boolean;
}

/** One deed after the other, until the client's calls are made or it is clear that they hang. */
async function rage({ random, client, servers, proxy, over }: Sky): Promise<{ readonly deeds: Record<string, number>; readonly stoppedMs: number }> {
  let stoppedMs = 0;
  const shortly = (): number => random.int(20, random.chance(0.15) ? 2_500 : 400);
  const stop = async (pid: number | undefined, ms: number): Promise<void> => {
    signal(pid, "SIGSTOP");
    await pause(ms);
    signal(pid, "SIGCONT");
  };
  const ofProcesses = {
    kill: async () => servers.kill(),
    ...(!(servers instanceof ClientsThreads) && { stopServer: () => stop(servers.pid, shortly()) }),
    stopClient: async () => {
      const from = performance.now();
      await stop(client.pid, shortly());
      stoppedMs += performance.now() - from;
    },
  };
  const ofTheLine = proxy !== undefined && {
    cut: async () => proxy.cut(random.pick(["reset", "end", "client", "server"] as const)),
    freeze: async () => {
      proxy.change({ frozen: random.pick(["up", "down", "both"] as const) });
      await pause(shortly());
      proxy.change({});
    },
    slow: async () => {
      proxy.change(random.pick([{ sliceBytes: random.int(1, 40) }, { latencyMs: random.int(1, 30) }, { latencyMs: 1, sliceBytes: 700 }]));
      await pause(shortly());
      proxy.change({});
    },
  };
  const all = Object.entries({ ...ofProcesses, ...ofTheLine });
  const deeds: Record<string, number> = {};
  for (const until = performance.now() + 2 * PATIENCE_MS; !over() && performance.now() < until; ) {
    const [name, deed] = random.pick(all);
    deeds[name] = (deeds[name] ?? 0) + 1;
    await deed();
    await pause(random.int(10, 150));
  }
  return { deeds, stoppedMs };
}

function ended({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function readLines(client: ChildProcess, lines: Line[]): Promise<void> {
  let rest = "";
  for await (const chunk of client.stdout as AsyncIterable<Buffer>) {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.map((part) => JSON.parse(part) as Line));
  }
}

/** Kills a real server process at a point of a call, starts another in its place, and says what the caller saw and what stands. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, RpcError, type Caller, type Channel } from "../../runtime/index.js";
import { failStopSession } from "../../runtime/generated.js";
import { openLogStore } from "../../runtime/store/log/index.js";
import { boundsOf, faultRows, type PromiseName } from "../../src/semantics/promises.js";
import { freePort } from "../free-port.js";
import { wordsFor } from "../semantics/twin.js";
import { methods, type Errand } from "../simulation/sim-service.js";
import { FAULT_AT, METHOD_OF, type CrashPoint } from "./kill-points.js";

export type SocketKind = "unix" | "tcp";

export interface Kill {
  readonly killed: boolean;
  /** In the words of the table. */
  readonly seen: string;
  readonly effects: number;
  /** What is not as the table has it; undefined if all is. */
  readonly violation: string | undefined;
}

/** @param child the bundled `server.child.ts`. */
export async function killAt(child: string, point: CrashPoint, semantics: PromiseName, socket: SocketKind): Promise<Kill> {
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-kill-"));
  const address = socket === "unix" ? `unix:${join(folder, "s.sock")}` : `tcp://127.0.0.1:${await freePort()}`;
  const processes = new Servers(child, address, folder, point);
  let channel: Channel | undefined;
  try {
    await processes.start();
    channel = await connect(address);
    const seen = await call(channel, semantics);
    const again = await call(await processes.answering(channel, address), semantics, 2);
    const killed = existsSync(join(folder, "killed"));
    await processes.end();
    const effects = await effectsIn(folder);
    return { killed, seen, effects, violation: violationOf(point, semantics, { killed, seen, effects, again }) };
  } finally {
    await channel?.close();
    await processes.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One server process after the other, at one address. */
export class Servers {
  readonly #command: readonly string[];
  #process: ChildProcess | undefined;
  #ended = false;

  /** @param command the bundled `server.child.ts` and its arguments. */
  constructor(...command: readonly string[]) {
    this.#command = command;
  }

  async start(): Promise<void> {
    const process_ = spawn(process.execPath, [...this.#command], { stdio: ["pipe", "pipe", "inherit"] });
    this.#process = process_;
    process_.once("exit", () => {
      if (!this.#ended) void this.start();
    });
    await Promise.race([once(process_.stdout ?? process_, "data"), once(process_, "exit")]);
  }

  /** A channel to whoever serves now. */
  async answering(channel: Channel, address: string): Promise<Channel> {
    for (;;) {
      try {
        await channel.unary(methods.read, errandOf(3), { timeoutMs: 1_000 });
        return channel;
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (this.#ended) throw new Error(`${address} is not served any more`, { cause: error });
      }
    }
  }

  async end(): Promise<void> {
    this.#ended = true;
    const process_ = this.#process;
    if (process_ === undefined || process_.exitCode !== null || process_.signalCode !== null) return;
    process_.kill("SIGKILL");
    await once(process_, "exit");
  }
}

async function call(channel: Channel, semantics: PromiseName, op = 1): Promise<string> {
  const caller: Caller = semantics === "failStop" ? failStopSession(channel) : channel;
  const method = methods[METHOD_OF[semantics]] as typeof methods.read;
  try {
    const report = await caller.unary(method, errandOf(op), { timeoutMs: 8_000, headers: { op: String(op) } });
    return report.op === op ? "OK" : `the reply of ${report.op}`;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return wordsFor(error.code, error.reason, error.executed);
  }
}

export function errandOf(op: number, depth = 0): Errand {
  return { op, handlerMs: 0, fails: "not", replyBytes: 0, depth, items: 0 };
}

export async function effectsIn(folder: string): Promise<number> {
  const file = join(folder, "effects");
  const written = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((line) => line === "1").length : 0;
  const store = await openLogStore(join(folder, "store"));
  let committed = 0;
  await store.transact(async ({ tx }) => {
    committed = 0;
    for await (const _ of tx.scan({ prefix: "effects/1/" })) committed += 1;
  });
  await store.close();
  return written + committed;
}

interface Found {
  readonly killed: boolean;
  readonly seen: string;
  readonly effects: number;
  readonly again: string;
}

function violationOf(point: CrashPoint, semantics: PromiseName, { killed, seen, effects, again }: Found): string | undefined {
  const cell = faultRows.find(({ fault }) => fault === FAULT_AT[point])?.cells.find((candidate) => candidate.semantics === semantics);
  if (cell === undefined) return `the table has no ${FAULT_AT[point]}`;
  if (!killed) return "nobody was killed";
  if (!cell.sees.includes(seen)) return `the caller saw ${seen} and not ${cell.sees.join(" or ")}`;
  const { least, most } = boundsOf(cell.effects ?? "0+");
  if (effects < least || effects > most) return `${effects} effects instead of ${cell.effects}`;
  return again === "OK" ? undefined : `the next call saw ${again}`;
}

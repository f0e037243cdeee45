/** What callers were told in a storm, held against what handlers have left. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openLogStore } from "../../runtime/store/log/index.js";
import { isGuarded, type MethodName } from "../simulation/sim-service.js";

/** What a client prints. */
export interface Line {
  readonly op?: number;
  readonly name?: MethodName;
  readonly timeoutMs?: number;
  readonly ms?: number;
  /** "OK", "left" or what is known of its run; anything else is an answer that is wrong. */
  readonly seen?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly message?: string;
  /** What `settle` said. */
  readonly settled?: string;
  readonly fault?: string;
  readonly done?: number;
  readonly closed?: boolean;
}

/** Beyond a deadline and the time for which the client was stopped: whoever is later hangs, however busy the machine is. */
const HANGS_MS = 15_000;

/** @param stoppedMs for which the client process stood still. */
export async function violationsIn(folder: string, lines: readonly Line[], stoppedMs: number): Promise<string[]> {
  const runs = await runsIn(folder);
  const found = lines.flatMap(({ fault }) => (fault === undefined ? [] : [`client: ${fault}`]));
  const calls = new Map<number, Line>();
  for (const line of lines) {
    const { op, name, seen, settled } = line;
    if (op === undefined) continue;
    const ran = runs.get(op) ?? 0;
    const call = calls.get(op) ?? line;
    if (name !== undefined && seen !== undefined) {
      calls.set(op, line);
      found.push(...wrongOf(line, name, seen, ran, stoppedMs).map((what) => `${what}: ${JSON.stringify(line)}, ran ${ran} times`));
    }
    if (settled === undefined) continue;
    const wrong = (settled === "no" && ran > 0) || (settled === "yes" && ran === 0) || (settled === "unknown" && call.name === "place");
    if (wrong) found.push(`settled as ${settled}: ${JSON.stringify(call)}, ran ${ran} times`);
  }
  if (!lines.some(({ closed }) => closed)) found.push("the client did not close");
  const log = join(folder, "server.log");
  const told = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  return [...found, ...told.filter((line) => /unhandled|uncaught|out of order|told:/.test(line)).map((line) => `server: ${line}`)];
}

function wrongOf({ timeoutMs = 0, ms = 0 }: Line, name: MethodName, seen: string, ran: number, stoppedMs: number): string[] {
  return [
    ...(ms > timeoutMs + stoppedMs + HANGS_MS ? ["late"] : []),
    ...(isGuarded(name) && ran > 1 ? ["ran twice"] : []),
    ...((seen === "OK" || seen === "yes") && ran === 0 ? ["did not run"] : []),
    ...(seen === "no" && ran > 0 ? ["ran all the same"] : []),
    ...(["OK", "left", "yes", "no", "unknown"].includes(seen) ? [] : ["wrong"]),
  ];
}

/** How often each call's effect stands: in the store for those that commit, in a file for the others. */
async function runsIn(folder: string): Promise<Map<number, number>> {
  const runs = new Map<number, number>();
  const add = (op: number): void => void runs.set(op, (runs.get(op) ?? 0) + 1);
  const file = join(folder, "effects");
  const written = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((line) => line !== "") : [];
  const store = await openLogStore(join(folder, "store"));
  await store.transact(async ({ tx }) => {
    runs.clear();
    for (const line of written) add(Number(line));
    for await (const { key } of tx.scan({ prefix: "effects/" })) add(Number(key.split("/")[1]));
  });
  await store.close();
  return runs;
}

/** In the words of the table of promises. */
export function wordsOf({ seen = "", code, reason }: Line): string {
  return code === undefined ? seen : [code, reason, seen].filter((word) => word !== undefined).join(" ");
}


/** What a seed stands for: how large its world is, and which faults it has (each seed another subset of them). */
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { SimRandom } from "./sim-random.js";

/** Where a server process can die. */
export const CRASH_POINTS = [
  "before admit",
  "after admit",
  "mid-handler",
  "before commit",
  "after commit",
  "before reply",
  "half reply",
  "during collection",
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** The probability of each per opportunity: a frame, a call, a commit, a tick of the weather. 0: not in this world. */
export interface Faults {
  readonly late: number;
  readonly twice: number;
  readonly cut: number;
  readonly cutBehind: number;
  readonly halfOpen: number;
  readonly oneWay: number;
  readonly unreachable: number;
  readonly freeze: number;
  readonly clockJump: number;
  readonly clientCrash: number;
  readonly serverCrash: number;
  readonly storeDown: number;
  readonly storeLost: number;
  readonly storeConflict: number;
  readonly cancel: number;
  readonly slowHandler: number;
  readonly throws: number;
  readonly largeReply: number;
}

export interface SimOptions {
  readonly seed: number;
  readonly scheme: "sim" | "inproc";
  /** Numbers of the clients, from 0. */
  readonly clientSlots: readonly number[];
  readonly replicas: number;
  /** Whether front calls middle and middle calls back. */
  readonly chain: boolean;
  readonly calls: number;
  readonly concurrency: number;
  readonly latencyMs: number;
  readonly authenticates: boolean;
  readonly faults: Faults;
  readonly crashPoints: Readonly<Partial<Record<CrashPoint, number>>>;
  readonly silentDeath: boolean;
  readonly restartMs: number;
  readonly handlerMs: number;
  /** Unary handlers at once, and in the queue; undefined: the default. */
  readonly maxRunning: number | undefined;
  readonly maxQueued: number | undefined;
  readonly keepaliveMs: number;
  /** Bytes that are kept of an outcome, a client's records, and all records; undefined: the defaults. */
  readonly caps: { readonly outcome: number; readonly client: number; readonly all: number } | undefined;
  /** How long records are kept in memory. */
  readonly recordRetentionMs: number;
  /** How much slower everything that people do goes: then records expire. */
  readonly pace: number;
  /** How long the store keeps completions. */
  readonly storeRetentionMs: number;
  /** Whether clients persist keys of @exactlyOnce calls. */
  readonly keys: boolean;
  readonly safetyMs: number;
  /** Longer frames go in pieces. */
  readonly pieceBytes: number;
}

export function optionsOf(seed: number): SimOptions {
  const random = new SimRandom(seed, 1);
  /** Half of the worlds have it, each in another strength. */
  const maybe = (least: number, most: number): number => (random.chance(0.4) ? random.skewed(least, most) : 0);
  const crashPoints: Partial<Record<CrashPoint, number>> = {};
  if (random.chance(0.6)) {
    for (const point of CRASH_POINTS) if (random.chance(0.4)) crashPoints[point] = random.skewed(0.01, 0.3);
  }
  const overloaded = random.chance(0.25);
  const pace = random.chance(0.15) ? random.skewed(5, 60) : 1;
  return {
    seed,
    scheme: random.chance(0.3) ? "sim" : "inproc",
    clientSlots: [0, 1, 2].slice(0, random.int(1, 3)),
    replicas: random.chance(0.4) ? 2 : 1,
    chain: random.chance(0.4),
    calls: Math.round(random.skewed(4, 60)),
    concurrency: random.int(1, 6),
    latencyMs: random.skewed(0.1, 20),
    authenticates: random.chance(0.5),
    faults: {
      late: maybe(0.005, 0.2),
      twice: random.chance(0.15) ? random.skewed(0.002, 0.05) : 0,
      cut: maybe(0.002, 0.1),
      cutBehind: maybe(0.002, 0.1),
      halfOpen: maybe(0.002, 0.1),
      oneWay: maybe(0.002, 0.02),
      unreachable: maybe(0.01, 0.3),
      freeze: maybe(0.01, 0.2),
      clockJump: maybe(0.01, 0.2),
      clientCrash: maybe(0.01, 0.1),
      serverCrash: maybe(0.01, 0.2),
      storeDown: maybe(0.01, 0.3),
      storeLost: maybe(0.01, 0.3),
      storeConflict: maybe(0.02, 0.3),
      cancel: maybe(0.02, 0.3),
      slowHandler: maybe(0.02, 0.5),
      throws: maybe(0.02, 0.3),
      largeReply: maybe(0.02, 0.5),
    },
    crashPoints,
    silentDeath: random.chance(0.3),
    restartMs: random.skewed(5, 2_000),
    handlerMs: random.skewed(0.5, 100),
    maxRunning: overloaded ? random.int(1, 3) : undefined,
    maxQueued: overloaded ? random.int(0, 3) : undefined,
    keepaliveMs: random.pick([200, 1_000, 30_000]),
    caps: random.chance(0.25) ? { outcome: random.int(64, 2_000), client: random.int(1_000, 6_000), all: random.int(2_000, 12_000) } : undefined,
    recordRetentionMs: random.pick([71_000, 100_000, 600_000]),
    pace,
    storeRetentionMs: random.pick([75_000, 120_000, 86_400_000, 86_400_000]),
    keys: random.chance(0.5),
    safetyMs: pace * random.int(1_000, 8_000),
    pieceBytes: random.pick([DEFAULT_LIMITS.pieceBytes, DEFAULT_LIMITS.pieceBytes, 24, 100]),
  };
}

/** For people: only what this world has. */
export function describeOptions(options: SimOptions): string {
  const { faults, crashPoints, ...rest } = options;
  const figure = (value: unknown): string => (typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(3) : JSON.stringify(value));
  const list = (entries: object): string =>
    Object.entries(entries)
      .filter(([, value]) => value !== 0 && value !== undefined && value !== false)
      .map(([name, value]) => `${name}=${figure(value)}`)
      .join(" ");
  return `${list(rest)}\n  faults: ${list(faults) || "none"}\n  crashes: ${list(crashPoints) || "none"}`;
}

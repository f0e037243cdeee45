/** What a retry does under each promise, for those who call. */
import type { Method, Semantics } from "../ir/schema.js";

interface Retry {
  /** Where no reply comes, for a cell of a table. */
  readonly byRuntime: string;
  /** The same, said whole. */
  readonly says: string;
  /** What the caller's own second call is. */
  readonly byCaller: string;
}

export const RETRIES: Readonly<Record<Semantics, Retry>> = {
  readonly: {
    byRuntime: "yes",
    says: "It has no effect that anyone can observe. The runtime asks again, at any server, within the deadline and a budget.",
    byCaller: "Harmless.",
  },
  idempotent: {
    byRuntime: "yes, it may run again",
    says: "Running it twice leaves what one run leaves. The runtime asks again, at any server, within the deadline and a budget.",
    byCaller: "Harmless, unless somebody else has changed the same thing in between.",
  },
  atMostOnce: {
    byRuntime: "yes, and it never runs twice",
    says: 'It runs once or not at all. The runtime asks the same server again, which answers with the reply of the first run. If that server is gone, the call fails with the reason `OUTCOME_UNKNOWN` and `executed: "unknown"`.',
    byCaller: 'A second call, which may take effect a second time. Do it where `executed` is `"no"`; else ask `error.settle()` first.',
  },
  exactlyOnce: {
    byRuntime: "yes, and it takes effect once",
    says: "An answer means that its effect was committed exactly once. The runtime asks any server of the same store again, which finds the reply that was committed.",
    byCaller: "A second call, which takes effect a second time, unless both are made with the same `idempotencyKey`.",
  },
  failStop: {
    byRuntime: "never",
    says: "The calls of one client object run in order, each once. At the first doubt the session ends on both sides, with the reason `SESSION_REVOKED`.",
    byCaller: "A call of a new session, by a new client object.",
  },
};

/** The cell of a method: what its own annotations add is said with it. */
export function retryOf({ semantics, parameters, result, attempts, hedge, retainMs }: Method): string {
  if (semantics === "failStop") return RETRIES.failStop.byRuntime;
  // What was sent or taken of a stream cannot be had again.
  if (parameters.kind === "stream") return "only before anything was sent";
  const parts = [RETRIES[semantics].byRuntime];
  if (result?.stream === true) parts.push("until the first element has arrived");
  if (attempts !== undefined) parts.push(`at most ${attempts} ${attempts === 1 ? "attempt" : "attempts"}`);
  if (hedge) parts.push("a second attempt may start before the first has failed");
  if (semantics === "exactlyOnce" && retainMs !== undefined) parts.push(`its reply is kept for ${durationText(retainMs)}`);
  return parts.join("; ");
}

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

export function durationText(ms: number): string {
  const [size, unit] = UNITS.find(([each]) => ms >= each && ms % each === 0) ?? [1, "ms"];
  return `${ms / size} ${unit}`;
}

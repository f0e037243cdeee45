/** How long a call may take: what the caller, the schema and the parent call allow, whichever is least. */
import { show } from "../wire/errors.js";
import type { AnyMethod } from "./descriptor.js";

/** Of calls that answer once to one request. The other kinds have no deadline of their own accord but a stall limit. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Milliseconds, or Infinity for none.
 * @param ownMs the call's own wish; it wins over `@deadline`, which wins over the channel's default.
 * @param parentMs what remains to the call that this one is made for.
 */
export function timeoutOf(
  method: AnyMethod,
  ownMs: number | undefined,
  channelMs: number | undefined,
  parentMs: number,
): number {
  const ofKind = method.kind === "unary" ? (channelMs ?? DEFAULT_TIMEOUT_MS) : Infinity;
  return Math.min(ownMs ?? method.deadlineMs ?? ofKind, parentMs);
}

/** The whole milliseconds that travel with a call; 0 stands for no deadline, so that the last moment is still 1. */
export function remainingOnWire(deadlineAt: number, now: number): number {
  if (deadlineAt === Infinity) return 0;
  return Math.min(Math.max(1, Math.ceil(deadlineAt - now)), 0xffff_ffff);
}

/**
 * What is wrong with a time in milliseconds that a user gave as the `option`, if anything is. A timer that is set for NaN is never due, and
 * neither is any behind it.
 */
export function faultOfTime(option: string, ms: number | undefined): string | undefined {
  return ms === undefined || (typeof ms === "number" && ms >= 0) ? undefined : `${option} is ${show(ms)}, not a number of milliseconds`;
}

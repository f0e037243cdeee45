/** What a caller's options, the schema and the parent call amount to for one call. */
import { show } from "../../wire/errors.js";
import { faultOfNames, type NamesOf } from "../../wire/known-names.js";
import { PARENT, type CallOptions } from "../call-options.js";
import type { Clock } from "../clock.js";
import { rankOf } from "../criticality.js";
import { faultOfTime, timeoutOf } from "../deadline.js";
import type { AnyMethod } from "../descriptor.js";
import { encodeHeaders, joinHeaders, NO_HEADERS } from "../headers.js";
import type { Limits } from "../limits.js";
import type { Fault } from "../option-fault.js";
import type { Timers } from "../timers.js";
import { readIdempotencyKey, type IdempotencyKey } from "./idempotency-key.js";

export interface CallTerms {
  /** Milliseconds, or Infinity. */
  readonly timeoutMs: number;
  /** Encoded; undefined for none. */
  readonly headers: Uint8Array | undefined;
  /** The derived id of a child call. */
  readonly key: Uint8Array | undefined;
  readonly hop: number;
  /** Of its criticality. */
  readonly rank: number;
  /** Milliseconds since the oldest call on the way here was first made; 0 of one that stands alone. */
  readonly ageMs: number;
}

/** What a channel says of all its calls. */
export interface ChannelTerms {
  /** The default deadline of unary calls, in milliseconds. */
  readonly timeoutMs: number | undefined;
  readonly limits: Limits;
  readonly timers: Timers;
}

/** @throws Error that says which option makes no sense. */
export function termsOf(
  method: AnyMethod,
  options: CallOptions | undefined,
  { timeoutMs: channelMs, limits, timers }: ChannelTerms,
): CallTerms {
  const fault = options === undefined ? undefined : faultOf(options);
  if (fault !== undefined) throw new Error(fault);
  const parent = options?.[PARENT];
  const ownMs = options?.timeoutMs;
  if (options?.step !== undefined && parent === undefined) throw new Error("step names a call within a handler: ctx.client");
  const headers = joinHeaders(options?.headers, parent?.headers ?? NO_HEADERS);
  const own = ownKey(method, options?.idempotencyKey, timers.clock);
  return {
    timeoutMs: timeoutOf(method, ownMs, channelMs, parent?.remainingMs() ?? Infinity),
    headers: headers === undefined ? undefined : encodeHeaders(headers, limits),
    key: own?.bytes ?? parent?.childKey(method.path, options?.step),
    hop: parent?.hop ?? 0,
    rank: rankOf(options?.criticality, parent?.rank),
    ageMs: Math.max(own?.ageMs ?? 0, parent?.ageMs() ?? 0),
  };
}

const NAMES: NamesOf<CallOptions> = { timeoutMs: 0, signal: 0, headers: 0, criticality: 0, idempotencyKey: 0, step: 0 };

function faultOf(options: CallOptions): Fault {
  if (typeof options !== "object" || options === null) return `its options are ${show(options)}: give an object, such as { timeoutMs: 200 }`;
  const signal: unknown = options.signal;
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== "function") {
    return `signal is ${show(signal)} and no AbortSignal: of an AbortController, give its \`signal\``;
  }
  return faultOfTime("timeoutMs", options.timeoutMs) ?? faultOfNames("option", options, NAMES);
}

function ownKey(method: AnyMethod, key: string | undefined, clock: Clock): IdempotencyKey | undefined {
  if (key === undefined) return undefined;
  if (method.semantics === "exactlyOnce") return readIdempotencyKey(key, clock.wall());
  throw new Error(`an idempotencyKey needs @exactlyOnce: what @${method.semantics} keeps of a call does not outlive the server`);
}

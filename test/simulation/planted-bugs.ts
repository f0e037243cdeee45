/** Bugs of the kinds that such systems have had, each a change of one line: what does not catch them is no harness. */
import type { Patch } from "./bundle.js";

export interface PlantedBug extends Patch {
  readonly name: string;
  /** What it does, for people. */
  readonly what: string;
  /** Where one line is not enough, because two of them keep the same promise. */
  readonly also?: readonly Patch[];
}

export function patchesOf({ file, find, replace, also = [] }: PlantedBug): readonly Patch[] {
  return [{ file, find, replace }, ...also];
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: "no fence",
    what: "a call whose instance died is sent to its successor",
    file: "runtime/rpc/protocol/fence.ts",
    find: "  if (first.instance === next.instance) return undefined;",
    replace: "  if (first.instance !== '') return undefined;",
  },
  {
    name: "instance ids from an epoch",
    what: "servers count their starts instead of drawing an id, so that two of them are taken for one",
    file: "runtime/rpc/server/server.ts",
    find: "const instanceId = random.bytes(ID_BYTES)",
    replace: "const instanceId = new Uint8Array(ID_BYTES)",
  },
  {
    name: "failover of guarded calls",
    what: "an @atMostOnce call is sent to another replica when its own cannot be reached",
    file: "runtime/rpc/protocol/fence.ts",
    find: '  if (method.semantics !== "exactlyOnce") {\n    const how',
    replace: '  if (method.semantics === "atMostOnce") return undefined;\n  if (method.semantics !== "exactlyOnce") {\n    const how',
  },
  {
    name: "errors are not recorded",
    what: "a handler that failed is forgotten, so that whoever asks again has it run again",
    file: "runtime/rpc/server/served-unary.ts",
    find: "this.#handBack()?.complete(answer);",
    replace: "answer.kind === Kind.ERROR ? this.#handBack()?.release(answer) : this.#handBack()?.complete(answer);",
  },
  {
    name: "retention below the horizon",
    what: "records go as soon as their client has lost its connection",
    file: "runtime/idempotency/memory-guard.ts",
    find: "const until = this.#timers.clock.now() + this.#limits.recordRetentionMs;",
    replace: "const until = this.#timers.clock.now() + 1;",
  },
  {
    name: "a new id for each attempt",
    what: "the second attempt of a call is another call to the server",
    file: "runtime/rpc/client/client-call.ts",
    find: "      sequence: key === undefined ? this.sequence : 0,\n      ackBelow",
    replace: "      sequence: key === undefined ? this.sequence + (this.attempts - 1) * 1_000_000 : 0,\n      ackBelow",
  },
  {
    name: "fingerprint beyond the arguments",
    what: "what differs between attempts is part of the fingerprint, so that an honest retry is refused",
    file: "runtime/rpc/server/served-unary.ts",
    find: "hop, session, payload }, this);",
    replace: "hop, session, payload: Uint8Array.of(attempt, ...payload) }, this);",
  },
  {
    name: "records without a principal",
    what: "whoever knows the id of another's call gets its reply",
    file: "runtime/rpc/server/served-unary.ts",
    find: "records.of(this.#guard, recordsName(this.context.principal, this.report))",
    replace: 'records.of(this.#guard, recordsName("", this.report))',
  },
  {
    name: "refusals are recorded",
    what: "a call that was turned away for want of room is turned away for ever",
    file: "runtime/rpc/server/served-unary.ts",
    find: "    this.#handBack()?.release(ownAnswer(",
    replace: "    this.#handBack()?.complete(ownAnswer(",
  },
  {
    name: "a refusal takes a place in the session",
    what: "a @failStop call that was turned away for want of room leaves a gap that ends its session",
    file: "runtime/idempotency/fail-stop-order.ts",
    find: "    this.#next -= 1;",
    replace: "",
  },
  {
    name: "an attempt speaks for the call",
    what: "settle() takes the word of the attempt that runs, that it came to nothing, for the end of the call",
    file: "runtime/idempotency/until-definite.ts",
    find: "saysNotExecuted(answer) ? again() : asker.answered(answer)",
    replace: "asker.answered(answer)",
  },
  {
    name: "twins are dropped",
    what: "who asks for a call that is running is never answered",
    file: "runtime/idempotency/call-record.ts",
    find: "    this.#waiting.push(asker);",
    replace: "    void asker;",
  },
  {
    name: "acknowledges one too many",
    what: "the record of the oldest call that is not answered goes",
    file: "runtime/rpc/client/client-call.ts",
    find: "Math.min(calls.ackBelow, this.sequence)",
    replace: "Math.min(calls.ackBelow + 1, this.sequence)",
  },
  {
    name: "watermark at admission only",
    what: "a slow attempt commits after its call was acknowledged and its completion dropped",
    file: "runtime/idempotency/committed-call.ts",
    find: "      if (key.sequence > 0 && key.sequence < (await transaction.watermark(key.principal, key.client))) {",
    replace: "      if (key.sequence < 0) {",
  },
  {
    name: "the effect, then the record",
    what: "the record of an @exactlyOnce call is committed after its effect, and a crash may come between",
    file: "runtime/idempotency/committed-call.ts",
    find: "      await transaction.put(key, completion);",
    replace: "      void store.transact((next) => next.put(key, completion)).catch(() => {});",
  },
  {
    name: "no common budget",
    what: "every call may be tried again, however many fail",
    file: "runtime/rpc/client/client-call.ts",
    find: "    if (this.#paid === 0) return this.fail(error);",
    replace: "",
  },
  {
    name: "deadline anew for each attempt",
    what: "a retry takes the whole time of the call along",
    file: "runtime/rpc/client/client-call.ts",
    find: "remainingMs: remainingOnWire(this.deadlineAt, now)",
    replace: "remainingMs: remainingOnWire(now + this.terms.timeoutMs, now)",
  },
  {
    name: "expired work is run",
    what: "a call that waited in the queue beyond its deadline is begun",
    file: "runtime/rpc/server/server-call.ts",
    find: "    if (deadlineAt !== Infinity) this.host.timers.set(this, deadlineAt);",
    replace: "",
    also: [{ file: "runtime/rpc/server/served-unary.ts", find: "(waited || !this.timely) && this.context.remainingMs() <= 0", replace: "waited && this.over" }],
  },
  {
    name: "unknown shown as unavailable",
    what: "an outcome that nobody knows has a code that proxies retry",
    file: "runtime/rpc/codes.ts",
    find: '  OUTCOME_UNKNOWN: "UNKNOWN",',
    replace: '  OUTCOME_UNKNOWN: "UNAVAILABLE",',
  },
  {
    name: "cancelled means not executed",
    what: "a call that was left is said not to have run",
    file: "runtime/rpc/client/pending-call.ts",
    find: '    this.executed = worstExecuted(this.executed, "unknown");',
    replace: '    this.executed = worstExecuted(this.executed, "no");',
  },
  {
    name: "what is too large is run again",
    what: "a call whose reply was not kept has no record",
    file: "runtime/idempotency/call-record.ts",
    find: "    if (!this.#dropped) this.#shelf.completed(this);",
    replace: "    if (!this.#dropped) this.#shelf.completed(this);\n    if (!kept) (this.drop(), this.#shelf.remove(this));",
  },
];

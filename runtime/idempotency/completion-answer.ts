/** The end of a call as a store keeps it, and as its frame carries it. */
import type { AnyMethod } from "../rpc/descriptor.js";
import { Kind } from "../rpc/protocol/frame.js";
import type { Answer } from "../rpc/server/guard.js";
import type { Completion, CompletionOutcome } from "./completion-store.js";
import { hasFingerprint } from "./fingerprint.js";
import { neverRuns, notRetained, reused } from "./refusals.js";

/** What is kept of an answer: nothing but that it ran, if it is longer than `maxBytes`. */
export function outcomeOfAnswer({ kind, payload }: Answer, maxBytes: number): CompletionOutcome {
  if (payload.length > maxBytes) return { kind: "notRetained" };
  return { kind: kind === Kind.REPLY ? "reply" : "error", payload };
}

/** @param payload the arguments that came this time; undefined where somebody only asks. */
export function answerOf(completion: Completion, method: AnyMethod, payload: Uint8Array | undefined): Answer {
  const { outcome, fingerprint } = completion;
  const same = outcome.kind === "tombstone" || payload === undefined || hasFingerprint(payload, fingerprint);
  if (completion.method !== method.path || !same) return reused(method.path);
  switch (outcome.kind) {
    case "reply":
      return { kind: Kind.REPLY, payload: outcome.payload };
    case "error":
      return { kind: Kind.ERROR, payload: outcome.payload };
    case "notRetained":
      return notRetained();
    case "tombstone":
      return neverRuns();
  }
}

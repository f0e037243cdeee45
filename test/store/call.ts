/** Calls as the tests of stores make them. */
import type { Completion, CompletionKey, CompletionOutcome } from "../../runtime/idempotency/completion-store.js";

/** The call of a client that is known by a small number. */
export function call(client: number, sequence: number, principal = "ann"): CompletionKey {
  return { principal, client: client.toString(16).padStart(32, "0"), sequence };
}

export function completion(completedAt: number, outcome: CompletionOutcome = reply("done")): Completion {
  return { method: "bank.Accounts/deposit", fingerprint: new Uint8Array([1, 2, 3]), outcome, completedAt };
}

export function reply(text: string): CompletionOutcome {
  return { kind: "reply", payload: new TextEncoder().encode(text) };
}

/** One run of an `@exactlyOnce` call: its effect and its record are one commit, or neither is. */
import type { AnyMethod } from "../rpc/descriptor.js";
import { RolledBack, type Answer, type Ticket } from "../rpc/server/guard.js";
import type { CallRecord } from "./call-record.js";
import { answerOf, outcomeOfAnswer } from "./completion-answer.js";
import {
  CommitRefused,
  CommitUnknown,
  CompletionExists,
  StoreUnavailable,
  type Completion,
  type CompletionKey,
  type CompletionStore,
  type StoreTransaction,
} from "./completion-store.js";
import { fingerprintOf } from "./fingerprint.js";
import { outcomeOpen, stale, storeDown, storeRefused } from "./refusals.js";

/** Where a call's record is, and what it must say. */
export interface CommittedCallInit {
  readonly store: CompletionStore;
  readonly key: CompletionKey;
  readonly method: AnyMethod;
  /** The request, copied. */
  readonly payload: Uint8Array;
  readonly maxOutcomeBytes: number;
  /** The store's time, in milliseconds. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
  /** Holds those who wait for it within this server. */
  readonly record: CallRecord;
}

/** Found while the transaction was open: nothing of it commits. */
class Answered extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super("the call was answered before");
    this.answer = answer;
  }
}

export class CommittedCall implements Ticket {
  readonly outlivesConnection = true;
  readonly #init: CommittedCallInit;
  /** Its last run came to its end: what fails then is the commit. */
  #committing = false;

  constructor(init: CommittedCallInit) {
    this.#init = init;
  }

  get awaited(): boolean {
    return this.#init.record.awaited;
  }

  complete(answer: Answer): void {
    this.#init.record.complete(answer);
  }

  release(refusal: Answer): void {
    this.#init.record.release(refusal);
  }

  /** Never rejects. */
  async commit(work: (tx: unknown, payload: Uint8Array) => Promise<Answer>): Promise<Answer> {
    try {
      return await this.#transact((transaction) => work(transaction.tx, this.#init.payload));
    } catch (error) {
      if (!(error instanceof RolledBack)) return this.#explain(error);
      if (!error.recorded) return error.answer;
      const { answer } = error;
      try {
        return await this.#transact(async () => answer);
      } catch (failure) {
        return this.#explain(failure);
      }
    }
  }

  /** The watermark and the record are looked at within the transaction too: others may have been here meanwhile. */
  #transact(work: (transaction: StoreTransaction<unknown>) => Promise<Answer>): Promise<Answer> {
    const { store, key, method, payload, maxOutcomeBytes, now } = this.#init;
    return store.transact(async (transaction) => {
      this.#committing = false;
      const known = await transaction.find(key);
      if (known !== undefined) throw new Answered(answerOf(known, method, payload));
      if (key.sequence > 0 && key.sequence < (await transaction.watermark(key.principal, key.client))) {
        throw new Answered(stale());
      }
      const answer = await work(transaction);
      const completion: Completion = {
        method: method.path,
        fingerprint: fingerprintOf(payload),
        outcome: outcomeOfAnswer(answer, maxOutcomeBytes),
        completedAt: now(),
      };
      await transaction.put(key, completion);
      this.#committing = true;
      return answer;
    });
  }

  /** What a transaction that did not commit, or may not have, means for the caller. */
  async #explain(error: unknown): Promise<Answer> {
    const { store, key, method, payload, report } = this.#init;
    if (error instanceof Answered) return error.answer;
    if (error instanceof StoreUnavailable) return storeDown();
    if (!(error instanceof CommitUnknown || error instanceof CompletionExists)) {
      report(error);
      // What made a run fail, such as a statement before it whose error the handler dropped, has rolled it back.
      if (error instanceof CommitRefused || !this.#committing) return storeRefused();
    }
    try {
      const known = await store.find(key);
      if (known !== undefined) return answerOf(known, method, payload);
    } catch {}
    // Not there now does not mean never: what was lost on its way to the commit may still arrive.
    return outcomeOpen();
  }
}

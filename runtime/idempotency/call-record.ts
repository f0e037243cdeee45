/** What a server remembers of one call: that it runs, who waits for it, and how it ended. */
import type { ByteBudget } from "../rpc/byte-budget.js";
import type { AnyMethod } from "../rpc/descriptor.js";
import type { Answer, Asker, CallName, GuardedCall, Place, Ticket } from "../rpc/server/guard.js";
import { Pieces } from "../wire/piece.js";
import { fingerprintOf, hasFingerprint } from "./fingerprint.js";
import { inProgress, neverRuns, notRetained, reused } from "./refusals.js";
import { untilDefinite } from "./until-definite.js";

/** What a record takes in memory, without the bytes of its outcome, and what the client does that it hangs from; as measured. */
export const RECORD_BYTES = 512;
export const CLIENT_BYTES = 1_536;

/** Replies are kept for minutes, and must not keep alive the replies to other calls that share their memory. */
const retained = new Pieces();

/** Where a record hangs; it is told when its place changes. */
export interface RecordShelf {
  readonly account: ByteBudget;
  readonly maxOutcomeBytes: number;
  readonly maxTwins: number;
  /** The call did not begin. */
  remove(record: CallRecord): void;
  /** The call came to its end. */
  completed(record: CallRecord): void;
}

export class CallRecord implements Ticket {
  readonly outlivesConnection = true;
  /** Under which it hangs: a sequence, or the text of a key. */
  readonly name: number | string;
  readonly #shelf: RecordShelf;
  readonly #path: string;
  /** Undefined of a tombstone, which fits any arguments. */
  readonly #fingerprint: Uint8Array | undefined;
  #runner: Asker | undefined;
  #answer: Answer | undefined;
  #bytes = RECORD_BYTES;
  #waiting: Asker[] | undefined;
  #dropped = false;

  /** The account has been charged for it. */
  private constructor(
    shelf: RecordShelf,
    name: number | string,
    method: AnyMethod,
    payload: Uint8Array | undefined,
    runner: Asker | undefined,
  ) {
    this.#shelf = shelf;
    this.name = name;
    this.#path = method.path;
    this.#runner = runner;
    if (payload !== undefined) this.#fingerprint = fingerprintOf(payload);
  }

  /** Of a call that `runner` is to run. */
  static running(shelf: RecordShelf, name: number | string, call: GuardedCall, runner: Asker): CallRecord {
    return new CallRecord(shelf, name, call.method, call.payload, runner);
  }

  /** Of a call that has not begun and never will. */
  static tombstone(shelf: RecordShelf, name: number | string, call: CallName): CallRecord {
    const record = new CallRecord(shelf, name, call.method, undefined, undefined);
    record.#answer = neverRuns();
    return record;
  }

  get awaited(): boolean {
    return this.#waiting !== undefined && this.#waiting.length > 0;
  }

  complete(answer: Answer): void {
    const size = answer.payload.length;
    const kept = size <= this.#shelf.maxOutcomeBytes && !this.#dropped && this.#shelf.account.take(size);
    if (kept) this.#bytes += size;
    this.#answer = kept ? { kind: answer.kind, payload: retained.copyOf(answer.payload) } : notRetained();
    this.#runner = undefined;
    if (this.#waiting !== undefined) this.#tell(answer);
    if (!this.#dropped) this.#shelf.completed(this);
  }

  release(refusal: Answer): void {
    this.drop();
    this.#shelf.remove(this);
    if (this.#waiting !== undefined) this.#tell(refusal);
  }

  /** Another attempt came under the same id. */
  meet(method: AnyMethod, payload: Uint8Array, asker: Asker): void {
    if (method.path !== this.#path || !this.#fits(payload)) return asker.answered(reused(method.path));
    if (this.#answer !== undefined) return asker.answered(this.#answer);
    if ((this.#waiting?.length ?? 0) >= this.#shelf.maxTwins) return asker.answered(inProgress());
    this.#wait(asker);
  }

  /**
   * Somebody asks what became of it.
   * @param again asks anew, where this attempt comes to nothing.
   */
  tell(method: AnyMethod, asker: Asker, again: () => void): void {
    if (method.path !== this.#path) asker.answered(reused(method.path));
    else if (this.#answer !== undefined) asker.answered(this.#answer);
    else this.#wait(untilDefinite(asker, again));
  }

  /** Gives its memory back. A handler that still runs ends for itself. */
  drop(): void {
    if (this.#dropped) return;
    this.#dropped = true;
    this.#shelf.account.give(this.#bytes);
  }

  #wait(asker: Asker): void {
    this.#waiting ??= [];
    this.#waiting.push(asker);
    const place: Place = {
      leave: (reason) => {
        const waiting = this.#waiting?.filter((other) => other !== asker);
        this.#waiting = waiting;
        if (waiting?.length === 0) this.#runner?.deserted(reason);
      },
    };
    asker.attached(place);
  }

  #fits(payload: Uint8Array): boolean {
    return this.#fingerprint === undefined || hasFingerprint(payload, this.#fingerprint);
  }

  #tell(answer: Answer): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const asker of waiting) asker.answered(answer);
  }
}

/**
 * Calls under a key: those made within the handlers of others. Nobody acknowledges them, so they are kept for a while
 * after their end; and whether one without a record ever ran is told by its age, or not at all.
 */
import { ByteBudget } from "../rpc/byte-budget.js";
import { formatId } from "../rpc/call-id.js";
import { askableMs } from "../rpc/protocol/fence.js";
import type { CallName, Asker, GuardedCall } from "../rpc/server/guard.js";
import { Timeout, type Timers } from "../rpc/timers.js";
import { CallRecord, RECORD_BYTES, type RecordShelf } from "./call-record.js";
import type { MemoryLimits } from "./memory-limits.js";
import { noRoom, restarted, stale } from "./refusals.js";

/** Beyond the age of a retry, for the first attempt's own way to another instance. */
const RETRY_MARGIN_MS = 1_000;
/** How often within the retention it is looked for what has expired. */
const SWEEPS = 16;

export class KeyedRecords implements RecordShelf {
  readonly account: ByteBudget;
  readonly maxOutcomeBytes: number;
  readonly maxTwins: number;
  readonly #limits: MemoryLimits;
  readonly #timers: Timers;
  readonly #startedAt: number;
  readonly #records = new Map<string, CallRecord>();
  /** With the time of their expiry, which has the order of their ends. */
  readonly #completed = new Map<CallRecord, number>();
  readonly #sweep = new Timeout(() => this.#expire(), false);
  readonly #onEmpty: () => void;

  constructor(
    limits: MemoryLimits,
    server: ByteBudget,
    timers: Timers,
    startedAt: number,
    onEmpty: () => void,
  ) {
    this.#limits = limits;
    this.#onEmpty = onEmpty;
    this.account = new ByteBudget(limits.maxKeyedRecordBytes, server);
    this.maxOutcomeBytes = limits.maxOutcomeBytes;
    this.maxTwins = limits.maxTwins;
    this.#timers = timers;
    this.#startedAt = startedAt;
  }

  claim(call: GuardedCall, asker: Asker): void {
    const name = nameOf(call);
    const record = this.#records.get(name);
    if (record !== undefined) return record.meet(call.method, call.payload, asker);
    if (this.#tooOld(call)) return asker.answered(stale());
    if (!this.#mustKnow(call, call.hop > 0)) return asker.answered(restarted());
    if (!this.account.take(RECORD_BYTES)) return asker.answered(noRoom(this.#limits.retryAfterMs));
    const fresh = CallRecord.running(this, name, call, asker);
    this.#records.set(name, fresh);
    asker.granted(fresh);
  }

  settle(call: CallName, asker: Asker): void {
    const name = nameOf(call);
    const record = this.#records.get(name);
    if (record !== undefined) return record.tell(call.method, asker, () => this.settle(call, asker));
    if (this.#tooOld(call)) return asker.answered(stale());
    if (!this.#mustKnow(call, true) || !this.account.take(RECORD_BYTES)) return asker.answered(restarted());
    const tombstone = CallRecord.tombstone(this, name, call);
    this.#records.set(name, tombstone);
    this.completed(tombstone);
    tombstone.tell(call.method, asker, () => {});
  }

  get empty(): boolean {
    return this.#records.size === 0;
  }

  remove(record: CallRecord): void {
    this.#records.delete(String(record.name));
    if (this.empty) this.#onEmpty();
  }

  completed(record: CallRecord): void {
    const now = this.#timers.clock.now();
    this.#completed.set(record, now + this.#limits.keyedRetentionMs);
    if (this.#sweep.heapIndex < 0) this.#timers.set(this.#sweep, now + this.#limits.keyedRetentionMs);
  }

  expire(): void {
    this.#timers.clear(this.#sweep);
    for (const record of this.#records.values()) record.drop();
    this.#records.clear();
    this.#completed.clear();
  }

  /** A record of a call of this age may have been dropped. */
  #tooOld(call: CallName): boolean {
    return call.ageMs > askableMs(this.#limits.keyedRetentionMs);
  }

  /** Whether an earlier attempt would have come to this instance: it was there before the call came into the world. */
  #mustKnow(call: CallName, retried: boolean): boolean {
    return this.#timers.clock.now() - this.#startedAt >= call.ageMs + (retried ? RETRY_MARGIN_MS : 0);
  }

  #expire(): void {
    const now = this.#timers.clock.now();
    for (const [record, until] of this.#completed) {
      if (until > now) {
        return this.#timers.set(this.#sweep, Math.max(until, now + this.#limits.keyedRetentionMs / SWEEPS));
      }
      this.#completed.delete(record);
      this.#records.delete(String(record.name));
      record.drop();
    }
    if (this.empty) this.#onEmpty();
  }
}

function nameOf({ key }: CallName): string {
  return key === undefined ? "" : formatId(key);
}

/** The calls of one client, by their sequence: which of them ran, and below which it will never ask again. */
import { AscendingTable } from "../rpc/ascending-table.js";
import { ByteBudget } from "../rpc/byte-budget.js";
import { askableMs } from "../rpc/protocol/fence.js";
import type { CallName, CallerRecords, Asker, GuardedCall } from "../rpc/server/guard.js";
import { CallRecord, CLIENT_BYTES, RECORD_BYTES, type RecordShelf } from "./call-record.js";
import type { KeyedRecords } from "./keyed-records.js";
import type { MemoryLimits } from "./memory-limits.js";
import { noRoom, stale } from "./refusals.js";

export class ClientRecords implements CallerRecords, RecordShelf {
  readonly account: ByteBudget;
  readonly maxOutcomeBytes: number;
  readonly maxTwins: number;
  /** Connections of the client that are open. */
  connections = 0;
  readonly #limits: MemoryLimits;
  readonly #keyed: KeyedRecords;
  readonly #onIdle: (records: ClientRecords) => void;
  readonly #records = new AscendingTable<CallRecord>();
  #watermark = 0;
  /** Charged for the client itself, from its first record on. */
  #base = 0;

  constructor(limits: MemoryLimits, server: ByteBudget, keyed: KeyedRecords, onIdle: (records: ClientRecords) => void) {
    this.#limits = limits;
    this.account = new ByteBudget(limits.maxClientRecordBytes, server);
    this.maxOutcomeBytes = limits.maxOutcomeBytes;
    this.maxTwins = limits.maxTwins;
    this.#keyed = keyed;
    this.#onIdle = onIdle;
  }

  claim(call: GuardedCall, asker: Asker): void {
    if (call.key !== undefined) return this.#keyed.claim(call, asker);
    const { sequence } = call;
    if (call.ackBelow > this.#watermark) this.#acknowledge(call.ackBelow);
    const record = this.#records.get(sequence);
    if (record !== undefined) return record.meet(call.method, call.payload, asker);
    // Its record may have gone with those of the client.
    if (sequence < this.#watermark || call.ageMs > askableMs(this.#limits.recordRetentionMs)) return asker.answered(stale());
    if (!this.#charge()) return asker.answered(noRoom(this.#limits.retryAfterMs));
    const fresh = CallRecord.running(this, sequence, call, asker);
    this.#records.set(sequence, fresh);
    asker.granted(fresh);
  }

  settle(call: CallName, asker: Asker): void {
    if (call.key !== undefined) return this.#keyed.settle(call, asker);
    const { sequence } = call;
    const record = this.#records.get(sequence);
    if (record !== undefined) return record.tell(call.method, asker, () => this.settle(call, asker));
    if (sequence < this.#watermark || !this.#charge()) return asker.answered(stale());
    const tombstone = CallRecord.tombstone(this, sequence, call);
    this.#records.set(sequence, tombstone);
    tombstone.tell(call.method, asker, () => {});
  }

  close(): void {
    this.connections -= 1;
    if (this.connections === 0) this.#onIdle(this);
  }

  remove(record: CallRecord): void {
    this.#records.delete(record.name as number);
  }

  completed(): void {}

  /** The client was not heard of for so long that it cannot ask again. */
  expire(): void {
    for (const [, record] of this.#records.entries()) record.drop();
    this.#records.clear();
    this.account.give(this.#base);
    this.#base = 0;
  }

  /** Whether there is anything to remember: without it, no call of the client ever ran. */
  get worthKeeping(): boolean {
    return this.#base > 0;
  }

  #charge(): boolean {
    if (this.#base > 0) return this.account.take(RECORD_BYTES);
    if (!this.account.take(CLIENT_BYTES + RECORD_BYTES)) return false;
    this.#base = CLIENT_BYTES;
    return true;
  }

  /** The watermark only grows. However far it jumps, no more is looked at than there are records. */
  #acknowledge(below: number): void {
    const records = this.#records;
    if (below - this.#watermark <= records.size) {
      for (let sequence = this.#watermark; sequence < below; sequence += 1) {
        const record = records.get(sequence);
        if (record === undefined) continue;
        records.delete(sequence);
        record.drop();
      }
    } else {
      for (const [sequence, record] of records.entries()) {
        if (sequence >= below) break;
        records.delete(sequence);
        record.drop();
      }
    }
    this.#watermark = below;
  }
}

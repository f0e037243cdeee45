/** The `@exactlyOnce` calls of one client: those that run here, in memory; those that have ended, in the store. */
import type { ByteBudget } from "../rpc/byte-budget.js";
import { formatId } from "../rpc/call-id.js";
import { askableMs } from "../rpc/protocol/fence.js";
import type { Answer, Asker, CallerRecords, CallName, GuardedCall } from "../rpc/server/guard.js";
import { CallRecord, RECORD_BYTES, type RecordShelf } from "./call-record.js";
import { CommittedCall } from "./committed-call.js";
import { answerOf } from "./completion-answer.js";
import { CommitUnknown, CompletionExists, type CompletionKey, type CompletionStore } from "./completion-store.js";
import { neverRuns, noRoom, stale, storeDown, storeSilent } from "./refusals.js";

/** What all records of a server with a store have in common. */
export interface DurableHost {
  readonly store: CompletionStore;
  readonly account: ByteBudget;
  readonly maxOutcomeBytes: number;
  readonly maxTwins: number;
  readonly retryAfterMs: number;
  /** The store's time, in milliseconds. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** The store is told of acknowledgements in steps: what it learns late, it only keeps longer. */
const ACKNOWLEDGE_STEP = 32;

export class DurableRecords implements CallerRecords, RecordShelf {
  readonly account: ByteBudget;
  /** While a call runs only those wait who get its answer anyway; what stays is the store's. */
  readonly maxOutcomeBytes = 0;
  readonly maxTwins: number;
  readonly #host: DurableHost;
  readonly #principal: string;
  readonly #client: string;
  readonly #running: Map<string, CallRecord>;
  #acknowledged = 0;
  #watermark = 0;

  /** @param running of all clients of the server, for a key may come by any of them. */
  constructor(host: DurableHost, principal: string, client: Uint8Array, running: Map<string, CallRecord>) {
    this.#host = host;
    this.account = host.account;
    this.maxTwins = host.maxTwins;
    this.#principal = principal;
    this.#client = formatId(client);
    this.#running = running;
  }

  claim(call: GuardedCall, asker: Asker): void {
    if (call.ackBelow > this.#watermark) this.#acknowledge(call.ackBelow);
    const key = this.#keyOf(call);
    const name = nameOf(key);
    const running = this.#running.get(name);
    if (running !== undefined) return running.meet(call.method, call.payload, asker);
    if (!this.account.take(RECORD_BYTES)) return asker.answered(noRoom(this.#host.retryAfterMs));
    const record = CallRecord.running(this, name, call, asker);
    this.#running.set(name, record);
    const payload = call.payload.slice();
    const { store, maxOutcomeBytes, now, report } = this.#host;
    const ticket = new CommittedCall({ store, key, method: call.method, payload, maxOutcomeBytes, now, report, record });
    // A client's own first attempt is not there yet; what the transaction finds nevertheless, it answers.
    if (call.key === undefined && call.attempt === 1) {
      if (call.sequence >= this.#watermark) return asker.granted(ticket);
    }
    void this.#lookUp(call, key, payload).then((answer) => {
      if (answer === undefined) return asker.granted(ticket);
      record.release(answer);
      asker.answered(answer);
    });
  }

  settle(call: CallName, asker: Asker): void {
    const key = this.#keyOf(call);
    const running = this.#running.get(nameOf(key));
    if (running !== undefined) return running.tell(call.method, asker, () => this.settle(call, asker));
    void this.#entomb(call, key).then((answer) => asker.answered(answer));
  }

  close(): void {
    if (this.#watermark > this.#acknowledged) this.#tellStore();
  }

  remove(record: CallRecord): void {
    this.#running.delete(String(record.name));
  }

  completed(record: CallRecord): void {
    this.#running.delete(String(record.name));
    record.drop();
  }

  /** What is known of the call before it is let in; undefined: nothing. */
  async #lookUp(call: CallName, key: CompletionKey, payload: Uint8Array): Promise<Answer | undefined> {
    try {
      const known = await this.#host.store.find(key);
      if (known !== undefined) return answerOf(known, call.method, payload);
    } catch {
      return storeDown();
    }
    return this.#tooOld(call) ? stale() : undefined;
  }

  /** The outcome, or a tombstone under the same unique key: then no attempt, wherever it runs, can commit any more. */
  async #entomb(call: CallName, key: CompletionKey): Promise<Answer> {
    const { store, now, retryAfterMs } = this.#host;
    try {
      return await store.transact(async (transaction) => {
        const known = await transaction.find(key);
        if (known !== undefined) return answerOf(known, call.method, undefined);
        const gone = key.sequence > 0 && key.sequence < (await transaction.watermark(key.principal, key.client));
        if (gone || this.#tooOld(call)) return stale();
        const outcome = { kind: "tombstone" } as const;
        await transaction.put(key, { method: call.method.path, fingerprint: NO_BYTES, outcome, completedAt: now() });
        return neverRuns();
      });
    } catch (error) {
      if (!(error instanceof CompletionExists || error instanceof CommitUnknown)) return storeSilent(retryAfterMs);
    }
    try {
      const known = await store.find(key);
      if (known !== undefined) return answerOf(known, call.method, undefined);
    } catch {}
    return storeSilent(retryAfterMs);
  }

  #tooOld({ sequence, key, ageMs }: CallName): boolean {
    return (key === undefined && sequence < this.#watermark) || ageMs > askableMs(this.#host.store.retentionMs);
  }

  #keyOf({ sequence, key }: CallName): CompletionKey {
    return { principal: this.#principal, client: key === undefined ? this.#client : formatId(key), sequence };
  }

  #acknowledge(below: number): void {
    this.#watermark = below;
    if (below - this.#acknowledged >= ACKNOWLEDGE_STEP) this.#tellStore();
  }

  /** What it does not learn it keeps for longer: nothing depends on it. */
  #tellStore(): void {
    this.#acknowledged = this.#watermark;
    this.#host.store.acknowledge(this.#principal, this.#client, this.#watermark).catch(() => {});
  }
}

const NO_BYTES = new Uint8Array();

function nameOf({ principal, client, sequence }: CompletionKey): string {
  return `${client}/${sequence}/${principal}`;
}

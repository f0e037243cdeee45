/**
 * Effects outside of the store, such as mail, as entries that commit with the handler's own writes and are delivered
 * afterwards. Each store has an outbox of its own; what delivers knows them by this.
 */

export interface OutboxEntry {
  /** A UUID that stays the same over all deliveries: the idempotency key for the receiver. */
  readonly id: string;
  /** Entries of one key are delivered in the order in which they were committed, those of different keys side by side. */
  readonly key: string;
  readonly payload: Uint8Array;
  /** Of the delivery that this is: 1 at first, as far as the store knows. */
  readonly attempt: number;
}

export interface Outbox<Tx, Entry extends OutboxEntry = OutboxEntry> {
  /** Within a transaction: the entry exists if it commits. Returns its id. */
  enqueue(tx: Tx, entry: { readonly key: string; readonly payload: Uint8Array }): Promise<string>;
  /**
   * Entries whose turn it is: the first of its key, not put off and not claimed. They are the caller's for `forMs`
   * milliseconds; a crash lets go of them no later.
   * @throws StoreUnavailable
   */
  claim(limit: number, forMs: number): Promise<Entry[]>;
  /** It goes, and the next one of its key has its turn. */
  remove(entry: Entry): Promise<void>;
  /** It is claimed again after `delayMs` milliseconds; those behind it wait. */
  putOff(entry: Entry, delayMs: number): Promise<void>;
}

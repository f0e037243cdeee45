/** The user's own data in a store of keys and values: what `ctx.tx` is there. */

export interface KeyRange {
  /** Only keys that begin with it. */
  readonly prefix?: string;
  /** The first key, included. */
  readonly from?: string;
  /** Where to stop, not included. */
  readonly to?: string;
}

export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
}

/**
 * Reads see what is committed and this transaction's own writes, as one state of the data: if another transaction has changed what this
 * one read, a read here or the commit fails and the whole work is run again. Keys are text without lone surrogates, ordered by their
 * UTF-16 code units, as `<` orders them; values are copied on the way in and out.
 */
export interface KeyValueTransaction {
  get(key: string): Promise<Uint8Array | undefined>;
  /** @throws TypeError for a key with a lone surrogate, or a value that is no Uint8Array. A transaction that grows beyond 64 MiB is refused at its commit. */
  put(key: string, value: Uint8Array): Promise<void>;
  /** Does nothing if the key is not there. */
  delete(key: string): Promise<void>;
  /**
   * In the order of keys. Only what was iterated counts as read: who leaves the loop early does not conflict with what
   * stands behind. Writes while the loop runs are seen if they stand ahead of it.
   */
  scan(range?: KeyRange): AsyncIterable<KeyValue>;
}

/**
 * What keeps the completions of `@exactlyOnce` calls. A completion commits in the same transaction as the effect that
 * it stands for; everything else about a store is its own business. Several servers may share one.
 */

/** The id of a call, over all callers: one caller never sees another's records. */
export interface CompletionKey {
  /** Who calls, as text; "" without authentication. */
  readonly principal: string;
  /** 32 hexadecimal digits: the client's id, or the key that the call was given or derived. */
  readonly client: string;
  /** From 1 in a client's order; 0 with a key. */
  readonly sequence: number;
}

export type CompletionOutcome =
  /** The response, as it was sent. */
  | { readonly kind: "reply"; readonly payload: Uint8Array }
  /** The body of an ERROR frame: a declared error that the handler threw. */
  | { readonly kind: "error"; readonly payload: Uint8Array }
  /** It ran; its reply was too large to keep. */
  | { readonly kind: "notRetained" }
  /** It did not run and never will: somebody asked for its outcome before it began. */
  | { readonly kind: "tombstone" };

export interface Completion {
  /** `package.Service/method`. */
  readonly method: string;
  /** Of the arguments. */
  readonly fingerprint: Uint8Array;
  readonly outcome: CompletionOutcome;
  /** Milliseconds, by the store's time (`now`), or else since 1970 by the clock of the server that ran it. */
  readonly completedAt: number;
}

/** One transaction: what is read and written through it commits or vanishes together. */
export interface StoreTransaction<Tx> {
  /** The user's side: what handlers know as `ctx.tx`. */
  readonly tx: Tx;
  find(key: CompletionKey): Promise<Completion | undefined>;
  /** Every call of the client with a smaller sequence was acknowledged or has expired; 0 for a client never seen. */
  watermark(principal: string, client: string): Promise<number>;
  /** @throws CompletionExists, now or at the commit, if the key has one: then nothing of the transaction commits. */
  put(key: CompletionKey, completion: Completion): Promise<void>;
}

export interface CompletionStore<Tx = unknown> {
  /** Names the data: servers that share it have one id, and a client may take a call from one to the other. */
  readonly id: string;
  /** How long a completion is kept, in milliseconds, unless the client acknowledges it sooner. */
  readonly retentionMs: number;
  /**
   * The store's own time, in milliseconds: by it completions are stamped and collected. It must never go faster than time does, over all
   * servers and restarts. Without it the clock of each server is asked, which may be set.
   */
  now?(): number;
  /**
   * Runs `work` and commits when it resolves. When it rejects, everything is rolled back and the rejection passed on.
   * Two transactions that touch the same keys behave as if one came after the other; a store may run `work` again after
   * a conflict that left nothing behind.
   * @throws StoreUnavailable when nothing was committed, and may be later; CommitRefused when nothing was, for what the transaction holds;
   * CommitUnknown when nobody can tell, as any other error behind the end of `work` is taken.
   */
  transact<T>(work: (transaction: StoreTransaction<Tx>) => Promise<T>): Promise<T>;
  /**
   * What is committed.
   * @throws StoreUnavailable
   */
  find(key: CompletionKey): Promise<Completion | undefined>;
  /**
   * The client needs no completion of a sequence below `below` any more. The watermark only grows. May be lazy: what is
   * lost of it in a crash frees memory later, and never runs a call again.
   */
  acknowledge(principal: string, client: string, below: number): Promise<void>;
  /**
   * Drops what has been kept for longer than the retention, raising the watermark of its clients above it, and clients
   * that were not heard of since. Returns how many completions went.
   * @param now by which `completedAt` is old, of a store that has no better time.
   */
  collect(now: number): Promise<number>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** The store cannot be reached or refused: nothing was committed. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** The store was lost while it committed: the transaction may stand or not. */
export class CommitUnknown extends Error {
  override readonly name = "CommitUnknown";
}

/** The store refused what the transaction holds, as by a constraint that is looked at at the commit: nothing was committed. */
export class CommitRefused extends Error {
  override readonly name = "CommitRefused";
}

/** A completion of this key is committed already: another attempt of the call was faster. */
export class CompletionExists extends Error {
  override readonly name = "CompletionExists";
}

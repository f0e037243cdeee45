/**
 * The messages of one subscription and who has them: waiting, out on a lease, or done.
 * It is swept when it is looked at, in time linear in the backlog: the right choice for an example, not for a million
 * messages.
 */
import type { AckIdParts } from "./ack-id.js";
import { Bell } from "./bell.js";
import type { Clock } from "./clock.js";
import { weight, type StoredMessage } from "./stored-message.js";

export interface BacklogPolicy {
  readonly ackDeadlineMs: number;
  /** Messages of one ordering key leave in the order of their publishing. */
  readonly ordered: boolean;
  /** An acknowledgement counts only while its lease lasts. */
  readonly exactlyOnce: boolean;
  readonly retainAcknowledged: boolean;
  readonly retentionMs: number;
  /** Doubles with each failure, from `minMs` to `maxMs`. Absent: at once. */
  readonly backoff?: { readonly minMs: number; readonly maxMs: number };
  readonly deadLetter?: {
    readonly maxAttempts: number;
    /** Takes the message over; false if there is no place for it, and it stays here. */
    readonly deliver: (message: StoredMessage) => boolean;
  };
}

export interface Lease {
  readonly ackId: AckIdParts;
  readonly message: StoredMessage;
  /** 1 at the first delivery, and one more for each that failed. */
  readonly attempt: number;
}

/** `settled`: it is as the caller asked. `expired`: the lease was over, and nothing happened. */
export type Outcome = "settled" | "expired";

interface Entry {
  readonly message: StoredMessage;
  state: "waiting" | "out" | "done";
  /** The delivery that is out, or was the last. */
  delivery: number;
  /** Of one that is out, the end of its lease; of one that waits, the end of its backoff. */
  until: number;
  failures: number;
}

export class Backlog {
  policy: BacklogPolicy;
  readonly #subscription: number;
  readonly #clock: Clock;
  readonly #bell = new Bell();
  /** By sequence, ascending. */
  #entries = new Map<number, Entry>();
  #deliveries = 0;

  constructor(subscription: number, policy: BacklogPolicy, clock: Clock) {
    this.#subscription = subscription;
    this.policy = policy;
    this.#clock = clock;
  }

  add(message: StoredMessage): void {
    this.#entries.set(message.sequence, fresh(message));
    this.#bell.ring();
  }

  /** Drops everything, whoever has it. */
  clear(): void {
    this.#entries.clear();
    this.#bell.ring();
  }

  /** What is not acknowledged, in order of publishing. */
  unacknowledged(): StoredMessage[] {
    this.#sweep();
    return [...this.#entries.values()].filter((entry) => entry.state !== "done").map((entry) => entry.message);
  }

  /**
   * Hands out what is ready, oldest first: at most so many, and none more once `bytes` are reached.
   * Of an ordering key, one batch is out at a time, so that a failure in it can be made good before the next.
   */
  lease(
    limit: { readonly messages: number; readonly bytes?: number },
    ackDeadlineMs = this.policy.ackDeadlineMs,
  ): Lease[] {
    this.#sweep();
    const now = this.#clock.now();
    const heldKeys = new Set<string>();
    const leases: Lease[] = [];
    let bytes = 0;
    for (const entry of this.#entries.values()) {
      if (entry.state === "done") continue;
      if (leases.length >= limit.messages || bytes >= (limit.bytes ?? Infinity)) break;
      const key = this.#orderOf(entry);
      if (entry.state === "out" || entry.until > now || heldKeys.has(key)) {
        if (key !== "") heldKeys.add(key);
        continue;
      }
      entry.state = "out";
      entry.delivery = ++this.#deliveries;
      entry.until = now + ackDeadlineMs;
      bytes += weight(entry.message);
      const ackId = { subscription: this.#subscription, sequence: entry.message.sequence, delivery: entry.delivery };
      leases.push({ ackId, message: entry.message, attempt: entry.failures + 1 });
    }
    return leases;
  }

  /** Whether that delivery is still out. */
  isOut(ackId: AckIdParts): boolean {
    this.#sweep();
    return this.#outEntry(ackId) !== undefined;
  }

  /**
   * Twice is as good as once. Without `exactlyOnce` it also settles a lease that is over, unless the message is out
   * again.
   */
  acknowledge(ackId: AckIdParts): Outcome {
    this.#sweep();
    if (ackId.subscription !== this.#subscription) return "expired";
    const entry = this.#entries.get(ackId.sequence);
    if (entry === undefined || entry.state === "done") return "settled";
    if (entry.delivery !== ackId.delivery) return "expired";
    if (entry.state === "waiting" && this.policy.exactlyOnce) return "expired";
    this.#finish(entry);
    this.#bell.ring();
    return "settled";
  }

  /**
   * The lease ends so many milliseconds from now; with 0 the message goes back at once, and that counts as a failure.
   */
  modifyDeadline(ackId: AckIdParts, ms: number): Outcome {
    this.#sweep();
    const entry = this.#outEntry(ackId);
    if (entry === undefined) return "expired";
    if (ms > 0) {
      entry.until = this.#clock.now() + ms;
    } else {
      this.#fail(entry);
      this.#bell.ring();
    }
    return "settled";
  }

  /**
   * Makes the backlog what it is to be: `messages` may come back from elsewhere, and `acknowledged` says which of all
   * count as done. Every lease is over.
   */
  restore(messages: Iterable<StoredMessage>, acknowledged: (message: StoredMessage) => boolean): void {
    const all = new Map([...this.#entries.values()].map(({ message }) => [message.sequence, message]));
    for (const message of messages) all.set(message.sequence, message);
    this.#entries = new Map(
      [...all].sort(([a], [b]) => a - b).map(([sequence, message]) => [sequence, fresh(message)]),
    );
    for (const entry of [...this.#entries.values()]) if (acknowledged(entry.message)) this.#finish(entry);
    this.#bell.ring();
  }

  /** Resolves when there may be something to lease, at `until`, or when the signal aborts. */
  wait(until: number, signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    let next = until;
    for (const entry of this.#entries.values()) {
      if (entry.state !== "done" && entry.until > now) next = Math.min(next, entry.until);
    }
    return this.#bell.wait(this.#clock, next, signal);
  }

  /** Wakes all who wait. */
  wake(): void {
    this.#bell.ring();
  }

  #outEntry(ackId: AckIdParts): Entry | undefined {
    const entry = ackId.subscription === this.#subscription ? this.#entries.get(ackId.sequence) : undefined;
    return entry?.state === "out" && entry.delivery === ackId.delivery ? entry : undefined;
  }

  #orderOf(entry: Entry): string {
    return this.policy.ordered ? entry.message.orderingKey : "";
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const entry of [...this.#entries.values()]) {
      if (entry.message.publishedAt + this.policy.retentionMs <= now) this.#entries.delete(entry.message.sequence);
      else if (entry.state === "out" && entry.until <= now) this.#fail(entry);
    }
  }

  #finish(entry: Entry): void {
    entry.state = "done";
    if (!this.policy.retainAcknowledged) this.#entries.delete(entry.message.sequence);
  }

  #fail(entry: Entry): void {
    const { backoff, deadLetter } = this.policy;
    entry.failures++;
    if (deadLetter !== undefined && entry.failures >= deadLetter.maxAttempts && deadLetter.deliver(entry.message)) {
      this.#finish(entry);
      return;
    }
    entry.state = "waiting";
    entry.until =
      backoff === undefined
        ? 0
        : this.#clock.now() + Math.min(backoff.maxMs, backoff.minMs * 2 ** (entry.failures - 1));
    const key = this.#orderOf(entry);
    if (key !== "") this.#recall(key, entry.message.sequence);
  }

  /** What left behind a failed message of its key comes back, to leave behind it again. It did not fail itself. */
  #recall(key: string, after: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.state !== "out" || entry.message.sequence <= after || entry.message.orderingKey !== key) continue;
      entry.state = "waiting";
      entry.until = 0;
    }
  }
}

function fresh(message: StoredMessage): Entry {
  return { message, state: "waiting", delivery: 0, until: 0, failures: 0 };
}

/** A snapshot: what a subscription had not acknowledged, and all that its topic took since. */
import { FailedPrecondition } from "../gen/errors.js";
import type { Snapshot } from "../gen/snapshot.js";
import type { StoredMessage } from "./stored-message.js";

const HOUR_MS = 3_600_000;
const LIFETIME_MS = 7 * 24 * HOUR_MS;

export interface SnapshotRecord {
  config: Snapshot;
  readonly name: string;
  /** Grows with the topic. */
  readonly messages: StoredMessage[];
  readonly expiresAt: number;
}

/**
 * When a snapshot of this backlog expires, in milliseconds since the epoch: seven days from its oldest message.
 * @throws FailedPrecondition if that is less than an hour away.
 */
export function snapshotExpiry(backlog: readonly StoredMessage[], now: number, subscription: string): number {
  const expiresAt = (backlog[0]?.publishedAt ?? now) + LIFETIME_MS;
  if (expiresAt - now < HOUR_MS) {
    const message = "The backlog is so old that the snapshot would expire within the hour.";
    throw new FailedPrecondition({ resource: subscription, message });
  }
  return expiresAt;
}

/** The bounds that a server has beside those of both ends, with their defaults. A module of its own, for no client carries it. */
import { DEFAULT_LIMITS, type Limits } from "../limits.js";

export interface ServerLimits extends Limits {
  /** The longest deadline that a unary call gets, in milliseconds, whatever its client asks for. */
  readonly clampMs: number;
  readonly maxConnections: number;
  /** Calls in flight on one connection, streams included. */
  readonly maxCallsPerConnection: number;
  /**
   * Requests of calls that are not done with, elements of streams apart, in bytes as they travel, of one connection; one more is refused. What they take in memory
   * is a few times that.
   */
  readonly maxConnectionRequestBytes: number;
  /** The same of all connections. */
  readonly maxRequestBytes: number;
  /**
   * Replies that wait until the peer of one connection takes them, in bytes; one more is answered with an error that says that the call
   * ran.
   */
  readonly maxConnectionReplyBytes: number;
  /** The same of all connections. */
  readonly maxReplyBytes: number;
  /** `@failStop` sessions of one connection and principal; one more ends the one that has rested longest. */
  readonly maxSessionsPerConnection: number;
  /** Unary handlers that run at once. */
  readonly maxRunning: number;
  /** Unary calls that wait for a place among them; more are refused. */
  readonly maxQueued: number;
  /** Streaming calls that are open at once. */
  readonly maxStreams: number;
  /** What a refused caller is told to wait, in milliseconds. */
  readonly retryAfterMs: number;
  /** Calls that one client may cancel, per second over time; four seconds' worth at once. */
  readonly maxCancelsPerSecond: number;
  /** Outcomes of `@atMostOnce` calls stay in memory for so long after their client was last connected, in milliseconds. */
  readonly recordRetentionMs: number;
  /** Those of calls made within the handlers of others, which nobody acknowledges: after their end, in milliseconds. */
  readonly keyedRetentionMs: number;
  /** A longer outcome is not kept, in bytes: who asks for it again learns only that the call ran. */
  readonly maxOutcomeBytes: number;
  /** Records of calls in memory, in bytes, 512 for each, 1,536 for its client and what its outcome takes: those of one client. */
  readonly maxClientRecordBytes: number;
  /** Those of one principal with the ids of calls within calls. */
  readonly maxKeyedRecordBytes: number;
  /** All of the server. */
  readonly maxRecordBytes: number;
  /** Attempts of one call that wait for the outcome of the one that runs. */
  readonly maxTwins: number;
}

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  ...DEFAULT_LIMITS,
  clampMs: 60_000,
  maxConnections: 10_000,
  maxCallsPerConnection: 10_000,
  maxConnectionRequestBytes: 128 << 20,
  maxRequestBytes: 256 << 20,
  maxConnectionReplyBytes: 512 << 20,
  maxReplyBytes: 1 << 30,
  maxSessionsPerConnection: 4_096,
  maxRunning: 10_000,
  maxQueued: 1_000,
  maxStreams: 10_000,
  retryAfterMs: 100,
  maxCancelsPerSecond: 500,
  recordRetentionMs: 600_000,
  keyedRetentionMs: 120_000,
  maxOutcomeBytes: 64 << 10,
  maxClientRecordBytes: 16 << 20,
  maxKeyedRecordBytes: 64 << 20,
  maxRecordBytes: 256 << 20,
  maxTwins: 4,
};

/** What one side grants the other before it refuses: every bound of the runtime with its default. */

export interface Limits {
  /** The largest request, response or stream element, in bytes. */
  readonly maxMessageBytes: number;
  /**
   * A longer frame is sent in pieces of this many bytes, between which others pass, where the path carries one thing after the other: a small
   * call waits for a few of them instead of for all that was sent before it.
   */
  readonly pieceBytes: number;
  /** All headers of a call together, in bytes as they travel. */
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
  /** What a peer may send ahead of its reader, in bytes: per stream. */
  readonly streamWindowBytes: number;
  /** The same for all streams of a connection; it grows by two stream windows for each stream beyond those that fit. */
  readonly connectionWindowBytes: number;
  /** What may wait in a link that the peer does not empty, in bytes, before no more is read from that peer. */
  readonly maxBufferedBytes: number;
  /**
   * A stream ends when its peer takes nothing for so long while an element waits; so does a link that stays congested.
   */
  readonly stallMs: number;
  /** From the link's opening to the end of the handshake. */
  readonly handshakeMs: number;
  /** With calls in flight and nothing heard for so long, a ping is sent; 0: never. */
  readonly keepaliveMs: number;
  /** The link is given up when nothing at all is heard for so long after a ping. */
  readonly keepaliveTimeoutMs: number;
  /** With a `@failStop` session open and nothing heard for so long, either end ends it, with the link. */
  readonly leaseMs: number;
  /** Frames that make no sense (of an unknown kind, for a call that never was) before the connection ends. */
  readonly maxStrayFrames: number;
}

export interface ServerLimits extends Limits {
  /** The longest deadline that a unary call gets, in milliseconds, whatever its client asks for. */
  readonly clampMs: number;
  readonly maxConnections: number;
  /** Calls in flight on one connection, streams included. */
  readonly maxCallsPerConnection: number;
  /**
   * Requests of unary calls that are not done with, in bytes as they travel, of one connection; one more is refused. What they take in memory
   * is a few times that.
   */
  readonly maxConnectionRequestBytes: number;
  /** The same of all connections. */
  readonly maxRequestBytes: number;
  /**
   * Replies longer than `pieceBytes` that wait until the peer of one connection takes them, in bytes; one more is answered with an error
   * that says that the call ran.
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
  /** Records of calls in memory, in bytes, 256 for each and what its outcome takes: those of one client. */
  readonly maxClientRecordBytes: number;
  /** Those of one principal with the ids of calls within calls. */
  readonly maxKeyedRecordBytes: number;
  /** All of the server. */
  readonly maxRecordBytes: number;
  /** Attempts of one call that wait for the outcome of the one that runs. */
  readonly maxTwins: number;
}

export const DEFAULT_LIMITS: Limits = {
  // 4 MiB of content, and room for what the wire puts around it.
  maxMessageBytes: (4 << 20) + (16 << 10),
  pieceBytes: 64 << 10,
  maxHeaderBytes: 16 << 10,
  maxHeaders: 64,
  streamWindowBytes: 64 << 10,
  connectionWindowBytes: 1 << 20,
  maxBufferedBytes: 16 << 20,
  stallMs: 60_000,
  handshakeMs: 5_000,
  keepaliveMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  leaseMs: 15_000,
  maxStrayFrames: 10,
};

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

/** What a user gave over the defaults; a limit that is undefined is none that was given. */
export function withDefaults<L extends Limits>(defaults: L, given: Partial<L> | undefined): L {
  const stated = Object.entries(given ?? {}).filter(([, limit]) => limit !== undefined);
  return bounded({ ...defaults, ...(Object.fromEntries(stated) as Partial<L>) });
}

/** What the wire has room for in bytes, and what a credit may come to. */
const MOST_BYTES = 0xffff_ffff;
const MOST_CREDIT = 0x7fff_ffff;
/** What a timer of the host waits at most, half of it, for two are added. About twelve days. */
const MOST_MS = 0x3fff_ffff;

/** Whoever gives more, such as Infinity, means none; on the wire and in the host's timers it would be another number. */
function bounded<L extends Limits>(limits: L): L {
  return {
    ...limits,
    maxMessageBytes: atMost(MOST_BYTES, limits.maxMessageBytes),
    maxHeaderBytes: atMost(MOST_BYTES, limits.maxHeaderBytes),
    streamWindowBytes: atMost(MOST_CREDIT, limits.streamWindowBytes),
    connectionWindowBytes: atMost(MOST_CREDIT, limits.connectionWindowBytes),
    stallMs: atMost(MOST_MS, limits.stallMs),
    handshakeMs: atMost(MOST_MS, limits.handshakeMs),
    keepaliveMs: atMost(MOST_MS, limits.keepaliveMs),
    keepaliveTimeoutMs: atMost(MOST_MS, limits.keepaliveTimeoutMs),
  };
}

/** Whole, for so they travel. */
function atMost(most: number, limit: number): number {
  return Math.min(Math.ceil(limit), most);
}

/** The bytes of a frame beside its message and headers: ids, times, an error's name and message. */
const FRAME_OVERHEAD_BYTES = 8 << 10;

export function maxFrameBytes(limits: Limits): number {
  return limits.maxMessageBytes + limits.maxHeaderBytes + FRAME_OVERHEAD_BYTES;
}

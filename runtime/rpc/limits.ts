/** What one side grants the other before it refuses: every bound that both ends have, with its default. */
import { LONGEST_DELAY_MS } from "./clock.js";

/** In bytes. More than this outstanding is no credit but an attempt at overflow. */
export const MAX_CREDIT = 0x7fff_ffff;

export interface Limits {
  /** The largest request, response or stream element, in bytes. */
  readonly maxMessageBytes: number;
  /**
   * A longer frame is sent in pieces of this many bytes at most, between which others pass, where the path carries one thing after the other:
   * a small call waits for a few of them instead of for all that was sent before it. On a slow path they are shorter.
   */
  readonly pieceBytes: number;
  /** All headers of a call together, in bytes as they travel. */
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
  /** What a peer may send ahead of its reader, in bytes: per stream. */
  readonly streamWindowBytes: number;
  /** The same for all streams of a connection; it grows by two stream windows for each stream beyond those that fit in half of it. */
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

/** What a user gave over the defaults; a limit that is undefined is none that was given. */
export function withDefaults<L extends Limits>(defaults: L, given: Partial<L> | undefined): L {
  const stated = Object.entries(given ?? {}).filter(([, limit]) => limit !== undefined);
  return bounded({ ...defaults, ...(Object.fromEntries(stated) as Partial<L>) });
}

/** What the wire has room for, in bytes. */
const MOST_BYTES = 0xffff_ffff;
/** Half of what a timer of the host waits at most, for two are added. About twelve days. */
const MOST_MS = LONGEST_DELAY_MS >> 1;

/** Whoever gives more, such as Infinity, means none; on the wire and in the host's timers it would be another number. */
function bounded<L extends Limits>(limits: L): L {
  return {
    ...limits,
    maxMessageBytes: atMost(MOST_BYTES, limits.maxMessageBytes),
    maxHeaderBytes: atMost(MOST_BYTES, limits.maxHeaderBytes),
    streamWindowBytes: atMost(MAX_CREDIT, limits.streamWindowBytes),
    connectionWindowBytes: atMost(MAX_CREDIT, limits.connectionWindowBytes),
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

/** The frames of a connection after its handshake, byte by byte (docs/wire.md, 2.3). */
import { ID_BYTES } from "../call-id.js";
import {
  codeOfNumber,
  CODE_NUMBERS,
  executedOfNumber,
  numberOfExecuted,
  numberOfReason,
  reasonOfNumber,
} from "../codes.js";
import type { Code, Executed, Reason } from "../codes.js";
import { NORMAL, rankOfNumber } from "../criticality.js";
import { FrameError, type FrameReader } from "../frame-reader.js";
import { FrameWriter, MAX_VARINT_BYTES, utf8 } from "../frame-writer.js";

/** The low four bits of a frame's first byte. */
export const Kind = {
  CALL: 1,
  REPLY: 2,
  ERROR: 3,
  ITEM: 4,
  END: 5,
  CANCEL: 6,
  CREDIT: 7,
  PING: 8,
  PONG: 9,
  GOAWAY: 10,
  SETTLE: 11,
  PIECE: 12,
  TAKEN: 13,
} as const;

export const KIND_MASK = 0x0f;

/** The high four bits of the first byte of a CALL or SETTLE; every other kind has none of them. */
const Flag = { HEADERS: 0x10, KEY: 0x20, UNUSUAL: 0x40, SESSION: 0x80 } as const;
const SETTLE_FLAGS = Flag.HEADERS | Flag.KEY;

/** The place of a call in a `@failStop` session. */
export interface SessionPlace {
  readonly id: Uint8Array;
  /** From 0, without a gap. */
  readonly ordinal: number;
}

/** What stands in a CALL before the request. */
export interface CallHead {
  /** Counts the calls of the connection from 1, strictly ascending. */
  readonly stream: number;
  /** The method's number in the handshake. */
  readonly method: number;
  /** The call's id within its client; 0 with a key. */
  readonly sequence: number;
  /** Every call of the client with a sequence below has been settled: its record may go. 0 with a key. */
  readonly ackBelow: number;
  /** The id of a child call, derived from its parent's, or of a call that the application named itself. */
  readonly key: Uint8Array | undefined;
  /**
   * Milliseconds since the first attempt of the oldest call on the way here, this one included. Travels with a key, or
   * with what is unusual of the next three; 0 otherwise.
   */
  readonly ageMs: number;
  /** 0: no deadline. */
  readonly remainingMs: number;
  /** From 1. */
  readonly attempt: number;
  /** How many calls above this one are retries themselves. */
  readonly hop: number;
  /** Of its criticality. */
  readonly rank: number;
  readonly session?: SessionPlace | undefined;
  /** Encoded (headers.ts); undefined for none. */
  readonly headers: Uint8Array | undefined;
}

/** With no payload: the head, behind which it is sent. */
export function writeCall(writer: FrameWriter, head: CallHead, payload: Uint8Array = NO_BYTES): Uint8Array {
  const unusual = head.attempt > 1 || head.hop > 0 || head.rank !== NORMAL;
  const flags =
    (head.headers === undefined ? 0 : Flag.HEADERS) |
    (head.key === undefined ? 0 : Flag.KEY) |
    (unusual ? Flag.UNUSUAL : 0) |
    (head.session === undefined ? 0 : Flag.SESSION);
  const headerBytes = head.headers === undefined ? 0 : head.headers.length + MAX_VARINT_BYTES;
  writer.begin(2 + 9 * MAX_VARINT_BYTES + 2 * ID_BYTES + headerBytes + payload.length);
  writer
    .u8(Kind.CALL | flags)
    .varint(head.stream)
    .varint(head.method);
  if (head.key === undefined) writer.varint(head.sequence).varint(head.sequence - head.ackBelow);
  else writer.bytes(head.key);
  if (unusual || head.key !== undefined) writer.varint(head.ageMs);
  writer.varint(head.remainingMs);
  if (unusual) writer.varint(head.attempt).varint(head.hop).u8(head.rank);
  if (head.session !== undefined) writer.bytes(head.session.id).varint(head.session.ordinal);
  if (head.headers !== undefined) writer.block(head.headers);
  return writer.bytes(payload).finish();
}

/** Leaves the reader at the request. `headers` is a view of the frame. */
export function readCall(reader: FrameReader, flags: number): CallHead {
  const stream = reader.varint();
  const method = reader.varint();
  const keyed = (flags & Flag.KEY) !== 0;
  const sequence = keyed ? 0 : reader.varint53();
  const ackBelow = keyed ? 0 : sequence - reader.varint53();
  if (ackBelow < 0 || (!keyed && sequence === 0)) throw new FrameError("a call's sequence makes no sense");
  const key = keyed ? reader.copy(ID_BYTES) : undefined;
  const unusual = (flags & Flag.UNUSUAL) !== 0;
  const ageMs = keyed || unusual ? reader.varint53() : 0;
  const remainingMs = reader.varint();
  const attempt = unusual ? reader.varint() : 1;
  const hop = unusual ? reader.varint() : 0;
  const rank = unusual ? rankOfNumber(reader.u8()) : NORMAL;
  if (attempt === 0) throw new FrameError("attempts count from 1");
  const session =
    (flags & Flag.SESSION) === 0 ? undefined : { id: reader.copy(ID_BYTES), ordinal: reader.varint53() };
  const headers = (flags & Flag.HEADERS) === 0 ? undefined : reader.view(reader.varint());
  return { stream, method, sequence, ackBelow, key, ageMs, remainingMs, attempt, hop, rank, session, headers };
}

/** The question what became of a call: it has the form of a CALL without the request and what only running it needs. */
export type SettleHead = Pick<CallHead, "stream" | "method" | "sequence" | "key" | "ageMs" | "headers">;

export function writeSettle(writer: FrameWriter, head: SettleHead): Uint8Array {
  const headers = head.headers ?? NO_BYTES;
  const flags = (headers.length === 0 ? 0 : Flag.HEADERS) | (head.key === undefined ? 0 : Flag.KEY);
  writer
    .begin(1 + 5 * MAX_VARINT_BYTES + ID_BYTES + headers.length)
    .u8(Kind.SETTLE | flags)
    .varint(head.stream)
    .varint(head.method);
  if (head.key === undefined) writer.varint(head.sequence);
  else writer.bytes(head.key).varint(head.ageMs);
  return (headers.length === 0 ? writer : writer.block(headers)).finish();
}

/** `headers` is a view of the frame. */
export function readSettle(reader: FrameReader, flags: number): SettleHead {
  if ((flags & ~SETTLE_FLAGS) !== 0) throw new FrameError("a question has unknown flags");
  const stream = reader.varint();
  const method = reader.varint();
  const keyed = (flags & Flag.KEY) !== 0;
  const sequence = keyed ? 0 : reader.varint53();
  if (!keyed && sequence === 0) throw new FrameError("a call's sequence makes no sense");
  const key = keyed ? reader.copy(ID_BYTES) : undefined;
  const ageMs = keyed ? reader.varint53() : 0;
  const headers = (flags & Flag.HEADERS) === 0 ? undefined : reader.view(reader.varint());
  reader.end();
  return { stream, method, sequence, key, ageMs, headers };
}

const NO_BYTES = new Uint8Array();

/** A REPLY or an ITEM; or an ERROR, whose payload is its body. With none: the head, behind which it is sent. */
export function writePayload(
  writer: FrameWriter,
  kind: number,
  stream: number,
  payload: Uint8Array = NO_BYTES,
): Uint8Array {
  return writer
    .begin(1 + MAX_VARINT_BYTES + payload.length)
    .u8(kind)
    .varint(stream)
    .bytes(payload)
    .finish();
}

/** A piece of a longer frame, in two parts as that is; without the second: the head, behind which that is sent. */
export function writePiece(
  writer: FrameWriter,
  stream: number,
  remaining: number,
  first: Uint8Array,
  second: Uint8Array = NO_BYTES,
): Uint8Array {
  return writer
    .begin(1 + 2 * MAX_VARINT_BYTES + first.length + second.length)
    .u8(Kind.PIECE)
    .varint(stream)
    .varint(remaining)
    .bytes(first)
    .bytes(second)
    .finish();
}

/** An END, and every other kind that is a byte and numbers: CANCEL, CREDIT, PING, PONG, TAKEN. */
export function writeNumbers(writer: FrameWriter, kind: number, first: number, second?: number): Uint8Array {
  writer
    .begin(1 + 2 * MAX_VARINT_BYTES)
    .u8(kind)
    .varint(first);
  if (second !== undefined) writer.varint(second);
  return writer.finish();
}

/** What an ERROR tells. */
export interface ErrorFrame {
  readonly code: Code;
  readonly executed: Executed;
  readonly reason: Reason | undefined;
  /** Negative: do not try again. */
  readonly retryAfterMs: number | undefined;
  /** The full name of a declared error, or "". */
  readonly errorName: string;
  readonly message: string;
  /** The declared error's fields; nothing for others. */
  readonly details: Uint8Array;
}

/** Longer messages are cut: an error must always fit its frame. */
const MAX_MESSAGE_LENGTH = 1024;

/** What stands in an ERROR behind the stream's number: it is kept, and sent again, as it is. */
export function errorBody(error: ErrorFrame): Uint8Array {
  const name = utf8(error.errorName);
  const message = utf8(error.message.slice(0, MAX_MESSAGE_LENGTH));
  const bound = 3 + 3 * MAX_VARINT_BYTES + name.length + message.length + error.details.length;
  return new FrameWriter(bound)
    .begin(bound)
    .u8(CODE_NUMBERS[error.code])
    .u8(numberOfExecuted(error.executed))
    .u8(numberOfReason(error.reason))
    .varint(pushbackToWire(error.retryAfterMs))
    .block(name)
    .block(message)
    .bytes(error.details)
    .finish();
}

/** From behind the stream's number on. `details` is a view of the frame. */
export function readError(reader: FrameReader): ErrorFrame {
  return {
    code: codeOfNumber(reader.u8()),
    executed: executedOfNumber(reader.u8()),
    reason: reasonOfNumber(reader.u8()),
    retryAfterMs: pushbackOfWire(reader.varint()),
    errorName: reader.text(),
    message: reader.text(),
    details: reader.rest(),
  };
}

/** 0: nothing said; 1: do not try again; n: wait n - 2 milliseconds. */
function pushbackToWire(retryAfterMs: number | undefined): number {
  if (retryAfterMs === undefined || Number.isNaN(retryAfterMs)) return 0;
  return retryAfterMs < 0 ? 1 : Math.min(Math.ceil(retryAfterMs) + 2, 0xffff_ffff);
}

function pushbackOfWire(value: number): number | undefined {
  if (value === 0) return undefined;
  return value === 1 ? -1 : value - 2;
}

/** The sender takes no call after `lastStream`, or will soon take none. */
export interface Goaway {
  readonly lastStream: number;
  readonly code: Code;
  readonly message: string;
}

export function writeGoaway(writer: FrameWriter, goaway: Goaway): Uint8Array {
  const message = utf8(goaway.message.slice(0, MAX_MESSAGE_LENGTH));
  return writer
    .begin(2 + 2 * MAX_VARINT_BYTES + message.length)
    .u8(Kind.GOAWAY)
    .varint(goaway.lastStream)
    .u8(CODE_NUMBERS[goaway.code])
    .block(message)
    .finish();
}

export function readGoaway(reader: FrameReader): Goaway {
  const goaway = { lastStream: reader.varint(), code: codeOfNumber(reader.u8()), message: reader.text() };
  reader.end();
  return goaway;
}

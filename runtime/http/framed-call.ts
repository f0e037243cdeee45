/** How our own client writes a call as a request of HTTP: what of it stands in headers, and what in the body (docs/wire.md, 2.11). */
import type { IncomingHttpHeaders } from "node:http";
import { RpcError } from "../rpc/errors.js";
import { FrameError, FrameReader } from "../rpc/frame-reader.js";
import { FrameWriter } from "../rpc/frame-writer.js";
import { decodeHeaders, encodeHeaders } from "../rpc/headers.js";
import { DEFAULT_LIMITS, type Limits } from "../rpc/limits.js";
import { Kind, KIND_MASK, readCall, readSettle, writeCall, writeSettle, type CallHead, type SettleHead } from "../rpc/protocol/frame.js";
import { Refusal } from "./failure.js";
import { isOfHttp, ownHeaders } from "./own-headers.js";

/** Names of headers: the HELLO frame, the head of a CALL or SETTLE frame, and the instance that its number of the method is of, in base64url. */
export const HELLO = "rpc-hello";
export const HEAD = "rpc-head";
export const INSTANCE = "rpc-instance";
/** Beside a CANCEL, the head of its call as it was sent: streams have their numbers by link, and requests do not tell theirs. */
export const CANCELLED = "rpc-cancelled";
/** Frames, each behind its length as u32 little-endian. */
export const FRAMES_TYPE = "application/x-rpcgen-frames";
/** The body of an ERROR frame. */
export const ERROR_TYPE = "application/x-rpcgen-error";
/** What a request names that was meant for another instance: HTTP's "Misdirected Request". */
export const MISDIRECTED = 421;

/** Whose names and values pass every proxy as they are. */
const PLAIN_NAME = /^[a-z0-9][a-z0-9-]*$/;
const PLAIN_VALUE = /^(?:[!-~](?:[ -~]*[!-~])?)?$/;

export interface FramedHead {
  readonly kind: typeof Kind.CALL | typeof Kind.SETTLE;
  readonly head: CallHead | SettleHead;
}

export function isFramed(headers: IncomingHttpHeaders): boolean {
  return headers[HELLO] !== undefined;
}

/** Whether the request asks what became of a call, if it is not wrong altogether. */
export function isQuestion({ [HEAD]: head }: IncomingHttpHeaders): boolean {
  const [first = 0] = Buffer.from(typeof head === "string" ? head.slice(0, 4) : "", "base64url");
  return (first & KIND_MASK) === Kind.SETTLE;
}

/** @throws FrameError if it is no CALL or SETTLE. */
export function readHead(frame: Uint8Array): FramedHead & { readonly payload: Uint8Array } {
  const reader = new FrameReader(frame);
  const first = reader.u8();
  const [kind, flags] = [first & KIND_MASK, first & ~KIND_MASK];
  if (kind === Kind.CALL) return { kind, head: readCall(reader, flags), payload: reader.rest() };
  if (kind !== Kind.SETTLE) throw new FrameError(`a frame of kind ${kind} begins no call`);
  return { kind, head: readSettle(reader, flags), payload: new Uint8Array() };
}

function writeHead({ kind, head }: FramedHead, headers: Uint8Array | undefined, payload?: Uint8Array): Uint8Array {
  const writer = new FrameWriter();
  return kind === Kind.CALL ? writeCall(writer, { ...(head as CallHead), headers }, payload) : writeSettle(writer, { ...head, headers });
}

/** What the session sends has been held against its limits. */
const UNBOUNDED: Limits = { ...DEFAULT_LIMITS, maxHeaders: Infinity, maxHeaderBytes: Infinity };

/** The headers of a request: those of the call that HTTP can carry as its own, where proxies see them, and the others in the head. */
export function headersOf(framed: FramedHead): Record<string, string> {
  const block = framed.head.headers;
  const [plain, others]: [Record<string, string>, Record<string, string>] = [{}, {}];
  for (const [name, value = ""] of Object.entries(block === undefined ? {} : decodeHeaders(block, UNBOUNDED))) {
    const passes = PLAIN_NAME.test(name) && PLAIN_VALUE.test(value) && !isOfHttp(name);
    (passes ? plain : others)[name] = value;
  }
  const rest = Object.keys(others).length === 0 ? undefined : encodeHeaders(others, UNBOUNDED);
  return { ...plain, [HEAD]: toText(writeHead(framed, rest)) };
}

export interface ReceivedCall extends FramedHead {
  /** The whole frame, as the session reads it. */
  frame(payload: Uint8Array): Uint8Array;
}

/** @throws Refusal that says what is wrong with it. */
export function callIn(headers: IncomingHttpHeaders, limits: Limits): ReceivedCall {
  const own = ownHeaders(headers, [HELLO, HEAD, INSTANCE]);
  const bytes = bytesIn(headers, HEAD);
  return parsed(HEAD, () => {
    const framed = readHead(bytes);
    if (framed.payload.length > 0) throw new FrameError("the payload stands in the body");
    const inHead = framed.head.headers;
    const joined = { ...own, ...(inHead === undefined ? {} : decodeHeaders(inHead, limits)) } as Record<string, string>;
    const block = Object.keys(joined).length === 0 ? undefined : encodeHeaders(joined, limits);
    return { ...framed, frame: (payload) => writeHead(framed, block, payload) };
  });
}

/** What the frame in a header says. @throws Refusal instead of what is wrong with a frame. */
export function parsed<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof FrameError || error instanceof RpcError ? refused(`"${name}": ${error.message}`) : error;
  }
}

/** @throws Refusal if it is missing, or no base64url. */
export function bytesIn(headers: IncomingHttpHeaders, name: string): Uint8Array {
  const text = headers[name];
  const bytes = typeof text === "string" ? Buffer.from(text, "base64url") : undefined;
  if (bytes === undefined || bytes.length === 0 || toText(bytes) !== text) throw refused(`"${name}" is not base64url`);
  return bytes;
}

export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

/** A frame behind its length. */
export function prefixed(frame: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(4 + frame.length);
  bytes.writeUInt32LE(frame.length, 0);
  bytes.set(frame, 4);
  return bytes;
}

function refused(message: string): Refusal {
  return new Refusal(400, "INVALID_ARGUMENT", message);
}

/** What travels beside a call's arguments: their rules, their bytes, and which of them a child call inherits. */
import { show } from "../wire/errors.js";
import { FrameError, FrameReader } from "./frame-reader.js";
import { FrameWriter, MAX_VARINT_BYTES, utf8 } from "./frame-writer.js";
import type { Limits } from "./limits.js";

/** Values by lower-case key; an object without a prototype, so that every key is a header. */
export type Headers = Readonly<Record<string, string | undefined>>;

export const NO_HEADERS: Headers = Object.freeze(emptyHeaders());

/** As callers write them; keys in any case. */
export type HeadersInit = Readonly<Record<string, string>>;

const KEY = /^[a-z0-9][a-z0-9._-]{0,127}$/;
/** Kept for the runtime's own use. */
const RESERVED_PREFIX = "rpc-";
/** Control characters; CR and LF among them split a header in two where one is passed on to HTTP. */
const FORBIDDEN = /[\u0000-\u001f\u007f]/;

/**
 * W3C trace context and baggage: they say which story a call belongs to. Nothing else is inherited, credentials least
 * of all.
 */
const INHERITED = ["traceparent", "tracestate", "baggage"] as const;

function emptyHeaders(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

/** The first rule that a header breaks, or undefined. */
function breach(key: string, value: string): string | undefined {
  if (!KEY.test(key))
    return `header key ${JSON.stringify(key.slice(0, 40))} is not made of letters, digits, ".", "_" and "-"`;
  if (key.startsWith(RESERVED_PREFIX)) return `header key "${key}" begins with the reserved "${RESERVED_PREFIX}"`;
  if (FORBIDDEN.test(value)) return `header "${key}" contains a control character`;
  if (!value.isWellFormed()) return `header "${key}" has half of a surrogate pair`;
  return undefined;
}

/**
 * The bytes of headers: varint count, then key and value as texts.
 * @throws FrameError that says which rule or limit they break.
 */
export function encodeHeaders(headers: HeadersInit, limits: Limits): Uint8Array {
  const entries = Object.entries(headers);
  if (entries.length > limits.maxHeaders) throw new FrameError(`${entries.length} headers exceed ${limits.maxHeaders}`);
  const parts: Uint8Array[] = [];
  let size = MAX_VARINT_BYTES;
  for (const [key, value] of entries) {
    const broken = breach(key, value);
    if (broken !== undefined) throw new FrameError(broken);
    const pair = [utf8(key), utf8(value)];
    for (const part of pair) size += part.length + MAX_VARINT_BYTES;
    parts.push(...pair);
  }
  if (size > limits.maxHeaderBytes) throw new FrameError(`headers of ${size} bytes exceed ${limits.maxHeaderBytes}`);
  const writer = new FrameWriter(size).begin(size).varint(entries.length);
  for (const part of parts) writer.block(part);
  return writer.finish();
}

/** @throws FrameError that says which rule or limit they break. */
export function decodeHeaders(bytes: Uint8Array, limits: Limits): Headers {
  if (bytes.length > limits.maxHeaderBytes) throw new FrameError(`headers exceed ${limits.maxHeaderBytes} bytes`);
  const reader = new FrameReader(bytes);
  const count = reader.varint();
  if (count > limits.maxHeaders) throw new FrameError(`${count} headers exceed ${limits.maxHeaders}`);
  const headers = emptyHeaders();
  for (let index = 0; index < count; index += 1) {
    const key = reader.text();
    const value = reader.text();
    const broken = key in headers ? `header "${key}" stands twice` : breach(key, value);
    if (broken !== undefined) throw new FrameError(broken);
    headers[key] = value;
  }
  reader.end();
  return headers;
}

/**
 * Lower-cases the keys of what a caller wrote, over what its parent call hands down; undefined for none.
 * @throws Error for what is no plain object of texts: the entries of a Headers or a Map would be lost without a word.
 */
export function joinHeaders(own: HeadersInit | undefined, parent: Headers): HeadersInit | undefined {
  if (own === undefined && parent === NO_HEADERS) return undefined;
  const joined = emptyHeaders();
  for (const key of INHERITED) {
    const value = parent[key];
    if (value !== undefined) joined[key] = value;
  }
  if (own !== undefined && (typeof own !== "object" || own === null || Symbol.iterator in own)) {
    throw new Error("headers are no plain object: give one, such as Object.fromEntries(headers)");
  }
  for (const [key, value] of Object.entries(own ?? {})) {
    if (typeof value !== "string") throw new Error(`header "${key}" is ${show(value)}, not a text`);
    joined[key.toLowerCase()] = value;
  }
  return joined;
}

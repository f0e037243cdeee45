/** How values stand in bodies: as JSON, for everybody, or as bytes of the wire, for those who have a codec. */
import type { AnyMethod } from "../rpc/descriptor.js";
import type { MethodJson } from "../rpc/server/service-table.js";
import { faultIn, placeOf } from "./json-fault.js";

/** One request or response, or one element of a stream. */
export interface Encoding {
  /** The media type of a single value. */
  readonly type: string;
  /** The method as a channel calls it: with bodies for values, unread ones where there is one request. A retry is the caller's own affair. */
  readonly method: AnyMethod;
}

export const JSON_TYPE = "application/json";
export const LINES_TYPE = "application/jsonl";
export const BINARY_TYPE = "application/x-rpcgen";

/**
 * The body of a request, to be read once: a call that waits for its answer keeps what was read, which counts for what the server holds, and not
 * the body, which blanks may make any number of times as long.
 */
export class UnreadBody {
  #bytes: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(): Uint8Array {
    const bytes = this.#bytes ?? new Uint8Array();
    this.#bytes = undefined;
    return bytes;
  }
}

export function jsonEncoding(method: AnyMethod, json: MethodJson): Encoding {
  return {
    type: JSON_TYPE,
    method: bridged(method, {
      encode: (body) => method.request.encode(json.request.fromJson(parse(body))),
      decode: (payload) => {
        const value: unknown = method.response.decode(payload);
        return json.response === undefined ? undefined : encodeText(`${JSON.stringify(json.response.toJson(value))}\n`);
      },
    }),
  };
}

export function binaryEncoding(method: AnyMethod): Encoding {
  return {
    type: BINARY_TYPE,
    // The bytes of a method without a result are none.
    method: bridged(method, { encode: (body) => body, decode: (payload) => (payload.length === 0 ? undefined : payload.slice()) }),
  };
}

interface Bridge {
  readonly encode: (body: Uint8Array) => Uint8Array;
  /** Undefined where there is nothing to answer. */
  readonly decode: (payload: Uint8Array) => Uint8Array | undefined;
}

function bridged(method: AnyMethod, { encode, decode }: Bridge): AnyMethod {
  const { hedge: _, ...rest } = method;
  const encodeRead = (body: Uint8Array | UnreadBody): Uint8Array => encode(body instanceof UnreadBody ? body.take() : body);
  return { ...rest, attempts: 1, request: { encode: encodeRead, decode: unread }, response: { encode: unread, decode } };
}

function unread(): never {
  throw new Error("a request is only sent, and a response only read");
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** An empty body is an object without keys: a method that needs no parameters needs no body. */
function parse(body: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new Error("the message is not UTF-8");
  }
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    const fault = faultIn(text);
    throw new Error(`the message is not JSON: ${fault < text.length ? `see ${placeOf(fault, text)}` : "it ends too soon"}`);
  }
}

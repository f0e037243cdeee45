/** How values stand in bodies: as JSON, for everybody, or as bytes of the wire, for those who have a codec. */
import type { AnyMethod } from "../rpc/descriptor.js";
import { Refusal } from "./failure.js";
import type { Route } from "./routes.js";

/** One request or response, or one element of a stream. */
export interface Encoding {
  /** The media type of a single value. */
  readonly type: string;
  /** The method as a channel calls it: with bodies for values. A retry is the caller's own affair. */
  readonly method: AnyMethod;
}

export const JSON_TYPE = "application/json";
export const LINES_TYPE = "application/jsonl";
export const BINARY_TYPE = "application/x-rpcgen";

/** What others call a body of one JSON value a line. */
const LINES_TYPES: ReadonlySet<string> = new Set([LINES_TYPE, "application/x-ndjson", "application/x-jsonlines"]);

/** The encoding of a body whose requests are a stream or not. @throws Refusal for a type that the method does not take. */
export function encodingOf(route: Route, contentType: string | undefined, ofStream: boolean): Encoding {
  const type = mediaType(contentType);
  const { method } = route;
  if (ofStream) {
    if (LINES_TYPES.has(type)) return jsonEncoding(route);
    throw unsupported(method, contentType, LINES_TYPE);
  }
  if (type === JSON_TYPE) return jsonEncoding(route);
  if (type === BINARY_TYPE && method.kind === "unary") return binaryEncoding(route);
  throw unsupported(method, contentType, method.kind === "unary" ? `${JSON_TYPE}, ${BINARY_TYPE}` : JSON_TYPE);
}

/** @throws Refusal where nothing is known of the method's JSON. */
export function jsonEncoding({ method, json }: Route): Encoding {
  if (json === undefined) {
    throw new Refusal(415, "UNIMPLEMENTED", `${method.path} takes no JSON: its service was not made by generated code that knows it`);
  }
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

export function binaryEncoding({ method }: Route): Encoding {
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
  return { ...rest, attempts: 1, request: { encode, decode: unread }, response: { encode: unread, decode } };
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
    throw new Error("the body is not UTF-8");
  }
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function mediaType(contentType: string | undefined): string {
  return (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function unsupported({ path }: AnyMethod, contentType: string | undefined, taken: string): Refusal {
  const sent = contentType === undefined ? "without a content-type" : `of the type ${JSON.stringify(contentType)}`;
  const remedy = `curl -H 'content-type: ${taken.split(",", 1)[0] ?? ""}'`;
  return new Refusal(415, "INVALID_ARGUMENT", `${path} takes ${taken}, and the body is ${sent}; with curl: ${remedy}`, { "accept-post": taken });
}

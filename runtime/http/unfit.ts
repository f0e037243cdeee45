/** What an answer means that no server of ours gave, or that none gave at all. */
import type { IncomingMessage } from "node:http";
import type { Code } from "../rpc/codes.js";
import { messageOf, RpcError } from "../rpc/errors.js";
import { FrameReader } from "../rpc/frame-reader.js";
import { readError } from "../rpc/protocol/frame.js";
import { describeFailure } from "../transport/links/failure.js";

const REMEDIES = {
  ECONNRESET: "the connection was broken off",
  EPIPE: "the connection was broken off",
  HPE_INVALID_CONSTANT: "what answers there does not speak HTTP; is it served as tcp: or ws:?",
  HPE_HEADER_OVERFLOW: "the head of the answer is too long",
};

/** A request that was not answered. */
export function foreign(address: string, error: Error): Error {
  return error.message.startsWith(`${address}: `) ? error : describeFailure(address, error, REMEDIES);
}

/** @param body of an answer that says in our words what is wrong. */
export function unfit(address: string, response: IncomingMessage, body: Uint8Array | undefined): Error {
  const told = body === undefined ? undefined : wordsOf(body);
  if (told !== undefined) return new Error(`${address}: ${told.message}`, { cause: told });
  return new Error(`${address}: ${foreignAnswer(response)}`);
}

/** "502 Bad Gateway (text/html), and is no answer of a server of ours". */
export function foreignAnswer({ statusCode, statusMessage, headers }: IncomingMessage): string {
  const { location } = headers;
  const type = headers["content-type"] === undefined ? "" : ` (${headers["content-type"].slice(0, 60)})`;
  const where = location === undefined ? "" : `, which points to ${JSON.stringify(location.slice(0, 200))} and is not followed`;
  return `answered ${statusCode} ${statusMessage ?? ""}${type}${where}: it is no server of ours, or the path is not where its calls are`;
}

/** Who answers so has certainly not run the call: proxies that turn it away. */
export const TURNED_AWAY: Readonly<Record<number, Code>> = {
  301: "UNIMPLEMENTED",
  302: "UNIMPLEMENTED",
  303: "UNIMPLEMENTED",
  307: "UNIMPLEMENTED",
  308: "UNIMPLEMENTED",
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "UNIMPLEMENTED",
  405: "UNIMPLEMENTED",
  407: "UNAUTHENTICATED",
  411: "UNIMPLEMENTED",
  413: "RESOURCE_EXHAUSTED",
  414: "RESOURCE_EXHAUSTED",
  429: "RESOURCE_EXHAUSTED",
  431: "RESOURCE_EXHAUSTED",
};

function wordsOf(body: Uint8Array): RpcError | undefined {
  try {
    const { code, message } = readError(new FrameReader(body));
    return new RpcError({ code, message, executed: "no" });
  } catch (error) {
    return new RpcError({ code: "INTERNAL", message: `the server's answer cannot be read: ${messageOf(error)}`, executed: "no" });
  }
}

/** Answers requests of our own client, each of which is a link to the server. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { formatCallId, formatId } from "../rpc/call-id.js";
import { FrameError, FrameReader } from "../rpc/frame-reader.js";
import { maxFrameBytes } from "../rpc/limits.js";
import { Kind, type CallHead } from "../rpc/protocol/frame.js";
import { readHello } from "../rpc/protocol/handshake.js";
import { streamsRequests, streamsResponses } from "../rpc/server/service-table.js";
import type { Peer } from "../transport/transport.js";
import { answer } from "./answer.js";
import type { Admitted, Arrival, GatewayOptions } from "./arrival.js";
import { paceOf } from "./body-pulse.js";
import { wholeBody } from "./body.js";
import { entityTag, isKnown, policyOf, UNCACHED } from "./cache.js";
import { CallLink } from "./call-link.js";
import { BINARY_TYPE } from "./encoding.js";
import { errorAnswer } from "./error-answer.js";
import { Refusal } from "./failure.js";
import { bytesIn, callIn, CANCELLED, FRAMES_TYPE, HEAD, HELLO, INSTANCE, isQuestion, parsed, toText, type ReceivedCall } from "./framed-call.js";
import { admitPage } from "./pages.js";
import { messageOfQuery, splitTarget } from "./target.js";

export function isGreeting({ url = "", method }: IncomingMessage, prefix: string): boolean {
  return method === "POST" && splitTarget(url).path === `${prefix}/`;
}

/** Calls under way, by the id of their client and the head that they were sent with. */
export type UnderWay = Map<string, CallLink>;

/** Answers with the server's greeting, or ends a call that its caller has cancelled. Resolves when that is through. @throws Refusal. */
export async function greet(arrival: Arrival, { accept, limits, origins }: GatewayOptions, underWay: UnderWay): Promise<void> {
  const { request, response } = arrival;
  admitPage(request, response, origins);
  if (request.headers[HEAD] !== undefined) {
    const frame = bytesIn(request.headers, HEAD);
    checkCancel(frame);
    underWay.get(nameOf(bytesIn(request.headers, HELLO), bytesIn(request.headers, CANCELLED)))?.cancel(frame);
    return answer(response, { status: 204, headers: { "cache-control": UNCACHED } }, undefined, limits.stallMs);
  }
  const link = new CallLink({
    peer: peerOf(arrival),
    request,
    response,
    hello: bytesIn(request.headers, HELLO),
    call: undefined,
    path: "",
    instance: undefined,
    payload: new Uint8Array(),
    maxFrameBytes: maxFrameBytes(limits),
    pace: paceOf(limits),
    streams: false,
    answer: (head, body) => answer(response, head, body, limits.stallMs),
    reply: () => {},
  });
  return linked(accept, response, link);
}

/** Resolves when the call is answered. @throws Refusal for what is none. */
export async function carry(admitted: Admitted, { accept, limits }: GatewayOptions, underWay: UnderWay): Promise<void> {
  const { request, response, connection, route } = admitted;
  const peer = peerOf(admitted);
  const { headers } = request;
  const call = callIn(headers, limits);
  const hello = bytesIn(headers, HELLO);
  const instance = headers[INSTANCE];
  const name = nameOf(hello, bytesIn(headers, HEAD));
  const link: CallLink = new CallLink({
    peer,
    request,
    response,
    hello,
    call,
    path: route.method.path,
    instance: typeof instance === "string" ? instance : undefined,
    payload: await payloadOf(admitted, call, limits),
    maxFrameBytes: maxFrameBytes(limits),
    pace: paceOf(limits),
    streams: streamsResponses(route.method.kind),
    answer: (head, body) => answer(response, head, body, limits.stallMs),
    reply: (payload) => {
      const byQuery = request.method !== "POST";
      const cache = byQuery ? policyOf(peer, idOf(call.head as CallHead, hello)) : UNCACHED;
      const tag = byQuery ? { etag: entityTag(payload) } : undefined;
      const known = tag !== undefined && isKnown(tag.etag, headers["if-none-match"]);
      const head = { status: known ? 304 : 200, headers: { "content-type": BINARY_TYPE, "cache-control": cache, ...tag } };
      try {
        if (!known) connection.hold(response, payload);
        answer(response, head, known ? undefined : payload, limits.stallMs);
      } catch (error) {
        answerError(admitted, error, limits.stallMs);
      }
    },
  });
  underWay.set(name, link);
  await linked(accept, response, link);
  if (underWay.get(name) === link) underWay.delete(name);
}

/** Of what went wrong before there was a link. */
export function answerError({ request, response }: Arrival, error: unknown, stallMs: number): void {
  const { head, body } = errorAnswer(error, isQuestion(request.headers));
  if (response.headersSent) response.destroy();
  else answer(response, head, body, stallMs);
}

function linked(accept: GatewayOptions["accept"], response: ServerResponse, link: CallLink): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", resolve);
    accept(link);
  });
}

function peerOf({ request, peer }: Arrival): Peer {
  return { ...peer, origin: request.headers.origin };
}

function nameOf(hello: Uint8Array, head: Uint8Array): string {
  return `${formatId(clientOf(hello))}/${toText(head)}`;
}

/** @throws Refusal if it is no greeting. */
function clientOf(hello: Uint8Array): Uint8Array {
  return parsed(HELLO, () => readHello(hello).clientId);
}

/** @throws Refusal if it is no CANCEL. */
function checkCancel(frame: Uint8Array): void {
  parsed(HEAD, () => {
    const reader = new FrameReader(frame);
    if (reader.u8() !== Kind.CANCEL) throw new FrameError("it is no CANCEL, and the path names no method");
  });
}

/** What the call brings along; undefined where its requests come one by one. */
async function payloadOf({ request, response, route, query }: Admitted, { kind }: ReceivedCall, limits: GatewayOptions["limits"]): Promise<Uint8Array | undefined> {
  if (kind === Kind.SETTLE) return new Uint8Array();
  if (request.method !== "POST") return messageOfQuery(query, route).message;
  const streams = streamsRequests(route.method.kind);
  const type = streams ? FRAMES_TYPE : BINARY_TYPE;
  if (request.headers["content-type"] !== type) throw new Refusal(415, "INVALID_ARGUMENT", `the body of a call of ${route.method.path} is of the type ${type}`);
  return streams ? undefined : wholeBody(request, response, { maxBytes: limits.maxMessageBytes, patienceMs: limits.stallMs });
}

function idOf({ key, sequence }: CallHead, hello: Uint8Array): string {
  return formatCallId(key === undefined ? { client: clientOf(hello), sequence } : { client: key, sequence: 0 });
}

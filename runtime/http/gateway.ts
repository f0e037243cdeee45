/** Calls as plain requests of HTTP: `POST /package.Service/method` with JSON or bytes, and `GET` of what is `@readonly` (docs/http.md). */
import type { IncomingMessage } from "node:http";
import type { CallOptions } from "../rpc/call-options.js";
import type { Channel } from "../rpc/client/channel.js";
import { streamsRequests, streamsResponses } from "../rpc/server/service-table.js";
import { answer, answerFailure, answerLines } from "./answer.js";
import type { Admitted, Arrival, GatewayOptions } from "./arrival.js";
import { hasBody, leaveBody, linesOfBody, wholeBody } from "./body.js";
import { entityTag, isKnown, policyOf, UNCACHED } from "./cache.js";
import { encodingOf } from "./content-type.js";
import { JSON_TYPE, UnreadBody, type Encoding } from "./encoding.js";
import { failureOf, Refusal, type Failure } from "./failure.js";
import { answerError, carry, greet, isGreeting, type UnderWay } from "./framed-answer.js";
import { isFramed } from "./framed-call.js";
import { admitPage, tellVerbs } from "./pages.js";
import { Routes, verbsOf, type Route } from "./routes.js";
import { messageOfQuery, splitTarget } from "./target.js";
import { termsOf } from "./terms.js";

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #routes: Routes;
  readonly #underWay: UnderWay = new Map();

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#routes = new Routes(options.services);
  }

  /** Answers the request, whatever it is. Never rejects. */
  async handle(arrival: Arrival): Promise<void> {
    const { request, response } = arrival;
    const { limits } = this.#options;
    response.setHeader("x-content-type-options", "nosniff");
    let route: Route | undefined;
    const told = (error: unknown): Failure => failureOf(error, route?.errors);
    const framed = isFramed(request.headers);
    try {
      if (framed && isGreeting(request, this.#options.prefix)) return await greet(trusted(arrival), this.#options, this.#underWay);
      const admitted = this.#admit(arrival);
      if (admitted === undefined) return;
      route = admitted.route;
      await (framed ? carry(admitted, this.#options, this.#underWay) : this.#call(admitted, told));
    } catch (error) {
      if (hasBody(request.headers) && !request.complete) response.setHeader("connection", "close");
      if (response.destroyed) return;
      if (framed) answerError(arrival, error, limits.stallMs);
      else answerFailure(response, told(error), limits.stallMs);
    } finally {
      leaveBody(request);
    }
  }

  /** Undefined where the request is answered already. @throws Refusal. */
  #admit(arrival: Arrival): Admitted | undefined {
    const { request, response } = trusted(arrival);
    const { origins, prefix } = this.#options;
    admitPage(request, response, origins);
    const { path, query } = splitTarget(request.url ?? "");
    const route = path.startsWith(`${prefix}/`) ? this.#routes.find(path.slice(prefix.length)) : undefined;
    if (route === undefined) {
      throw new Refusal(404, "UNIMPLEMENTED", `nothing is served at ${JSON.stringify(path)}; a call is POST ${prefix}/package.Service/method`);
    }
    refuseUnfit(route);
    const verbs = verbsOf(route.method);
    const verb = request.method ?? "";
    if (verb === "OPTIONS") return void tellVerbs(request, response, verbs);
    if (!verbs.includes(verb)) {
      const why = verb === "GET" || verb === "HEAD" ? `${verb} is for @readonly calls that are not streams of requests` : `there is no ${verb}`;
      throw new Refusal(405, "UNIMPLEMENTED", `${route.method.path} is called by ${verbs.join(" or ")}: ${why}`, { allow: [...verbs, "OPTIONS"].join(", ") });
    }
    return { ...arrival, route, query };
  }

  async #call(admitted: Admitted, told: (error: unknown) => Failure): Promise<void> {
    const { request, response, connection, route, query } = admitted;
    const { lines } = connection;
    const { limits } = this.#options;
    const { kind } = route.method;
    const options = termsOf(request.headers, route.method, Date.now());
    const byQuery = request.method !== "POST";
    const asked = byQuery ? messageOfQuery(query, route) : undefined;
    const encoding = asked?.encoding ?? encodingOf(route, contentType(request), streamsRequests(kind));
    const bounds = { maxBytes: limits.maxMessageBytes, patienceMs: limits.stallMs };
    const body = streamsRequests(kind) ? undefined : new UnreadBody(asked?.message ?? (await wholeBody(request, response, bounds)));
    const line = await lines.take(request.headers.origin);
    try {
      if (streamsResponses(kind)) {
        const elements = line.channel.serverStream(encoding.method, body, options) as AsyncIterable<Uint8Array>;
        return await answerLines(response, elements, limits.stallMs, told);
      }
      const requests = body ?? linesOfBody(request, response, bounds);
      const value = await single(line.channel, encoding, requests, options);
      this.#answer(admitted, encoding, value, byQuery ? policyOf(line.peer, line.callId) : undefined);
    } finally {
      lines.give(line);
    }
  }

  /**
   * @param cache what caches may do with it; undefined for what none may see.
   * @throws RpcError if too much waits for the peer already.
   */
  #answer({ request, response, connection }: Admitted, { type }: Encoding, body: Uint8Array | undefined, cache: string | undefined): void {
    const { stallMs } = this.#options.limits;
    const headers: Record<string, string> = { "cache-control": cache ?? UNCACHED };
    if (body === undefined) return answer(response, { status: 204, headers }, undefined, stallMs);
    headers["content-type"] = type;
    if (cache !== undefined) {
      headers["etag"] = entityTag(body);
      if (isKnown(headers["etag"], request.headers["if-none-match"])) return answer(response, { status: 304, headers }, undefined, stallMs);
    }
    connection.hold(response, body);
    answer(response, { status: 200, headers }, body, stallMs);
  }
}

/** @throws Refusal for who showed no certificate that is trusted. */
function trusted(arrival: Arrival): Arrival {
  if (arrival.distrust !== undefined) throw new Refusal(401, "UNAUTHENTICATED", arrival.distrust);
  return arrival;
}

/** A call with one answer. */
function single(
  channel: Channel,
  { method }: Encoding,
  requests: UnreadBody | AsyncIterable<Uint8Array>,
  options: CallOptions,
): Promise<Uint8Array | undefined> {
  if (requests instanceof UnreadBody) return channel.unary(method, requests, options) as Promise<Uint8Array | undefined>;
  return channel.clientStream(method, requests, options) as Promise<Uint8Array | undefined>;
}

/** Of a request without a body nobody asks what it is. */
function contentType({ headers }: IncomingMessage): string | undefined {
  return headers["content-type"] ?? (hasBody(headers) ? undefined : JSON_TYPE);
}

/** What a request and its answer cannot carry. */
function refuseUnfit({ method: { path, kind, semantics } }: Route): void {
  if (kind === "duplex") {
    throw new Refusal(501, "UNIMPLEMENTED", `${path} sends and answers elements at the same time, which a request of HTTP cannot; use ws:, h2: or tcp:`);
  }
  if (semantics === "failStop") {
    throw new Refusal(501, "UNIMPLEMENTED", `${path} is @failStop, and belongs to a session, which single requests cannot keep; use ws:, h2: or tcp:`);
  }
}

/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The client's side of a connection as its users hold it: carries calls, and outlives the connections that it makes.
 */
import type { Peer, Transport } from "../../transport/transport.js";
import { show } from "../../wire/errors.js";
import { schemeOf, writtenAddress, type Address } from "../address.js";
import type { Caller, CallOptions, MethodOf, Requests } from "../call-options.js";
import type { AnyMethod } from "../descriptor.js";
import { RpcError, type Outcome } from "../errors.js";
import type { HeadersInit } from "../headers.js";
import { surround, type ClientInterceptor, type OutgoingCall } from "../interceptor.js";
import type { MakeAscent, PassedOver } from "./ascent.js";
import { makeHost, type CallHost, type HostOptions } from "./call-host.js";
import type { Connection } from "./connection.js";
import { HedgedCall } from "./hedged-call.js";
import { noAnswer, settleByKey } from "./open-question.js";
import { ClientStreamCall, ServerStreamCall, type StreamInput } from "./streaming-call.js";
import { UnaryCall } from "./unary-call.js";

export interface ConnectOptions extends HostOptions {
  /** Around each call, the first one outermost. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
  /** Asked for their address scheme before those that the runtime brings along. */
  readonly transports?: readonly Transport[] | undefined;
}

export interface SettleOptions {
  /** By which the server knows who asks: those of the call. */
  readonly headers?: HeadersInit | undefined;
}

/** Which way the channel's calls go now, or went last, and why. */
export interface ChannelPath {
  readonly address: string;
  /** The address given to `connect`, if the server there led to this nearer one. */
  readonly via: string | undefined;
  /** Nearer ways that the server offered, and why they are not used. */
  readonly passedOver: readonly PassedOver[];
  /** The address scheme. */
  readonly transport: string;
  /** The server instance: another after each of its starts. */
  readonly instance: string | undefined;
  /** Who is at the other end; undefined while there is no connection. */
  readonly peer: Peer | undefined;
}

/**
 * Connects to the first of the addresses that works.
 * @throws RpcError UNAVAILABLE that names the addresses tried; INVALID_ARGUMENT if one has no transport;
 * FAILED_PRECONDITION if the server speaks another version.
 */
export async function openChannel(
  addresses: Address | readonly Address[],
  transports: readonly Transport[],
  options: ConnectOptions = {},
  makeAscent?: MakeAscent,
): Promise<Channel> {
  const all = [...(options.transports ?? []), ...transports];
  const list = (Array.isArray(addresses) ? addresses : [addresses]).map((address: Address) => writtenAddress(address, all));
  const channel = new Channel(list, all, options, makeAscent);
  await channel.open();
  return channel;
}

export class Channel implements Caller {
  readonly #host: CallHost;
  readonly #connection: Connection;
  readonly #around: ((call: OutgoingCall) => Promise<unknown>) | undefined;
  #closing: Promise<void> | undefined;

  /** Made by `connect`. */
  constructor(addresses: readonly string[], transports: readonly Transport[], options: ConnectOptions, makeAscent?: MakeAscent) {
    this.#host = makeHost(addresses, transports, options, makeAscent);
    this.#connection = this.#host.connection;
    const interceptors = options.interceptors ?? [];
    if (interceptors.length > 0) this.#around = surround(interceptors, (call) => this.#carry(call));
  }

  /** The first connection; `connect` has awaited it. */
  async open(): Promise<void> {
    const failure = await new Promise<RpcError | undefined>((resolve) => this.#connection.open(resolve));
    if (failure === undefined) return;
    await this.close();
    throw failure;
  }

  /** The address in use, or used last. */
  get address(): string {
    return this.#connection.route.address;
  }

  get path(): ChannelPath {
    return pathOf(this.#connection);
  }

  /**
   * Ends every call with CANCELLED (`executed` is "unknown" where it had been sent) and releases everything.
   * Resolves when the links are down.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  unary<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: CallOptions,
  ): Promise<Response> {
    const request: unknown = params ?? {};
    if (this.#around === undefined && this.#closing === undefined) {
      return this.#unary(method as AnyMethod, request, options).start();
    }
    return this.#intercepted(method as AnyMethod, request, options) as Promise<Response>;
  }

  clientStream<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Requests<Request>,
    options?: CallOptions,
  ): Promise<Response> {
    return this.#intercepted(method as AnyMethod, requests, options) as Promise<Response>;
  }

  serverStream<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: CallOptions,
  ): AsyncIterableIterator<Response> {
    return this.#streamed(method as AnyMethod, params ?? {}, options) as AsyncIterableIterator<Response>;
  }

  duplex<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Requests<Request>,
    options?: CallOptions,
  ): AsyncIterableIterator<Response> {
    return this.#streamed(method as AnyMethod, requests, options) as AsyncIterableIterator<Response>;
  }

  /**
   * What became of a call of this channel: as `error.settle()`, which see, or by the id that an error, a log or a trace
   * told. Never rejects.
   * @param method of an `@exactlyOnce` call that another channel, or another process, made under an idempotency key:
   * with it, `call` may be that key.
   */
  async settle(call: RpcError | string, method?: AnyMethod, options?: SettleOptions): Promise<Outcome<unknown>> {
    if (typeof call !== "string") return call.settle();
    const question = this.#host.questions.get(call);
    if (question !== undefined) return question.settle();
    if (method?.semantics === "exactlyOnce") {
      return new Promise((resolve) => settleByKey(this.#host, call, method, options?.headers, resolve));
    }
    return noAnswer(`no call ${call} of this channel is open to question`);
  }

  async #close(): Promise<void> {
    for (const call of this.#host.calls.all()) call.abort(closedError());
    await this.#connection.close();
    this.#host.timers.release();
  }

  async #intercepted(method: AnyMethod, request: unknown, options: CallOptions = {}): Promise<unknown> {
    const call = { method, request, options };
    return this.#around === undefined ? this.#carry(call) : this.#around(call);
  }

  #streamed(method: AnyMethod, request: unknown, options: CallOptions = {}): AsyncIterableIterator<unknown> {
    if (this.#around === undefined && this.#closing === undefined) return this.#open({ method, request, options });
    return flatten(() => this.#intercepted(method, request, options));
  }

  /** The innermost layer of the onion. */
  async #carry(call: OutgoingCall): Promise<unknown> {
    if (this.#closing !== undefined) throw closedError();
    const { method, request, options } = call;
    if (method.kind === "unary") return this.#unary(method, request, options).start();
    if (method.kind !== "clientStream") return this.#open(call);
    return new ClientStreamCall(this.#host, method, inputOf(call), options).start();
  }

  #unary(method: AnyMethod, request: unknown, options: CallOptions | undefined): UnaryCall {
    return new (isHedged(method) ? HedgedCall : UnaryCall)(this.#host, method, request, options);
  }

  #open(call: OutgoingCall): AsyncIterableIterator<unknown> {
    return new ServerStreamCall(this.#host, call.method, inputOf(call), call.options).items;
  }
}

/** Of a channel of any kind. */
export function pathOf({ route, via, passedOver, instance, session }: Connection): ChannelPath {
  const { address } = route;
  return { address, via: via?.address, passedOver, transport: schemeOf(address), instance, peer: session?.link.peer };
}

export function isHedged({ hedge, semantics }: AnyMethod): boolean {
  return hedge === true && semantics === "readonly";
}

function inputOf({ method, request }: OutgoingCall): StreamInput {
  return method.kind === "serverStream" ? { params: request } : { requests: request as Requests<unknown> };
}

/** What the onion resolves to, as the iterable that the caller was given at once. */
async function* flatten(open: () => Promise<unknown>): AsyncGenerator<unknown, undefined> {
  const items = await open();
  if (typeof (items as Partial<AsyncIterable<unknown>> | undefined)?.[Symbol.asyncIterator] !== "function") {
    throw new TypeError(`an interceptor gives ${show(items)} for a stream: give an async iterable, such as what \`next\` resolves to`);
  }
  yield* items as AsyncIterable<unknown>;
  return undefined;
}

/** Of a call on a channel that takes none any more. */
export function closedError(): RpcError {
  return new RpcError({ code: "CANCELLED", executed: "no", message: "the channel is closed" });
}

/// <reference lib="esnext.disposable" preserve="true" />
/** A channel for callers that cannot await: each call returns when its answer is there. Calls promise what those of any channel do. */
import type { BlockingTransport, Dialler } from "../../transport/blocking.js";
import { writtenAddress, type Address } from "../address.js";
import type { MethodOf, SyncCaller, SyncCallOptions } from "../call-options.js";
import type { AnyMethod } from "../descriptor.js";
import type { Outcome, RpcError } from "../errors.js";
import type { MakeAscent } from "./ascent.js";
import { BlockingItems } from "./blocking-items.js";
import { BlockingLoop } from "./blocking-loop.js";
import { makeHost, type CallHost, type HostOptions } from "./call-host.js";
import { closedError, isHedged, pathOf, type ChannelPath, type SettleOptions } from "./channel.js";
import { HedgedCall } from "./hedged-call.js";
import { noAnswer, settleByKey } from "./open-question.js";
import { ClientStreamCall, ServerStreamCall, type StreamInput } from "./streaming-call.js";
import { UnaryCall } from "./unary-call.js";

export type SyncConnectOptions = Omit<HostOptions, "clock" | "random">;

/** How long `close` waits for a server to read the last of it, in milliseconds. */
const CLOSE_MS = 1_000;

/**
 * Connects to the first of the addresses that works.
 * @throws RpcError UNAVAILABLE that names the addresses tried; INVALID_ARGUMENT if one has no transport;
 * FAILED_PRECONDITION if the server speaks another version.
 */
export function openBlockingChannel(
  addresses: Address | readonly Address[],
  transports: readonly BlockingTransport[],
  options: SyncConnectOptions = {},
  makeAscent?: MakeAscent,
): SyncChannel {
  const list = (Array.isArray(addresses) ? addresses : [addresses]).map((address: Address) => writtenAddress(address, transports));
  const channel = new SyncChannel(list, transports, options, makeAscent);
  channel.open();
  return channel;
}

export class SyncChannel implements SyncCaller {
  readonly #loop = new BlockingLoop();
  readonly #host: CallHost;
  #closed = false;

  /** Made by `connectSync`. */
  constructor(addresses: readonly string[], transports: readonly BlockingTransport[], options: SyncConnectOptions, makeAscent?: MakeAscent) {
    const loop = this.#loop;
    const watched = transports.map((transport): Dialler => ({ ...transport, dial: (address, how) => loop.add(transport.dial(address, how)) }));
    this.#host = makeHost(addresses, watched, { ...options, clock: loop }, makeAscent, loop);
  }

  /** The first connection; `connectSync` has waited for it. */
  open(): void {
    const failure = this.#wait<RpcError | undefined>((resolve) => this.#host.connection.open(resolve));
    if (failure === undefined) return;
    this.close();
    throw failure;
  }

  /** The address in use, or used last. */
  get address(): string {
    return this.#host.connection.route.address;
  }

  get path(): ChannelPath {
    return pathOf(this.#host.connection);
  }

  unary<Request, Response>(method: MethodOf<Request, Response>, params: Request | undefined, options?: SyncCallOptions): Response {
    this.#begin();
    const call = new (isHedged(method as AnyMethod) ? HedgedCall : UnaryCall)(this.#host, method as AnyMethod, params ?? {}, options);
    return this.#wait<Response>((resolve, reject) => call.run(resolve, reject));
  }

  clientStream<Request, Response>(method: MethodOf<Request, Response>, requests: Iterable<Request>, options?: SyncCallOptions): Response {
    this.#begin();
    const call = new ClientStreamCall(this.#host, method as AnyMethod, { requests }, options);
    return this.#wait<Response>((resolve, reject) => call.run(resolve, reject));
  }

  serverStream<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: SyncCallOptions,
  ): IterableIterator<Response> {
    return this.#stream(method as AnyMethod, { params: params ?? {} }, options) as IterableIterator<Response>;
  }

  duplex<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Iterable<Request>,
    options?: SyncCallOptions,
  ): IterableIterator<Response> {
    return this.#stream(method as AnyMethod, { requests }, options) as IterableIterator<Response>;
  }

  /**
   * What became of a call of this channel, by the error that it failed with or its id: asks the server, and makes sure that a call that has
   * not begun never will. Never throws.
   * @param method of an `@exactlyOnce` call that another channel, or another process, made under an idempotency key:
   * with it, `call` may be that key.
   */
  settle(call: RpcError | string, method?: AnyMethod, options?: SettleOptions): Outcome<unknown> {
    if (typeof call !== "string" && call.executed !== "unknown") return { executed: call.executed, error: call };
    const id = typeof call === "string" ? call : call.callId;
    const question = this.#host.questions.get(id);
    if (question !== undefined) return this.#wait<Outcome<unknown>>((resolve) => question.run(resolve));
    if (method?.semantics !== "exactlyOnce") return noAnswer(`no call ${id} of this channel is open to question`);
    return this.#wait<Outcome<unknown>>((resolve) => settleByKey(this.#host, id, method, options?.headers, resolve));
  }

  /** Ends every call with CANCELLED (`executed` is "unknown" where it had been sent) and releases everything. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const call of this.#host.calls.all()) call.abort(closedError());
    // What it resolves to is that the links are down, which is waited for here.
    void this.#host.connection.close();
    const late = this.#loop.now() + CLOSE_MS;
    const alarm = this.#loop.schedule(CLOSE_MS, () => {});
    this.#loop.until(() => this.#loop.open === 0 || this.#loop.now() >= late);
    alarm.cancel();
    this.#host.timers.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #stream(method: AnyMethod, input: StreamInput, options: SyncCallOptions | undefined): IterableIterator<unknown> {
    this.#begin();
    const { items } = new ServerStreamCall(this.#host, method, input, options);
    return new BlockingItems(items, (begin) => this.#wait(begin));
  }

  /** @throws RpcError if it is closed. */
  #begin(): void {
    if (this.#closed) throw closedError();
    // Nobody has listened since the last call: nothing is sent to a server that has gone meanwhile.
    this.#loop.catchUp();
  }

  /** Waits for one of the two calls. @throws what it fails with. */
  #wait<T>(begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): T {
    let settled: { readonly value: T } | { readonly error: unknown } | undefined;
    begin(
      (value) => (settled = { value }),
      (error) => (settled = { error }),
    );
    this.#loop.until(() => settled !== undefined);
    const result = settled as unknown as { readonly value: T } | { readonly error: unknown };
    if ("error" in result) throw result.error;
    return result.value;
  }
}

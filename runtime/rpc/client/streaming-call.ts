/** Calls in which either side, or both, send elements. */
import { show } from "../../wire/errors.js";
import type { CallOptions, Requests } from "../call-options.js";
import type { AnyMethod } from "../descriptor.js";
import { RpcError } from "../errors.js";
import { FrameError } from "../frame-reader.js";
import type { ReceiveCredit, SendWindow } from "../protocol/flow-control.js";
import { Kind } from "../protocol/frame.js";
import { ItemPump, type Pump, type PumpOutlet } from "../protocol/item-pump.js";
import { ItemQueue } from "../protocol/item-queue.js";
import type { CallHost } from "./call-host.js";
import { ClientCall } from "./client-call.js";
import type { ClientSession } from "./client-session.js";

/** What goes to the server: one request, or an iterable of them. */
export type StreamInput = { readonly params: unknown } | { readonly requests: Requests<unknown> };

abstract class StreamingCall extends ClientCall {
  readonly #input: StreamInput;
  #pump: Pump | undefined;
  #window: SendWindow | undefined;

  constructor(host: CallHost, method: AnyMethod, input: StreamInput, options: CallOptions | undefined) {
    super(host, method, options);
    this.#input = input;
  }

  protected override encodePayload(): Uint8Array {
    if ("params" in this.#input) return this.encodeRequest(this.#input.params);
    checkRequests(this.#input.requests, this.host.waiting !== undefined);
    return super.encodePayload();
  }

  protected override opened(): void {
    const { session, stream } = this;
    if (session === undefined || !("requests" in this.#input)) return;
    const window = session.openWindow();
    this.#window = window;
    const outlet: PumpOutlet = {
      window,
      encode: (value) => this.#encodeItem(value, session.maxPeerMessageBytes),
      send: (payload) => session.sendPayload(Kind.ITEM, stream, payload),
      finished: () => session.sendEnd(stream),
      failed: (error) => this.failForeign(error),
      refused: (error) => this.abort(error),
    };
    this.#pump = this.host.waiting?.pump(this.#input.requests, outlet) ?? new ItemPump(this.#input.requests, outlet);
    void this.#pump.run();
  }

  protected override closed(): void {
    void this.#pump?.stop();
  }

  /** The server wants no more requests; its answer is still to come. */
  override cancel(): void {
    void this.#pump?.stop();
  }

  override grant(bytes: number): void {
    this.#window?.grant(bytes);
  }

  protected override get replayable(): boolean {
    return this.#pump === undefined;
  }

  #encodeItem(value: unknown, limit: number): Uint8Array {
    const payload = this.encodeRequest(value);
    if (payload.length > limit) {
      const message = `an element of ${payload.length} bytes exceeds the server's ${limit}`;
      throw new RpcError({ code: "RESOURCE_EXHAUSTED", message });
    }
    this.sentBytes += payload.length;
    return payload;
  }
}

/**
 * @param waits whether the caller waits for the call, and so cannot for its requests.
 * @throws TypeError before anything is sent.
 */
function checkRequests(requests: unknown, waits: boolean): void {
  const given = Object(requests) as object;
  if (Symbol.iterator in given || (!waits && Symbol.asyncIterator in given)) return;
  const generator = waits ? "a generator, not an async one" : "an async generator";
  throw new TypeError(`its requests are ${show(requests)}: give an iterable of them, such as an array or ${generator}`);
}

/** Elements to the server, one answer back. */
export class ClientStreamCall extends StreamingCall {
  #resolve: ((value: never) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  start<Response>(): Promise<Response> {
    return new Promise((resolve, reject) => this.run(resolve, reject));
  }

  /** As `start`, with a call of one of the two, which may come before it returns. */
  run(resolve: (value: never) => void, reject: (error: unknown) => void): void {
    this.#resolve = resolve;
    this.#reject = reject;
    this.begin();
  }

  override reply(payload: Uint8Array): void {
    this.receivedBytes += payload.length;
    let value: unknown;
    try {
      value = this.decodeResponse(payload);
    } catch (error) {
      return this.failUnreadable(error);
    }
    this.succeed();
    this.#resolve?.(value as never);
  }

  protected override rejected(error: unknown): void {
    this.#reject?.(error);
  }
}

/** Elements from the server, to one request or to elements of ours. */
export class ServerStreamCall extends StreamingCall {
  readonly items: ItemQueue<unknown>;
  #carrier: ClientSession | undefined;
  #credit: ReceiveCredit | undefined;
  #delivered = false;

  constructor(host: CallHost, method: AnyMethod, input: StreamInput, options: CallOptions | undefined) {
    super(host, method, input, options);
    this.items = new ItemQueue((payload) => this.decodeResponse(payload), {
      started: () => this.begin(),
      read: (cost) => this.#read(cost),
      left: () => this.abort(new RpcError({ code: "CANCELLED", message: "the reader left the stream" })),
    });
  }

  protected override opened(): void {
    this.#carrier = this.session;
    this.#credit = this.session?.openCredit(this.stream);
    super.opened();
  }

  override reply(): void {
    throw new FrameError("a stream is not answered by a reply");
  }

  override item(payload: Uint8Array, cost: number): void {
    this.#credit?.received(cost);
    this.#delivered = true;
    this.receivedBytes += payload.length;
    this.items.push(payload, cost);
  }

  override end(): void {
    this.succeed();
    this.items.end();
  }

  protected override get replayable(): boolean {
    return super.replayable && !this.#delivered;
  }

  /** Who cancels wants nothing more; any other failure stands behind what came before it. */
  protected override rejected(error: unknown): void {
    if (error instanceof RpcError && error.code === "CANCELLED") this.items.abort(error);
    else this.items.fail(error);
  }

  #read(cost: number): void {
    this.#credit?.read(cost);
    this.#carrier?.elementRead(cost);
  }
}

/**
 * The client's end of HTTP: a link whose session speaks frames as on every other, and which makes a request of each call. A request that
 * ends without an answer of the server is a lost call, and other links may be better: this one takes no more.
 */
import type { ClientRequest } from "node:http";
import { RpcError } from "../rpc/errors.js";
import { FrameReader } from "../rpc/frame-reader.js";
import { FrameWriter } from "../rpc/frame-writer.js";
import { ownFailure } from "../rpc/protocol/failure.js";
import { isGuarded } from "../rpc/protocol/fence.js";
import { SendCredit } from "../rpc/protocol/flow-control.js";
import { errorBody, Kind, KIND_MASK, writeGoaway, writeNumbers, writePayload, type CallHead } from "../rpc/protocol/frame.js";
import { readHello, readWelcome, type RemoteMethod, type Welcome } from "../rpc/protocol/handshake.js";
import type { Link, LinkReceiver, Peer } from "../transport/transport.js";
import { leaveAnswer, readWhole } from "./answer-body.js";
import { NO_PACE, toldPace, type Pace } from "./body-pulse.js";
import { CANCELLED, ERROR_TYPE, FRAMES_TYPE, HEAD, HELLO, INSTANCE, readHead, toText, type FramedHead } from "./framed-call.js";
import { RequestQueue } from "./request-queue.js";
import { SentCall, type SentCallHost } from "./sent-call.js";
import { foreign, unfit } from "./unfit.js";

/** Greetings and cancels at once: they have connections of their own, for calls may hold all others for as long as they like. */
const MOST_ASIDE = 4;

export interface RequestLinkOptions {
  readonly peer: Peer;
  /** As it was dialled. */
  readonly address: string;
  readonly maxFrameBytes: number;
  /** Calls under way at once. */
  readonly mostCalls: number;
  readonly request: (method: "GET" | "POST", path: string, headers: Readonly<Record<string, string>>) => ClientRequest;
  /** Lets go of all connections. */
  readonly release: () => void;
}

export class RequestLink implements Link, SentCallHost {
  readonly peer: Peer;
  /** What is sent waits for credit, which comes back as the system takes it. */
  readonly congested = false;
  readonly writer = new FrameWriter();
  readonly queue: RequestQueue;
  /** Of bodies of frames, as the server has it. */
  pace: Pace = NO_PACE;
  readonly #aside = new RequestQueue(MOST_ASIDE);
  readonly #options: RequestLinkOptions;
  readonly #calls = new Map<number, SentCall>();
  #receiver: LinkReceiver | undefined;
  #over = false;
  #closing = false;
  /** Under way. */
  #cancels = 0;
  #hello = "";
  #streamWindow = 0;
  #instance = "";
  #lastStream = 0;
  #draining = false;
  /** By the numbers of the greeting. */
  #methods: (RemoteMethod & { readonly path: string })[] = [];
  /** Of all streams together: what the session has granted. */
  credit = new SendCredit(0);

  constructor(options: RequestLinkOptions) {
    this.peer = options.peer;
    this.#options = options;
    this.queue = new RequestQueue(options.mostCalls);
  }

  get address(): string {
    return this.#options.address;
  }

  get maxFrameBytes(): number {
    return this.#options.maxFrameBytes;
  }

  get streamWindow(): number {
    return this.#streamWindow;
  }

  open(receiver: LinkReceiver): void {
    this.#receiver = receiver;
  }

  send(frame: Uint8Array): void {
    if (this.#over) return;
    if (this.#hello === "") return this.#begin(frame);
    const kind = (frame[0] ?? 0) & KIND_MASK;
    if (kind === Kind.CALL || kind === Kind.SETTLE) return this.#call(frame);
    const reader = new FrameReader(frame);
    reader.u8();
    const first = reader.varint();
    switch (kind) {
      case Kind.ITEM:
        return this.#calls.get(first)?.element(frame);
      case Kind.END:
        return this.#calls.get(first)?.end(frame);
      case Kind.CANCEL:
        return this.#cancel(first, frame);
      case Kind.CREDIT:
        return this.#granted(first, reader.varint());
      case Kind.PING:
        return this.#greet(() => this.deliver(writeNumbers(this.writer, Kind.PONG, first)));
    }
  }

  pause(): void {}

  resume(): void {}

  close(): void {
    this.#closing = true;
    this.#endIfClosed();
  }

  abort(cause?: Error): void {
    this.#end(cause ?? new Error(`${this.peer.address}: the link was aborted on this side`));
  }

  request(method: "GET" | "POST", path: string, headers: Readonly<Record<string, string>>): ClientRequest {
    return this.#options.request(method, path, { [HELLO]: this.#hello, [INSTANCE]: this.#instance, ...headers });
  }

  /** To the session, not within a call of its own. */
  deliver(frame: Uint8Array): void {
    if (!this.#over) this.#receiver?.frame(frame);
  }

  gone(stream: number): void {
    this.#calls.delete(stream);
  }

  lost(stream: number, cause: Error): void {
    const receiver = this.#receiver;
    if (receiver?.lost === undefined) return this.#broke(cause);
    this.drain(cause.message);
    if (!this.#over) receiver.lost(stream, cause);
  }

  drain(why: string): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#takeNoMore(why);
  }

  #broke(cause: Error): void {
    this.#takeNoMore(cause.message);
    this.#end(cause);
  }

  /** Calls that wait for a connection, which are those that came last, go elsewhere with all that come. */
  #takeNoMore(why: string): void {
    // Before the greeting there are no calls.
    if (this.#instance === "") return;
    const waiting = [...this.#calls].filter(([, call]) => !call.begun);
    for (const [, call] of waiting) call.cancel();
    const lastStream = waiting.reduce((last, [stream]) => Math.min(last, stream - 1), this.#lastStream);
    this.deliver(writeGoaway(this.writer, { lastStream, code: "UNAVAILABLE", message: why }));
  }

  #begin(hello: Uint8Array): void {
    const { streamWindowBytes, connectionWindowBytes } = readHello(hello);
    this.#hello = toText(hello);
    this.#streamWindow = streamWindowBytes;
    this.credit = new SendCredit(connectionWindowBytes);
    this.#greet((frame) => {
      let welcome: Welcome | undefined;
      try {
        welcome = readWelcome(frame);
      } catch {
        // The session says what is wrong with it.
      }
      if (welcome !== undefined) {
        this.#instance = toText(welcome.instanceId);
        this.#methods = [...welcome.methods].map(([path, method]) => ({ ...method, path }));
      }
      this.deliver(frame);
    });
  }

  /** Asks the server who it is, which it answers if it lives. */
  #greet(greeted: (frame: Uint8Array) => void): void {
    this.#aside.add(() => (this.#over ? undefined : this.#greeting(greeted)));
  }

  #greeting(greeted: (frame: Uint8Array) => void): ClientRequest {
    const request = this.request("POST", "/", { "content-length": "0", accept: `${FRAMES_TYPE}, ${ERROR_TYPE}` });
    request.on("error", (error) => this.#broke(foreign(this.address, error)));
    request.on("response", (response) => {
      readWhole(response, this.maxFrameBytes).then(
        (body) => {
          const type = response.headers["content-type"];
          if (response.statusCode === 200 && type === FRAMES_TYPE) {
            this.pace = toldPace(response.headers);
            greeted(body);
          } else this.#broke(unfit(this.address, response, type === ERROR_TYPE ? body : undefined));
        },
        (error: Error) => this.#broke(foreign(this.address, error)),
      );
    });
    return request.end();
  }

  #call(frame: Uint8Array): void {
    const framed = readHead(frame);
    const { stream, method } = framed.head;
    this.#lastStream = Math.max(this.#lastStream, stream);
    const remote = this.#methods[method];
    const refusal = remote === undefined ? undefined : refusalOf(remote.path, remote.kind, framed);
    if (remote === undefined || refusal !== undefined) {
      const error = new RpcError({ code: "UNIMPLEMENTED", message: refusal ?? `the server has no method ${method}` });
      const answer = writePayload(this.writer, Kind.ERROR, stream, errorBody(ownFailure(error, "no")));
      return process.nextTick(() => this.deliver(answer));
    }
    const { path, kind, semantics } = remote;
    const sent = new SentCall(this, { ...framed, path: `/${path}`, uploads: kind === "clientStream", streams: kind === "serverStream", cacheable: semantics === "readonly" && kind === "unary", guarded: isGuarded(semantics) });
    this.#calls.set(stream, sent);
    sent.enqueue();
  }

  /** Who is just gone does not cancel a guarded call: that is said by a request of its own, before the call's ends. */
  #cancel(stream: number, frame: Uint8Array): void {
    const call = this.#calls.get(stream);
    if (call === undefined || !call.guarded || !call.begun) return call?.cancel();
    this.#cancels += 1;
    const left = (): void => {
      call.cancel();
      this.#cancels -= 1;
      this.#endIfClosed();
    };
    this.#aside.add(() => {
      if (this.#over) return undefined;
      const request = this.request("POST", "/", { [HEAD]: toText(frame), [CANCELLED]: call.head, "content-length": "0" });
      request.on("error", () => {}).on("response", leaveAnswer).on("close", left);
      return request.end();
    });
  }

  #endIfClosed(): void {
    if (this.#closing && this.#cancels === 0) this.#end(undefined);
  }

  #granted(stream: number, bytes: number): void {
    process.nextTick(() => {
      if (stream !== 0) return this.#calls.get(stream)?.granted(bytes);
      this.credit.grant(bytes);
      for (const call of [...this.#calls.values()]) call.granted(0);
    });
  }

  #end(cause: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    for (const call of this.#calls.values()) call.cancel();
    this.#calls.clear();
    this.#options.release();
    process.nextTick(() => this.#receiver?.closed(cause));
  }
}

/** Why a request of HTTP cannot carry the call. */
function refusalOf(path: string, kind: string | undefined, { head }: FramedHead): string | undefined {
  if (kind === "duplex") return `${path} sends and answers elements at the same time, which a request of HTTP cannot; use ws:, h2: or tcp:`;
  if ((head as CallHead).session !== undefined) return `${path} is @failStop, and belongs to a session, which single requests cannot keep; use ws:, h2: or tcp:`;
  return undefined;
}

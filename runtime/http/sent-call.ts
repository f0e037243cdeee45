/** A call on its way as a request of HTTP, and its answer as frames. */
import type { ClientRequest, IncomingMessage } from "node:http";
import { LONGEST_DELAY_MS } from "../rpc/clock.js";
import { RpcError } from "../rpc/errors.js";
import type { FrameWriter } from "../rpc/frame-writer.js";
import { ownFailure } from "../rpc/protocol/failure.js";
import { SendCredit } from "../rpc/protocol/flow-control.js";
import { errorBody, Kind, writeNumbers, writePayload, type CallHead } from "../rpc/protocol/frame.js";
import { FrameSplitter } from "../transport/links/frame-splitter.js";
import { leaveAnswer, readWhole } from "./answer-body.js";
import { BodyPulse, BodyWatch, type Pace } from "./body-pulse.js";
import { BINARY_TYPE } from "./encoding.js";
import { ERROR_TYPE, FRAMES_TYPE, HEAD, headersOf, MISDIRECTED, prefixed, toText, type FramedHead } from "./framed-call.js";
import { costOf, HeldFrames, kindWithin } from "./held-frames.js";
import type { RequestQueue } from "./request-queue.js";
import { foreign, foreignAnswer, TURNED_AWAY } from "./unfit.js";

/** Parameters of up to so many bytes go into the query, as 4,096 characters: proxies take lines of 8 KiB, other headers apart. */
const MOST_QUERY_BYTES = 3_072;
/** A request whose call is over by its deadline is left so much later, in milliseconds: till then the server's own answer may end it in order. */
const LEFT_MS = 5_000;
const ANOTHER = "another instance of the server answers";

/** The link. */
export interface SentCallHost {
  readonly address: string;
  readonly maxFrameBytes: number;
  readonly streamWindow: number;
  readonly pace: Pace;
  readonly credit: SendCredit;
  readonly writer: FrameWriter;
  /** Where calls wait for a connection. */
  readonly queue: RequestQueue;
  request(method: "GET" | "POST", path: string, headers: Readonly<Record<string, string>>): ClientRequest;
  deliver(frame: Uint8Array): void;
  gone(stream: number): void;
  /** Nobody knows what became of the call. */
  lost(stream: number, cause: Error): void;
  /** Begins nothing more, for another link may be better; what is under way goes on. */
  drain(why: string): void;
}

export interface SentCallOptions extends FramedHead {
  readonly payload: Uint8Array;
  /** Behind the prefix of the address. */
  readonly path: string;
  /** Whether its requests come one by one. */
  readonly uploads: boolean;
  /** Whether its responses do. */
  readonly streams: boolean;
  /** Whether caches on the way may answer it. */
  readonly cacheable: boolean;
  /** Whether it runs on where its caller is gone. */
  readonly guarded: boolean;
}

export class SentCall {
  readonly #host: SentCallHost;
  readonly #stream: number;
  readonly #options: SentCallOptions;
  readonly #madeAt = performance.now();
  readonly guarded: boolean;
  /** Undefined while it waits for a connection. */
  #request: ClientRequest | undefined;
  /** What was sent meanwhile; credit bounds it. */
  #early: ((request: ClientRequest) => void)[] = [];
  /** It has, or had, a connection: some of it may have been sent. */
  #connected = false;
  #leaveQueue = (): void => {};
  #head = "";
  #left: NodeJS.Timeout | undefined;
  #answered: HeldFrames | undefined;
  #pulse: BodyPulse | undefined;
  #watch: BodyWatch | undefined;
  #over = false;

  constructor(host: SentCallHost, options: SentCallOptions) {
    this.#host = host;
    this.#options = options;
    this.#stream = options.head.stream;
    this.guarded = options.guarded;
    const { remainingMs = 0 } = options.head as Partial<CallHead>;
    if (remainingMs > 0) this.#left = setTimeout(() => this.cancel(), Math.min(remainingMs + LEFT_MS, LONGEST_DELAY_MS)).unref();
  }

  /** Sends it as soon as there is a connection for it. */
  enqueue(): void {
    this.#leaveQueue = this.#host.queue.add(() => this.#start());
  }

  /** Whether anything may have been sent of it. */
  get begun(): boolean {
    return this.#request !== undefined;
  }

  /** Whether it is a question what became of a call, of which its own failure says nothing. */
  get #asks(): boolean {
    return this.#options.kind === Kind.SETTLE;
  }

  /** As it was sent. */
  get head(): string {
    return this.#head;
  }

  /** One of the requests. The credit that it cost comes back when the system has taken it. */
  element(frame: Uint8Array): void {
    const cost = costOf(frame);
    this.#send((request) => {
      this.#pulse?.beat();
      request.write(prefixed(frame), (error) => {
        if (error !== undefined && error !== null) return;
        this.#host.deliver(writeNumbers(this.#host.writer, Kind.CREDIT, this.#stream, cost));
        this.#host.deliver(writeNumbers(this.#host.writer, Kind.CREDIT, 0, cost));
      });
    });
  }

  /** There are no more requests. */
  end(frame: Uint8Array): void {
    this.#send((request) => request.end(prefixed(frame)));
  }

  /** Nobody waits for the answer. */
  cancel(): void {
    if (this.#over) return;
    this.#finish();
    this.#request?.destroy();
  }

  granted(bytes: number): void {
    if (bytes > 0) this.#answered?.grant(bytes);
    else this.#answered?.release();
  }

  /** Undefined for a call whose time is over, for which nobody waits. */
  #start(): ClientRequest | undefined {
    const options = this.#options;
    const waitedMs = Math.floor(performance.now() - this.#madeAt);
    const head = { ...options.head, ageMs: options.head.ageMs + waitedMs };
    if ("remainingMs" in head && head.remainingMs > 0) {
      head.remainingMs -= waitedMs;
      if (head.remainingMs <= 0) return void this.#finish();
    }
    const request = this.#begin({ ...options, head });
    this.#request = request;
    request.on("error", (error) => this.#failed(error));
    request.once("socket", () => (this.#connected = true));
    // Of an answer that would have the connection for another protocol, Node tells nothing but the end.
    const unanswered = (): void => this.#failed(new Error("the connection was closed without an answer"));
    request.once("close", unanswered);
    request.on("response", (response) => {
      request.off("close", unanswered);
      this.#answer(response);
    });
    const { pace } = this.#host;
    if (options.uploads) this.#pulse = new BodyPulse(pace, () => request);
    if (options.streams) request.once("socket", () => (this.#watch = new BodyWatch(pace, (why) => this.#silent(why))));
    for (const send of this.#early) send(request);
    this.#early = [];
    return request;
  }

  #send(send: (request: ClientRequest) => void): void {
    if (this.#request === undefined) this.#early.push(send);
    else send(this.#request);
  }

  #begin(options: SentCallOptions): ClientRequest {
    const { payload, path, uploads, cacheable } = options;
    const own = headersOf(options);
    this.#head = own[HEAD] ?? "";
    const headers = { ...own, accept: `${BINARY_TYPE}, ${FRAMES_TYPE}, ${ERROR_TYPE}` };
    if (cacheable && payload.length <= MOST_QUERY_BYTES) {
      const request = this.#host.request("GET", `${path}?encoding=x-rpcgen&message=${toText(payload)}`, headers);
      request.end();
      return request;
    }
    if (uploads) {
      const request = this.#host.request("POST", path, { ...headers, "content-type": FRAMES_TYPE });
      request.flushHeaders();
      return request;
    }
    const request = this.#host.request("POST", path, { ...headers, "content-type": BINARY_TYPE, "content-length": String(payload.length) });
    request.end(payload);
    return request;
  }

  #answer(response: IncomingMessage): void {
    const { statusCode = 0, headers } = response;
    const type = headers["content-type"];
    if (statusCode === 200 && type === FRAMES_TYPE) return this.#frames(response);
    if (statusCode === 200 && type === BINARY_TYPE) return this.#whole(response, Kind.REPLY);
    if (type === ERROR_TYPE) return this.#whole(response, Kind.ERROR);
    leaveAnswer(response);
    const why = `${this.#host.address}: ${foreignAnswer(response)}`;
    const code = TURNED_AWAY[statusCode];
    if (code === undefined) return this.#broke(new Error(why));
    // Whoever is told to come again later may; nobody else is answered otherwise by asking again.
    const seconds = Number(headers["retry-after"]);
    const retryAfterMs = statusCode !== 429 ? -1 : seconds >= 0 ? seconds * 1_000 : undefined;
    this.#deliverLast(this.#refusal(new RpcError({ code, message: why, retryAfterMs })));
  }

  #whole(response: IncomingMessage, kind: number): void {
    const misdirected = response.statusCode === MISDIRECTED;
    readWhole(response, this.#host.maxFrameBytes).then(
      (body) => {
        if (misdirected && this.#asks) return this.#broke(new Error(`${this.#host.address}: ${ANOTHER}`));
        this.#deliverLast(writePayload(this.#host.writer, kind, this.#stream, body));
        if (misdirected) this.#host.drain(ANOTHER);
      },
      (error: Error) => this.#broke(foreign(this.#host.address, error)),
    );
  }

  #frames(response: IncomingMessage): void {
    let ended = false;
    const broken = (why: string): void => {
      response.destroy();
      this.#broke(new Error(`${this.#host.address}: ${why}`));
    };
    const held = new HeldFrames(new SendCredit(this.#host.streamWindow), this.#host.credit, response, (frame) => {
      if (frame[0] === Kind.ITEM) this.#host.deliver(frame);
      else {
        this.#deliverLast(frame);
        leaveAnswer(response);
      }
    });
    this.#answered = held;
    const splitter = new FrameSplitter(this.#host.maxFrameBytes, {
      frame: (frame) => {
        const kind = kindWithin(frame, this.#stream);
        if (kind === Kind.PING || ended) return;
        const last = kind === Kind.END || kind === Kind.ERROR;
        if (kind !== Kind.ITEM && !last) return broken("the answer holds a frame that is none of the call");
        ended ||= last;
        held.push(frame);
      },
      goodbye: () => broken("the answer holds an empty frame"),
      tooLong: (bytes) => broken(`the answer announces a frame of ${bytes} bytes, and the limit is ${this.#host.maxFrameBytes}`),
    });
    response.on("data", (chunk: Uint8Array) => splitter.push(chunk));
    this.#watch?.of(response);
    response.on("error", () => {});
    response.on("close", () => {
      if (!ended) broken("the answer was broken off");
    });
  }

  #deliverLast(frame: Uint8Array): void {
    if (this.#over) return;
    this.#finish();
    this.#host.deliver(frame);
  }

  #failed(error: Error): void {
    if (this.#over) return;
    const cause = foreign(this.#host.address, error);
    if (this.#connected || this.#asks) return this.#broke(cause);
    // Without a connection nothing was sent, and other calls may still have theirs.
    this.#deliverLast(this.#refusal(new RpcError({ code: "UNAVAILABLE", message: cause.message })));
    this.#host.drain(cause.message);
  }

  /** Of a call that has not run, or a question that was not put. */
  #refusal(error: RpcError): Uint8Array {
    return writePayload(this.#host.writer, Kind.ERROR, this.#stream, errorBody(ownFailure(error, this.#asks ? "unknown" : "no")));
  }

  #silent(why: string): void {
    const request = this.#request;
    this.#broke(new Error(`${this.#host.address}: ${why}`));
    request?.destroy();
  }

  #broke(cause: Error): void {
    if (this.#over) return;
    this.#finish();
    this.#host.lost(this.#stream, cause);
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#left);
    this.#pulse?.stop();
    this.#watch?.stop();
    this.#leaveQueue();
    // A stream of requests may be answered before its end.
    if (this.#request?.writableEnded === false) this.#request.destroy();
    this.#host.gone(this.#stream);
  }
}

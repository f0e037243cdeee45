/**
 * A request of our own client, as the server's session sees it: a link that brings a greeting and one call, and takes its
 * answer. So nothing is let in here that is not let in elsewhere.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { RpcError } from "../rpc/errors.js";
import { FrameReader } from "../rpc/frame-reader.js";
import { FrameWriter } from "../rpc/frame-writer.js";
import { SendCredit } from "../rpc/protocol/flow-control.js";
import { Kind, KIND_MASK, readError, readGoaway, writeNumbers } from "../rpc/protocol/frame.js";
import { readWelcome, type Welcome } from "../rpc/protocol/handshake.js";
import { FrameSplitter } from "../transport/links/frame-splitter.js";
import type { Link, LinkReceiver, Peer } from "../transport/transport.js";
import type { AnswerHead } from "./answer.js";
import { BodyPulse, BodyWatch, tellPace, type Pace } from "./body-pulse.js";
import { errorAnswer, errorHead } from "./error-answer.js";
import { Refusal } from "./failure.js";
import { FRAMES_TYPE, MISDIRECTED, prefixed, toText, type ReceivedCall } from "./framed-call.js";
import { costOf, HeldFrames, kindWithin } from "./held-frames.js";

export interface CallLinkOptions {
  readonly peer: Peer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly hello: Uint8Array;
  /** Undefined for a mere greeting. */
  readonly call: ReceivedCall | undefined;
  /** The method of the path. */
  readonly path: string;
  /** By the name that the caller has for it. */
  readonly instance: string | undefined;
  /** Undefined where the requests are a stream: they stand in the body. */
  readonly payload: Uint8Array | undefined;
  readonly maxFrameBytes: number;
  /** Of a body of frames, in either direction. */
  readonly pace: Pace;
  /** Whether the responses are a stream. */
  readonly streams: boolean;
  /** Answers with a whole, and ends the response. */
  readonly answer: (head: AnswerHead, body: Uint8Array | undefined) => void;
  /** How a REPLY is answered. */
  readonly reply: (payload: Uint8Array) => void;
}

export class CallLink implements Link {
  readonly peer: Peer;
  /** What the client may not have read is bounded by the credit, which comes back as it reads. */
  readonly congested = false;
  readonly #options: CallLinkOptions;
  readonly #writer = new FrameWriter();
  #receiver: LinkReceiver | undefined;
  #over = false;
  #requests: HeldFrames | undefined;
  #connection: SendCredit | undefined;
  #pulse: BodyPulse | undefined;
  #watch: BodyWatch | undefined;

  constructor(options: CallLinkOptions) {
    this.peer = options.peer;
    this.#options = options;
    options.response.once("close", () => {
      if (!options.response.writableFinished) this.#end(new Error(`${this.peer.address}: the request was broken off`));
    });
  }

  open(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    this.#soon(() => receiver.frame(this.#options.hello));
  }

  send(frame: Uint8Array): void {
    if (this.#over) return;
    if (this.#connection === undefined) return this.#welcomed(frame);
    const reader = new FrameReader(frame);
    const kind = reader.u8() & KIND_MASK;
    if (kind === Kind.GOAWAY) return this.#takesNoMore(reader);
    const first = reader.varint();
    switch (kind) {
      case Kind.REPLY:
        return this.#done(() => this.#options.reply(reader.rest()));
      case Kind.ERROR:
        return this.#failed(frame, reader.rest());
      case Kind.ITEM:
        return this.#element(frame, first);
      case Kind.END:
        return this.#done(() => void this.#body().end(prefixed(frame)));
      case Kind.CANCEL:
        return this.#requests?.stop();
      case Kind.CREDIT:
        return this.#granted(first, reader.varint());
      case Kind.PING:
        // Of a caller that is gone, the connection tells.
        return this.#soon(() => this.#receiver?.frame(writeNumbers(this.#writer, Kind.PONG, first)));
    }
  }

  pause(): void {}

  resume(): void {}

  close(): void {
    // What was begun has been answered; what was not is told so.
    this.#done(() => this.#refuse(new RpcError({ code: "UNAVAILABLE", message: "the server is closing", executed: "no" })));
  }

  /** Its caller has cancelled the call, by another request. */
  cancel(frame: Uint8Array): void {
    this.#soon(() => this.#receiver?.frame(frame));
  }

  abort(cause?: Error): void {
    this.#options.response.destroy();
    this.#end(cause ?? new Error(`${this.peer.address}: the link was aborted on this side`));
  }

  /** The answer to the greeting: of a call, it is only looked at. */
  #welcomed(frame: Uint8Array): void {
    const { call } = this.#options;
    this.#connection = new SendCredit(0);
    if (call === undefined) return this.#done(() => this.#options.answer({ status: 200, headers: { "content-type": FRAMES_TYPE, "cache-control": "no-store", ...tellPace(this.#options.pace) } }, frame));
    try {
      this.#check(readWelcome(frame), call);
    } catch (error) {
      return this.#done(() => this.#refuse(error));
    }
    this.#soon(() => {
      this.#receiver?.frame(call.frame(this.#options.payload ?? new Uint8Array()));
      if (this.#options.payload === undefined) this.#read();
      if (this.#options.streams && !this.#over) this.#pulse = new BodyPulse(this.#options.pace, () => this.#body());
    });
  }

  /** @throws Refusal if the call is not for this server, or not what its path says. */
  #check(welcome: Welcome, { head, kind }: ReceivedCall): void {
    const { instance, path } = this.#options;
    const here = toText(welcome.instanceId);
    if (instance !== here) throw new Refusal(MISDIRECTED, "UNAVAILABLE", "the call is for another instance of the server, which was restarted, or is one of several");
    if (welcome.methods.get(path)?.number !== head.method) throw new Refusal(400, "INVALID_ARGUMENT", `the head of the call names another method than ${path}`);
    if (kind === Kind.CALL) {
      this.#connection = new SendCredit(welcome.connectionWindowBytes);
      this.#requests = new HeldFrames(new SendCredit(welcome.streamWindowBytes), this.#connection, this.#options.request, (frame) => this.#receiver?.frame(frame));
    }
  }

  #read(): void {
    const { request, maxFrameBytes } = this.#options;
    const { stream } = this.#options.call?.head ?? { stream: 0 };
    let ended = false;
    const broken = (why: string): void => {
      this.#options.response.destroy();
      this.#end(new Error(`${this.peer.address}: ${why}`));
    };
    this.#watch = new BodyWatch(this.#options.pace, broken);
    const splitter = new FrameSplitter(maxFrameBytes, {
      frame: (frame) => {
        const kind = kindWithin(frame, stream);
        if (kind === Kind.PING) return;
        if (kind !== Kind.ITEM && kind !== Kind.END) return broken("the body holds a frame that is no element of the call");
        ended ||= kind === Kind.END;
        this.#requests?.push(frame);
      },
      goodbye: () => broken("the body holds an empty frame"),
      tooLong: (bytes) => broken(`the body announces a frame of ${bytes} bytes, and the limit is ${maxFrameBytes}`),
    });
    if (request.headers.expect !== undefined) this.#options.response.writeContinue();
    request.on("data", (chunk: Uint8Array) => splitter.push(chunk));
    this.#watch.of(request);
    request.once("end", () => {
      if (!ended && !this.#over) broken("the body ended before the stream of requests did");
    });
  }

  #granted(stream: number, bytes: number): void {
    this.#soon(() => {
      if (stream !== 0) return this.#requests?.grant(bytes);
      this.#connection?.grant(bytes);
      this.#requests?.release();
    });
  }

  /** The credit that it cost comes back when the system has taken it. */
  #element(frame: Uint8Array, stream: number): void {
    const cost = costOf(frame);
    this.#pulse?.beat();
    this.#body().write(prefixed(frame), (error) => {
      if (error !== undefined && error !== null) return;
      this.#receiver?.frame(writeNumbers(this.#writer, Kind.CREDIT, stream, cost));
      this.#receiver?.frame(writeNumbers(this.#writer, Kind.CREDIT, 0, cost));
    });
  }

  /** The response, whose body is frames. */
  #body(): ServerResponse {
    const { response } = this.#options;
    // Nginx holds answers back unless it is told not to.
    if (!response.headersSent) response.writeHead(200, { "content-type": FRAMES_TYPE, "cache-control": "no-store", "x-accel-buffering": "no" });
    return response;
  }

  #failed(frame: Uint8Array, body: Uint8Array): void {
    this.#done(() => {
      if (this.#options.response.headersSent) return void this.#options.response.end(prefixed(frame));
      this.#options.answer(errorHead(readError(new FrameReader(body))), body);
    });
  }

  #takesNoMore(reader: FrameReader): void {
    const { lastStream, code, message } = readGoaway(reader);
    const begun = lastStream >= (this.#options.call?.head.stream ?? 0);
    // What was begun goes on, unless the frames made no sense.
    if (!begun || code !== "UNAVAILABLE") this.#done(() => this.#refuse(new RpcError({ code, message, executed: begun ? "unknown" : "no" })));
  }

  #refuse(error: unknown): void {
    const { response, answer, call } = this.#options;
    if (response.headersSent) return void response.destroy();
    const { head, body } = errorAnswer(error, call?.kind === Kind.SETTLE);
    answer(head, body);
  }

  /** Answers, which is the last thing that is done. */
  #done(answer: () => void): void {
    if (this.#over) return;
    this.#requests?.stop();
    this.#pulse?.stop();
    answer();
    this.#end(undefined);
  }

  #end(cause: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#requests?.stop();
    this.#pulse?.stop();
    this.#watch?.stop();
    process.nextTick(() => this.#receiver?.closed(cause));
  }

  /** Not within a call to this link. */
  #soon(run: () => void): void {
    process.nextTick(() => {
      if (!this.#over) run();
    });
  }
}

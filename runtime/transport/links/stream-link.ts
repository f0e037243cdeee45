/** A link over a byte stream of Node: TCP, TLS and Unix sockets, and whatever else is a Duplex with a timeout. */
import type { Duplex } from "node:stream";
import type { Link, LinkReceiver, Peer } from "../transport.js";
import { describeFailure, type Remedies } from "./failure.js";
import { FrameBatch } from "./frame-batch.js";
import { FrameSplitter } from "./frame-splitter.js";

/** A link is congested while more than this many bytes wait in it, until all of them are written. */
const CONGESTED_BYTES = 64 * 1024;

/** How long a closed link waits for a peer that neither reads nor says goodbye before it is destroyed, in milliseconds. */
const LINGER_MS = 10_000;

/** What the errors of an open connection mean. */
const REMEDIES = {
  ECONNRESET: "the peer broke the connection off",
  EPIPE: "the peer broke the connection off",
  ECONNABORTED: "the connection was broken off on this host",
  ETIMEDOUT: "the peer does not answer any more; it or the network in between is gone",
  EHOSTUNREACH: "the peer's host cannot be reached any more",
  ENETUNREACH: "the peer's network cannot be reached any more",
};

/** What `net.Socket` and the streams of HTTP/2 are: the timeout counts from the last byte that moved in either direction. */
export type IdleAwareDuplex = Duplex & { setTimeout(ms: number, expired: () => void): unknown };

export interface StreamLinkOptions {
  readonly peer: Peer;
  readonly maxFrameBytes: number;
  /** Ends the stream now, so that the peer notices; called more than once perhaps. */
  readonly destroy: () => void;
  /** What the stream's errors mean, where it has others than those of the system. */
  readonly remedies?: Remedies | undefined;
  /** What it means that the stream ended without a goodbye, where that can be told. */
  readonly ended?: (() => string) | undefined;
}

export class StreamLink implements Link {
  readonly peer: Peer;
  readonly inPieces = true;
  readonly #stream: IdleAwareDuplex;
  readonly #destroy: () => void;
  readonly #batch: FrameBatch;
  readonly #splitter: FrameSplitter;
  #receiver: LinkReceiver | undefined;
  #congested = false;
  /** "closing": the owner has closed and waits for the peer's goodbye. "over": the end is certain, and reported as soon as there is a receiver. */
  #state: "open" | "closing" | "over" = "open";
  #cause: Error | undefined;

  /** Takes a connected stream made with `allowHalfOpen`: its writing side must not end on its own before the goodbye is written. */
  constructor(stream: IdleAwareDuplex, options: StreamLinkOptions) {
    this.peer = options.peer;
    this.#stream = stream;
    this.#destroy = options.destroy;
    this.#batch = new FrameBatch(stream, () => this.#relieve());
    this.#splitter = new FrameSplitter(options.maxFrameBytes, {
      frame: (bytes) => {
        if (this.#state === "open") this.#receiver?.frame(bytes);
      },
      goodbye: () => this.#peerClosed(),
      tooLong: (bytes) =>
        this.#fail(`the peer announced a frame of ${bytes} bytes, and the limit is ${options.maxFrameBytes}${hintOf(bytes)}`),
    });
    const remedies = { ...REMEDIES, ...options.remedies };
    stream.on("error", (error) => this.#breakOff(describeFailure(this.peer.address, error, remedies)));
    const ended = options.ended ?? ((): string => "the connection ended without a goodbye; the peer's process may have died");
    stream.on("end", () => this.#fail(ended()));
    stream.on("close", () => this.#fail("the connection was closed"));
    stream.on("drain", () => this.#relieve());
  }

  get congested(): boolean {
    return this.#congested;
  }

  open(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    if (this.#state === "over") this.#report();
    else this.#read();
  }

  send(frame: Uint8Array): void {
    if (this.#state !== "open") return;
    if (frame.length === 0) {
      this.#fail("an empty frame was sent; the peer would read it as a goodbye");
      return;
    }
    this.#batch.add(frame);
    if (this.#waitingBytes() > CONGESTED_BYTES) this.#congested = true;
  }

  sendInParts(head: Uint8Array, body: Uint8Array): void {
    if (this.#state !== "open") return;
    this.#batch.add(head, body);
    if (this.#waitingBytes() > CONGESTED_BYTES) this.#congested = true;
  }

  pause(): void {
    if (this.#state === "open") this.#stream.pause();
  }

  resume(): void {
    if (this.#state === "open") this.#stream.resume();
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    // Reading goes on, although nothing is delivered: a socket closed over unread bytes is reset, and the peer would lose what it has not read yet.
    this.#read();
    this.#stream.resume();
    this.#sayGoodbye();
  }

  abort(cause?: Error): void {
    this.#breakOff(cause ?? new Error(`${this.peer.address}: the link was aborted on this side`));
    this.#destroy();
  }

  #read(): void {
    if (this.#stream.listenerCount("data") > 0) return;
    this.#stream.on("data", (chunk: Uint8Array) => {
      if (this.#state === "over") this.#destroy();
      else this.#splitter.push(chunk);
    });
  }

  #waitingBytes(): number {
    return this.#batch.bytes + this.#stream.writableLength;
  }

  /** Ends the congestion when nothing stands in the way. Asked after each flush too, for a stream below its own mark emits no "drain". */
  #relieve(): void {
    if (!this.#congested || this.#stream.writableNeedDrain || this.#waitingBytes() > CONGESTED_BYTES) return;
    this.#congested = false;
    if (this.#state === "open") this.#receiver?.drained();
  }

  #sayGoodbye(): void {
    this.#batch.end();
    this.#stream.setTimeout(LINGER_MS, () => {
      this.#fail(`the peer did not answer the goodbye within ${LINGER_MS / 1000} s`);
      this.#destroy();
    });
  }

  /** The peer reads nothing more: what is still gathered here is dropped, and the answer to its goodbye ends the stream. */
  #peerClosed(): void {
    if (this.#state === "open") {
      this.#batch.drop();
      this.#sayGoodbye();
    }
    this.#end(undefined);
  }

  #fail(sentence: string): void {
    this.#breakOff(new Error(`${this.peer.address}: ${sentence}`));
  }

  #breakOff(cause: Error): void {
    if (this.#state === "over") return;
    this.#batch.drop();
    this.#end(cause);
    this.#destroy();
  }

  #end(cause: Error | undefined): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#cause = cause;
    this.#splitter.stop();
    if (this.#receiver !== undefined) this.#report();
  }

  /** Always later, so that no caller of a link's method is told of the end while it is still inside. */
  #report(): void {
    const receiver = this.#receiver;
    process.nextTick(() => receiver?.closed(this.#cause));
  }
}

/** The length of a frame is no text, but a text is read as a length by who expects one. */
function hintOf(length: number): string {
  const text = String.fromCharCode(length & 0xff, (length >>> 8) & 0xff, (length >>> 16) & 0xff, length >>> 24);
  return /^[\t\n\r -~]{4}$/.test(text) ? `; or is it text that the program printed, beginning with ${JSON.stringify(text)}?` : "";
}

/** A link over a WebSocket. Its binary messages, joined, are a stream of frames behind their lengths; the close handshake is the goodbye. */
import { FrameSplitter } from "../links/frame-splitter.js";
import { MessageBatch } from "../links/message-batch.js";
import type { Link, LinkReceiver, Peer } from "../transport.js";
import { CloseCode, explainClose, type WebSocketLike } from "./web-socket.js";

/** A link is congested while more than this many bytes wait in it, until no more do. */
const CONGESTED_BYTES = 64 * 1024;

/** How long a closed link waits for a peer that does not answer the close, in milliseconds. */
const LINGER_MS = 10_000;

/** How often a congested socket of a browser is asked, for it does not tell by itself, in milliseconds. */
const ASK_MS = 4;

export interface WebSocketLinkOptions {
  readonly peer: Peer;
  readonly maxFrameBytes: number;
  /** Runs it at the end of the tick. Default: as a microtask. */
  readonly soon?: ((run: () => void) => void) | undefined;
}

export class WebSocketLink implements Link {
  readonly peer: Peer;
  readonly inPieces = true;
  readonly #socket: WebSocketLike;
  readonly #soon: (run: () => void) => void;
  readonly #batch = new MessageBatch();
  readonly #splitter: FrameSplitter;
  #receiver: LinkReceiver | undefined;
  /** Messages that came before the receiver, or while the link was paused. */
  #held: Uint8Array[] = [];
  #heldEnd: (() => void) | undefined;
  #paused = false;
  #flushDue = false;
  #congested = false;
  #asking = false;
  #state: "open" | "closing" | "over" = "open";
  #cause: Error | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  /** Takes a socket that is open. */
  constructor(socket: WebSocketLike, options: WebSocketLinkOptions) {
    this.peer = options.peer;
    this.#socket = socket;
    this.#soon = options.soon ?? ((run) => queueMicrotask(run));
    this.#splitter = new FrameSplitter(options.maxFrameBytes, {
      frame: (bytes) => {
        if (this.#state === "open") this.#receiver?.frame(bytes);
      },
      goodbye: () => this.#fail("the peer sent a frame of 0 bytes"),
      tooLong: (bytes) =>
        this.#fail(`the peer announced a frame of ${bytes} bytes, and the limit is ${options.maxFrameBytes}`),
    });
    let error: string | undefined;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#take(data);
    socket.onerror = ({ message }) => void (error ??= message);
    socket.onclose = ({ code, reason }) => {
      const end = (): void => this.#closed(code, error ?? reason);
      if (this.#held.length > 0 && this.#state === "open") this.#heldEnd = end;
      else end();
    };
  }

  get congested(): boolean {
    return this.#congested;
  }

  open(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    if (this.#state === "over") this.#report();
    else this.#release();
  }

  send(frame: Uint8Array): void {
    if (this.#state !== "open") return;
    if (frame.length === 0) return this.#fail("an empty frame was sent, which streams cannot carry");
    this.#batch.add(frame);
    if (this.#batch.bytes + this.#socket.bufferedAmount > CONGESTED_BYTES) this.#congested = true;
    if (this.#flushDue) return;
    this.#flushDue = true;
    this.#soon(() => {
      this.#flushDue = false;
      if (this.#state === "open") this.#flush();
    });
  }

  /** Where the socket cannot pause, messages are held back here: what bounds them is the credit that the sender has. */
  pause(): void {
    if (this.#state !== "open") return;
    this.#paused = true;
    this.#socket.pause?.();
  }

  resume(): void {
    if (this.#state !== "open") return;
    this.#paused = false;
    this.#socket.resume?.();
    this.#release();
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#flush();
    this.#state = "closing";
    this.#held = [];
    this.#socket.resume?.();
    this.#socket.close(CloseCode.NORMAL);
    this.#linger = setTimeout(
      () => this.#fail(`the peer did not answer the goodbye within ${LINGER_MS / 1000} s`),
      LINGER_MS,
    );
  }

  abort(cause?: Error): void {
    this.#breakOff(cause ?? new Error(`${this.peer.address}: the link was aborted on this side`));
  }

  #take(data: unknown): void {
    if (this.#state !== "open") return;
    if (!(data instanceof ArrayBuffer)) {
      return this.#fail("the peer sent text, and frames are binary messages", CloseCode.NOT_BINARY);
    }
    const message = new Uint8Array(data);
    // Behind those that are held: after `resume` the socket may tell of more before they are released.
    if (this.#receiver === undefined || this.#paused || this.#held.length > 0) this.#held.push(message);
    else this.#splitter.push(message);
  }

  #release(): void {
    if (this.#held.length === 0) return;
    this.#soon(() => {
      while (!this.#paused && this.#state === "open") {
        const message = this.#held.shift();
        if (message === undefined) break;
        this.#splitter.push(message);
      }
      if (this.#held.length === 0) this.#heldEnd?.();
    });
  }

  #flush(): void {
    this.#batch.take((message) => this.#socket.send(message, this.#relieve));
    if (this.#congested) this.#ask();
  }

  readonly #relieve = (): void => {
    if (!this.#congested || this.#batch.bytes + this.#socket.bufferedAmount > CONGESTED_BYTES) return;
    this.#congested = false;
    if (this.#state === "open") this.#receiver?.drained();
  };

  #ask(): void {
    if (this.#asking || this.#socket.terminate !== undefined) return;
    this.#asking = true;
    setTimeout(() => {
      this.#asking = false;
      this.#relieve();
      if (this.#congested && this.#state === "open") this.#ask();
    }, ASK_MS);
  }

  #closed(code: number, why: string): void {
    if (code !== CloseCode.NORMAL) this.#fail(explainClose(code, why));
    else if (this.#state === "open" && this.#splitter.midway) this.#fail("the peer closed in the middle of a frame");
    else this.#end(undefined);
  }

  #fail(sentence: string, code?: number): void {
    this.#breakOff(new Error(`${this.peer.address}: ${sentence}`), code);
  }

  #breakOff(cause: Error, code: number = CloseCode.ABORTED): void {
    if (this.#state === "over") return;
    this.#end(cause);
    const { terminate } = this.#socket;
    if (terminate === undefined || code !== CloseCode.ABORTED) this.#socket.close(code);
    else terminate.call(this.#socket);
  }

  #end(cause: Error | undefined): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#cause = cause;
    this.#splitter.stop();
    this.#batch.drop();
    this.#held = [];
    clearTimeout(this.#linger);
    if (this.#receiver !== undefined) this.#report();
  }

  /** Always later, so that no caller of a link's method is told of the end while it is still inside. */
  #report(): void {
    const receiver = this.#receiver;
    this.#soon(() => receiver?.closed(this.#cause));
  }
}

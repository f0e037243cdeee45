/** A link over a port of its own: messages hold frames behind their lengths, as chunks of a byte stream do, and are handed over without a copy. */
import { giveUp } from "../../wire/own-memory.js";
import { FrameSplitter } from "../links/frame-splitter.js";
import { MessageBatch } from "../links/message-batch.js";
import type { Link, LinkReceiver, Peer } from "../transport.js";
import { hear, type OwnPort } from "./message-port.js";

/** A link is congested while more than this many bytes are on their way, as far as the peer has told. */
const CONGESTED_BYTES = 64 * 1024;

/** The peer is told what was read after each so many bytes: a port does not know how much waits in it. */
const TOLD_BYTES = 16 * 1024;

/** How long a closed link waits for a peer that does not answer the goodbye, in milliseconds. */
const LINGER_MS = 10_000;

/** What is sent beside frames; a number is how many bytes were read since it was last told. */
const Word = { GOODBYE: "goodbye", ABORTED: "aborted" } as const;

export class PortLink implements Link {
  readonly peer: Peer;
  readonly #port: OwnPort;
  readonly #batch = new MessageBatch();
  readonly #splitter: FrameSplitter;
  #receiver: LinkReceiver | undefined;
  /** What came before the receiver, or while the link was paused. */
  #held: unknown[] = [];
  #paused = false;
  #flushDue = false;
  #congested = false;
  #underWay = 0;
  #untold = 0;
  #state: "open" | "closing" | "over" = "open";
  #cause: Error | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(port: OwnPort, peer: Peer, maxFrameBytes: number) {
    this.peer = peer;
    this.#port = port;
    this.#splitter = new FrameSplitter(maxFrameBytes, {
      frame: (bytes) => {
        if (this.#state === "open") this.#receiver?.frame(bytes);
      },
      goodbye: () => this.#fail("the peer sent a frame of 0 bytes"),
      tooLong: (bytes) => this.#fail(`the peer announced a frame of ${bytes} bytes, and the limit is ${maxFrameBytes}`),
    });
    hear(
      port,
      (data) => this.#take(data),
      () => this.#take(undefined),
    );
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
    if (this.#batch.bytes + this.#underWay > CONGESTED_BYTES) this.#congested = true;
    if (this.#flushDue) return;
    this.#flushDue = true;
    queueMicrotask(() => {
      this.#flushDue = false;
      if (this.#state === "open") this.#flush();
    });
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#release();
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#flush();
    this.#state = "closing";
    this.#port.postMessage(Word.GOODBYE);
    const late = (): void => this.#fail(`the peer did not answer the goodbye within ${LINGER_MS / 1000} s`);
    this.#linger = setTimeout(late, LINGER_MS);
    this.#release();
  }

  abort(cause?: Error): void {
    this.#breakOff(cause ?? new Error(`${this.peer.address}: the link was aborted on this side`));
  }

  #flush(): void {
    this.#batch.take((message) => {
      this.#underWay += message.length;
      // The buffer goes over with the message only if nothing else is in it.
      const whole = message.byteLength === message.buffer.byteLength ? message : message.slice();
      this.#port.postMessage(whole, [whole.buffer]);
    });
  }

  #take(data: unknown): void {
    if (this.#state === "over") return;
    if (typeof data === "number") this.#relieve(data);
    else if (this.#state === "closing" || (this.#receiver !== undefined && !this.#paused && this.#held.length === 0))
      this.#read(data);
    else this.#held.push(data);
  }

  #release(): void {
    if (this.#held.length === 0) return;
    queueMicrotask(() => {
      while (this.#held.length > 0 && this.#state !== "over" && (this.#state === "closing" || !this.#paused))
        this.#read(this.#held.shift());
    });
  }

  #read(data: unknown): void {
    if (data instanceof Uint8Array) {
      // Its sender has handed it over.
      giveUp(data.buffer);
      return this.#readFrames(data);
    }
    if (data === Word.GOODBYE) {
      if (this.#state === "open") {
        this.#batch.drop();
        this.#port.postMessage(Word.GOODBYE);
      }
      return this.#end(undefined);
    }
    if (data === Word.ABORTED) return this.#fail("the peer broke the connection off");
    this.#fail(data === undefined ? "the other end is gone; its thread may have ended" : "the peer sent what is no frame");
  }

  #readFrames(message: Uint8Array): void {
    if (this.#state === "open") this.#splitter.push(message);
    this.#untold += message.length;
    if (this.#untold < TOLD_BYTES || this.#state === "over") return;
    this.#port.postMessage(this.#untold);
    this.#untold = 0;
  }

  #relieve(read: number): void {
    this.#underWay -= read;
    if (!this.#congested || this.#batch.bytes + this.#underWay > CONGESTED_BYTES) return;
    this.#congested = false;
    if (this.#state === "open") this.#receiver?.drained();
  }

  #fail(sentence: string): void {
    this.#breakOff(new Error(`${this.peer.address}: ${sentence}`));
  }

  #breakOff(cause: Error): void {
    if (this.#state === "over") return;
    this.#port.postMessage(Word.ABORTED);
    this.#end(cause);
  }

  #end(cause: Error | undefined): void {
    this.#state = "over";
    this.#cause = cause;
    this.#splitter.stop();
    this.#batch.drop();
    this.#held = [];
    clearTimeout(this.#linger);
    this.#port.close();
    if (this.#receiver !== undefined) this.#report();
  }

  /** Always later, so that no caller of a link's method is told of the end while it is still inside. */
  #report(): void {
    const receiver = this.#receiver;
    queueMicrotask(() => receiver?.closed(this.#cause));
  }
}

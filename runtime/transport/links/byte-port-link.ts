/** A blocking link over a byte stream: frames stand in it behind their lengths, as in every one. */
import type { BlockingLink } from "../blocking.js";
import type { LinkReceiver, Peer } from "../transport.js";
import type { BytePort } from "./byte-port.js";
import { FrameSplitter, GOODBYE, PREFIX_BYTES } from "./frame-splitter.js";

/** A link is congested while more than this many bytes wait for room, until all have found it. */
const CONGESTED_BYTES = 64 * 1024;

/** What is read at once. */
const CHUNK_BYTES = 64 * 1024;

/** How long a closed link waits for a peer that does not answer the goodbye, in milliseconds. */
const LINGER_MS = 10_000;

/** Shared by all links of the thread: what is in it is dealt with before the next is read into it. */
const chunk = new Uint8Array(CHUNK_BYTES);
let inUse = false;

const EMPTY = new Uint8Array();

export class BytePortLink implements BlockingLink {
  readonly peer: Peer;
  readonly #port: BytePort;
  readonly #maxFrameBytes: number;
  #splitter: FrameSplitter;
  /** What is being cut into frames, while it is; and of what was read, the bytes behind the last frame. */
  #cut: Uint8Array = EMPTY;
  #unframed = 0;
  #receiver: LinkReceiver | undefined;
  /** What found no room, the first of it from `#written` on. */
  #waiting: Uint8Array[] = [];
  #written = 0;
  #waitingBytes = 0;
  /** Why nothing can be written any more; what the peer wrote before can be read. */
  #unwritable: unknown;
  #congested = false;
  #paused = false;
  #state: "open" | "closing" | "ended" | "over" = "open";
  #cause: Error | undefined;
  #lingerUntil = Infinity;

  constructor(port: BytePort, maxFrameBytes: number) {
    this.peer = port.peer;
    this.#port = port;
    this.#maxFrameBytes = maxFrameBytes;
    this.#splitter = this.#newSplitter();
  }

  get over(): boolean {
    return this.#state === "over";
  }

  get congested(): boolean {
    return this.#congested;
  }

  open(receiver: LinkReceiver): void {
    this.#receiver = receiver;
  }

  send(frame: Uint8Array): void {
    if (this.#state !== "open") return;
    if (frame.length === 0) return this.#fail("an empty frame was sent; the peer would read it as a goodbye");
    this.#add(frame);
    this.#pour();
    if (this.#waitingBytes > CONGESTED_BYTES) this.#congested = true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#wait(new Uint8Array(PREFIX_BYTES).fill(GOODBYE));
    this.#state = "closing";
    this.#lingerUntil = performance.now() + LINGER_MS;
    this.#pour();
  }

  abort(cause?: Error): void {
    this.#end(cause ?? new Error(`${this.peer.address}: the link was aborted on this side`));
  }

  turn(ms: number): boolean {
    if (this.#move()) return true;
    if (ms > 0) this.#port.wait(Math.min(ms, Math.max(0, this.#lingerUntil - performance.now())), this.#waiting.length > 0);
    return ms > 0 && this.#move();
  }

  #move(): boolean {
    if (this.#state === "over") return false;
    if (performance.now() >= this.#lingerUntil) this.#fail(`the peer did not answer the goodbye within ${LINGER_MS / 1000} s`);
    const poured = this.#waiting.length > 0 && this.#pour();
    const read = this.#read();
    if (this.#unwritable !== undefined && !read) this.#broken(this.#unwritable);
    this.#relieve();
    if (this.#isEnded) {
      this.#state = "over";
      this.#receiver?.closed(this.#cause);
      return true;
    }
    return poured || read;
  }

  get #isEnded(): boolean {
    return this.#state === "ended";
  }

  #add(frame: Uint8Array): void {
    const whole = new Uint8Array(PREFIX_BYTES + frame.length);
    new DataView(whole.buffer).setUint32(0, frame.length, true);
    whole.set(frame, PREFIX_BYTES);
    this.#wait(whole);
  }

  #wait(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  /** Writes what waits as far as there is room; whether there was any. */
  #pour(): boolean {
    let moved = false;
    try {
      for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
        const taken = this.#port.write(first.subarray(this.#written));
        moved ||= taken > 0;
        this.#written += taken;
        this.#waitingBytes -= taken;
        if (this.#written < first.length) break;
        this.#waiting.shift();
        this.#written = 0;
      }
    } catch (error) {
      this.#unwritable ??= error;
      this.#waiting = [];
      this.#waitingBytes = 0;
    }
    return moved;
  }

  #read(): boolean {
    if (this.#receiver === undefined || (this.#paused && this.#state === "open") || this.#isEnded) return false;
    try {
      this.#overtake();
      const target = inUse ? new Uint8Array(CHUNK_BYTES) : chunk;
      const length = this.#port.read(target);
      this.#push(target.subarray(0, length));
      return length > 0;
    } catch (error) {
      this.#broken(error);
      return true;
    }
  }

  #push(bytes: Uint8Array): void {
    const before = inUse;
    inUse = true;
    this.#cut = bytes;
    this.#unframed += bytes.length;
    try {
      this.#splitter.push(bytes);
    } finally {
      inUse = before;
      this.#cut = EMPTY;
    }
  }

  /** Who is told of a frame may wait for another call meanwhile: the frames behind it then come first, and not when that call is through. */
  #overtake(): void {
    if (this.#cut.length === 0 || this.#unframed === 0) return;
    const rest = this.#cut.slice(this.#cut.length - this.#unframed);
    this.#splitter.stop();
    this.#splitter = this.#newSplitter();
    this.#unframed = 0;
    this.#push(rest);
  }

  #newSplitter(): FrameSplitter {
    const maxFrameBytes = this.#maxFrameBytes;
    return new FrameSplitter(maxFrameBytes, {
      frame: (bytes) => {
        this.#unframed -= PREFIX_BYTES + bytes.length;
        if (this.#state === "open") this.#receiver?.frame(bytes);
      },
      goodbye: () => this.#end(undefined),
      tooLong: (bytes) => this.#fail(`the peer announced a frame of ${bytes} bytes, and the limit is ${maxFrameBytes}`),
    });
  }

  #relieve(): void {
    if (!this.#congested || this.#waitingBytes > 0 || this.#state !== "open") return;
    this.#congested = false;
    this.#receiver?.drained();
  }

  /** Whoever has been told goodbye, has it all, and leaves, has closed in order. */
  #broken(error: unknown): void {
    const inOrder = this.#state === "closing" && this.#waiting.length === 0 && this.#unwritable === undefined;
    this.#end(inOrder ? undefined : error instanceof Error ? error : new Error(String(error)));
  }

  #fail(sentence: string): void {
    this.#end(new Error(`${this.peer.address}: ${sentence}`));
  }

  /** The receiver is told in the next turn. */
  #end(cause: Error | undefined): void {
    if (this.#isEnded || this.#state === "over") return;
    this.#state = "ended";
    this.#cause = cause;
    this.#splitter.stop();
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#congested = false;
    this.#port.release();
  }
}

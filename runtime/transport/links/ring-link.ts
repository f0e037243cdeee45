/** A link over two rings, one for each direction: frames stand in them behind their lengths, as in a byte stream. */
import type { Link, LinkReceiver, Peer } from "../transport.js";
import { FrameSplitter, GOODBYE, PREFIX_BYTES } from "./frame-splitter.js";
import type { RingPoller } from "./ring-poller.js";
import { RING_BYTES, RingError, type RingReader, type RingWriter } from "./ring.js";
import { soon } from "./turns.js";

/** A link is congested while more than this many bytes were sent within a tick, or wait for room in its ring, until all have found it. */
const CONGESTED_BYTES = 64 * 1024;

/** What is copied out of a ring at once. */
const CHUNK_BYTES = 64 * 1024;

/** What is read at one look, so that other links get their turn. */
const LOOK_BYTES = 256 * 1024;

/** How long a closed link waits for a peer that does not read its goodbye, in milliseconds. */
const LINGER_MS = 10_000;

/** Shared by all links of the thread: what is in it is dealt with before the next is read. */
const chunk = new Uint8Array(CHUNK_BYTES);

export interface RingEnds {
  readonly peer: Peer;
  readonly maxFrameBytes: number;
  readonly writer: RingWriter;
  readonly reader: RingReader;
  readonly poller: RingPoller;
  /** Wakes the other side, which sleeps. Must not throw. */
  readonly ring: () => void;
  /** Something was written; where it is not seen by who does not sleep either. */
  readonly nudge?: (() => void) | undefined;
  /** Lets go of the memory and of the other side, which learns from it that the link is over. Called once; nothing touches the rings after it. */
  readonly release: () => void;
}

export class RingLink implements Link {
  readonly inPieces = true;
  readonly peer: Peer;
  readonly #ends: RingEnds;
  readonly #splitter: FrameSplitter;
  #receiver: LinkReceiver | undefined;
  /** What found no room: lengths, frames and parts of frames, the first of them from `#written` on. */
  #waiting: Uint8Array[] = [];
  #written = 0;
  #waitingBytes = 0;
  /** What found room, in this tick. */
  #tickBytes = 0;
  #congested = false;
  #paused = false;
  #wakeDue = false;
  #state: "open" | "closing" | "over" = "open";
  /** Why the other side is not there any more; what it had written is still to be read. */
  #gone: Error | undefined;
  #cause: Error | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(ends: RingEnds) {
    this.peer = ends.peer;
    this.#ends = ends;
    const { maxFrameBytes } = ends;
    this.#splitter = new FrameSplitter(maxFrameBytes, {
      frame: (bytes) => {
        if (this.#state === "open") this.#receiver?.frame(bytes);
      },
      goodbye: () => this.#end(undefined),
      tooLong: (bytes) => this.#fail(`the peer announced a frame of ${bytes} bytes, and the limit is ${maxFrameBytes}`),
    });
    ends.poller.add(this);
  }

  get congested(): boolean {
    return this.#congested;
  }

  open(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    if (this.#state === "over") this.#report();
    else this.#lookSoon();
  }

  send(frame: Uint8Array): void {
    if (this.#state !== "open") return;
    if (frame.length === 0) this.#fail("an empty frame was sent; the peer would read it as a goodbye");
    else this.#put(frame, undefined);
  }

  sendInParts(head: Uint8Array, body: Uint8Array): void {
    if (this.#state === "open") this.#put(head, body);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#lookSoon();
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    const late = (): void => this.#fail(`the peer did not read the goodbye within ${LINGER_MS / 1000} s`);
    this.#linger = setTimeout(late, LINGER_MS);
    this.#wait(prefixOf(GOODBYE));
    this.#guarded(() => this.#pour());
    this.#wakeSoon();
    this.#lookSoon();
  }

  abort(cause?: Error): void {
    this.#end(cause ?? new Error(`${this.peer.address}: the link was aborted on this side`));
  }

  /** The other side has rung. */
  rung(): void {
    if (this.#state === "over") return;
    this.poll();
    this.#ends.poller.wake(this, true);
  }

  /** The other side is gone; what it wrote before can be read. */
  lost(cause: Error): void {
    if (this.#state === "over") return;
    this.#gone ??= cause;
    this.#readOut();
  }

  poll(): boolean {
    if (this.#state === "over") return false;
    return this.#guarded(() => {
      const poured = this.#waiting.length > 0 && this.#pour();
      const read = this.#reads && this.#read();
      return poured || read;
    });
  }

  sleep(): boolean {
    if (this.#state === "over") return true;
    const slept = this.#guarded(() => (!this.#reads || this.#ends.reader.sleep()) && (this.#waiting.length === 0 || this.#ends.writer.sleep()));
    if (!slept) this.#ends.reader.wake();
    return slept;
  }

  shares(processor: number): boolean {
    if (this.#state === "over") return false;
    this.#ends.reader.runsOn(processor);
    return this.#ends.writer.readerProcessor === processor;
  }

  get #reads(): boolean {
    return this.#state === "closing" || (this.#state === "open" && this.#receiver !== undefined && !this.#paused);
  }

  #put(frame: Uint8Array, body: Uint8Array | undefined): void {
    const length = frame.length + (body?.length ?? 0);
    const first = this.#waiting.length === 0;
    const fits = first && this.#guarded(() => this.#ends.writer.room(PREFIX_BYTES + length) >= PREFIX_BYTES + length);
    if (this.#state !== "open") return;
    if (fits) {
      const { writer } = this.#ends;
      writer.putLength(length);
      writer.put(frame);
      if (body !== undefined) writer.put(body);
      writer.publish();
      this.#tickBytes += PREFIX_BYTES + length;
    } else {
      this.#wait(prefixOf(length));
      this.#wait(frame);
      if (body !== undefined && body.length > 0) this.#wait(body);
      const before = this.#waitingBytes;
      if (first) this.#guarded(() => this.#pour());
      this.#tickBytes += before - this.#waitingBytes;
    }
    if (this.#state === "open" && this.#waitingBytes + this.#tickBytes > CONGESTED_BYTES) this.#congested = true;
    this.#wakeSoon();
  }

  #wait(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  /** Writes what waits as far as there is room; whether there was any. */
  #pour(): boolean {
    const { writer } = this.#ends;
    let moved = false;
    let done = 0;
    while (done < this.#waiting.length) {
      const first = this.#waiting[done]!;
      const left = first.length - this.#written;
      const length = Math.min(left, writer.room(left));
      if (length === 0) break;
      writer.put(first.subarray(this.#written, this.#written + length));
      moved = true;
      this.#waitingBytes -= length;
      this.#written = length === left ? 0 : this.#written + length;
      if (length < left) break;
      done += 1;
    }
    if (!moved) return false;
    this.#waiting = this.#waiting.slice(done);
    writer.publish();
    this.#wakeSoon();
    return true;
  }

  #relieve(): void {
    if (!this.#congested || this.#waitingBytes > 0) return;
    this.#congested = false;
    if (this.#state === "open") this.#receiver?.drained();
  }

  /** Reads what is there, within bounds; whether there was anything. */
  #read(): boolean {
    const { reader } = this.#ends;
    for (let left = LOOK_BYTES; left > 0; ) {
      const length = reader.take(chunk);
      if (length === 0) return left < LOOK_BYTES;
      left -= length;
      if (reader.takeSleeper()) this.#ends.ring();
      this.#splitter.push(chunk.subarray(0, length));
      if (!this.#reads) return true;
    }
    return true;
  }

  /** Reads to the last what somebody wrote who is gone, as soon as it is wanted. */
  #readOut(): void {
    const gone = this.#gone;
    if (gone === undefined || !this.#reads) return;
    this.#guarded(() => {
      // No more than a ring can hold: what comes beyond is written by somebody who only says to be gone.
      for (let left = RING_BYTES; left > 0 && this.#reads && this.#read(); left -= LOOK_BYTES);
      return true;
    });
    if (this.#state === "over" || !this.#reads) return;
    // Whoever has read the goodbye and left has closed in order.
    const inOrder = this.#state === "closing" && this.#waiting.length === 0 && this.#ends.writer.consumed;
    this.#end(inOrder ? undefined : gone);
  }

  /** Wakes the other side once a tick, and looks out for its answer. */
  #wakeSoon(): void {
    if (this.#wakeDue) return;
    this.#wakeDue = true;
    soon(this.#wake);
  }

  readonly #wake = (): void => {
    this.#wakeDue = false;
    if (this.#state === "over") return;
    this.#ends.reader.wake();
    if (this.#ends.writer.takeSleeper()) this.#ends.ring();
    else this.#ends.nudge?.();
    this.#ends.poller.wake(this, false);
    this.#tickBytes = 0;
    this.#relieve();
  };

  /** Never inside a call to the link. */
  #lookSoon(): void {
    soon(() => {
      if (this.#state === "over") return;
      if (this.#gone === undefined) this.#ends.poller.wake(this, false);
      else this.#readOut();
    });
  }

  /** Runs what looks at the control words; false where they say what cannot be, which is the end. */
  #guarded(run: () => boolean): boolean {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof RingError)) throw error;
      this.#fail(error.message);
      return false;
    }
  }

  #fail(sentence: string): void {
    this.#end(new Error(`${this.peer.address}: ${sentence}`));
  }

  #end(cause: Error | undefined): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#cause = cause;
    this.#splitter.stop();
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#congested = false;
    clearTimeout(this.#linger);
    this.#ends.poller.remove(this);
    this.#ends.release();
    if (this.#receiver !== undefined) this.#report();
  }

  /** Always later, so that no caller of a link's method is told of the end while it is still inside. */
  #report(): void {
    const receiver = this.#receiver;
    soon(() => receiver?.closed(this.#cause));
  }
}

function prefixOf(length: number): Uint8Array {
  return Uint8Array.of(length, length >>> 8, length >>> 16, length >>> 24);
}

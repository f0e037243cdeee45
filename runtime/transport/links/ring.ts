/**
 * A ring of bytes in memory that two sides share: one writes, the other reads, neither waits. The other side is not trusted: of what it can
 * change, only four control words decide anything here, each is checked after it was read, and bytes are copied before anybody looks at
 * them, so that they cannot change after they were found good.
 */

/** Bytes of the control words, each on lines of the processor's cache of its own. */
const CONTROL_BYTES = 512;

/** What one direction holds at most; a power of two, for positions count on past it. */
export const RING_BYTES = 1024 * 1024;

/** Of one direction, control words included. */
export const RING_SPACE = CONTROL_BYTES + RING_BYTES;

/** Indexes of the control words. How far was written, and was read, as 32-bit numbers that wrap. */
const TAIL = 0;
const HEAD = 32;
/** 1 where the reader is to be woken when something was written; the writer when something was read. */
const READER_SLEEPS = 64;
const WRITER_SLEEPS = 96;
/** The number of the processor that the reader runs on. */
const READER_PROCESSOR = 65;

const MASK = RING_BYTES - 1;

/** A writer who sleeps is woken once so much is free, so that it does not wake for a few bytes. */
const WAKING_ROOM = RING_BYTES / 2;

/** Up to here a loop is quicker than the calls that copy. */
const FEW_BYTES = 32;

/** The control words say what cannot be: the other side is broken or means harm. */
export class RingError extends Error {}

export class RingWriter {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;
  #tail = 0;
  /** As last seen; the reader may be further. */
  #head = 0;

  constructor(memory: ArrayBufferLike, offset: number) {
    this.#control = new Int32Array(memory, offset, CONTROL_BYTES / 4);
    this.#bytes = new Uint8Array(memory, offset + CONTROL_BYTES, RING_BYTES);
  }

  /**
   * Bytes that can be put now, at least `enough` if there are so many.
   * @throws RingError
   */
  room(enough: number): number {
    const known = RING_BYTES - (this.#tail - this.#head);
    if (known >= enough) return known;
    const head = Atomics.load(this.#control, HEAD);
    const waiting = (this.#tail - head) >>> 0;
    if (waiting > RING_BYTES) throw new RingError(`the peer says that ${waiting} bytes wait in a ring of ${RING_BYTES}`);
    this.#head = this.#tail - waiting;
    return RING_BYTES - waiting;
  }

  /** Appends bytes for which there is room. The reader sees them when they are published. */
  put(source: Uint8Array): void {
    const at = this.#tail & MASK;
    const { length } = source;
    if (length <= FEW_BYTES) {
      for (let index = 0; index < length; index += 1) this.#bytes[(at + index) & MASK] = source[index]!;
    } else if (length <= RING_BYTES - at) {
      this.#bytes.set(source, at);
    } else {
      const first = RING_BYTES - at;
      this.#bytes.set(source.subarray(0, first), at);
      this.#bytes.set(source.subarray(first), 0);
    }
    this.#tail += length;
  }

  /** Appends a number of four bytes, little-endian. */
  putLength(length: number): void {
    const at = this.#tail;
    this.#bytes[at & MASK] = length;
    this.#bytes[(at + 1) & MASK] = length >>> 8;
    this.#bytes[(at + 2) & MASK] = length >>> 16;
    this.#bytes[(at + 3) & MASK] = length >>> 24;
    this.#tail += 4;
  }

  publish(): void {
    Atomics.store(this.#control, TAIL, this.#tail | 0);
  }

  /** Whether the reader has taken everything. */
  get consumed(): boolean {
    return Atomics.load(this.#control, HEAD) === (this.#tail | 0);
  }

  /** Where the reader last said that it runs; what it says is a hint for waiting, and no more. */
  get readerProcessor(): number {
    return Atomics.load(this.#control, READER_PROCESSOR);
  }

  /** Whether the reader sleeps and is to be woken, which is told once. */
  takeSleeper(): boolean {
    return Atomics.load(this.#control, READER_SLEEPS) === 1 && Atomics.exchange(this.#control, READER_SLEEPS, 0) === 1;
  }

  /**
   * Asks to be woken when there is room; false if there is some by now.
   * @throws RingError
   */
  sleep(): boolean {
    Atomics.store(this.#control, WRITER_SLEEPS, 1);
    if (this.room(1) === 0) return true;
    Atomics.store(this.#control, WRITER_SLEEPS, 0);
    return false;
  }
}

export class RingReader {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;
  #head = 0;
  /** As last seen; the writer may be further. */
  #tail = 0;
  #processor = 0;

  constructor(memory: ArrayBufferLike, offset: number) {
    this.#control = new Int32Array(memory, offset, CONTROL_BYTES / 4);
    this.#bytes = new Uint8Array(memory, offset + CONTROL_BYTES, RING_BYTES);
  }

  runsOn(processor: number): void {
    if (processor === this.#processor) return;
    this.#processor = processor;
    Atomics.store(this.#control, READER_PROCESSOR, processor);
  }

  get empty(): boolean {
    return Atomics.load(this.#control, TAIL) === (this.#head | 0);
  }

  /**
   * Moves bytes to the beginning of `target`, as many as there are and as fit, and says how many.
   * @throws RingError
   */
  take(target: Uint8Array): number {
    if (this.#tail === this.#head) {
      const tail = Atomics.load(this.#control, TAIL);
      const waiting = (tail - this.#head) >>> 0;
      if (waiting > RING_BYTES) throw new RingError(`the peer says that ${waiting} bytes wait in a ring of ${RING_BYTES}`);
      this.#tail = this.#head + waiting;
    }
    const length = Math.min(this.#tail - this.#head, target.length);
    if (length === 0) return 0;
    const at = this.#head & MASK;
    if (length <= FEW_BYTES) {
      for (let index = 0; index < length; index += 1) target[index] = this.#bytes[(at + index) & MASK]!;
    } else if (length <= RING_BYTES - at) {
      target.set(this.#bytes.subarray(at, at + length));
    } else {
      const first = RING_BYTES - at;
      target.set(this.#bytes.subarray(at));
      target.set(this.#bytes.subarray(0, length - first), first);
    }
    this.#head += length;
    Atomics.store(this.#control, HEAD, this.#head | 0);
    return length;
  }

  /** Whether the writer sleeps and is to be woken, which is told once. */
  takeSleeper(): boolean {
    if (Atomics.load(this.#control, WRITER_SLEEPS) !== 1) return false;
    const waiting = (Atomics.load(this.#control, TAIL) - this.#head) >>> 0;
    if (waiting > RING_BYTES - WAKING_ROOM) return false;
    return Atomics.exchange(this.#control, WRITER_SLEEPS, 0) === 1;
  }

  /** Asks to be woken when something was written; false if there is something by now. */
  sleep(): boolean {
    Atomics.store(this.#control, READER_SLEEPS, 1);
    if (this.empty) return true;
    Atomics.store(this.#control, READER_SLEEPS, 0);
    return false;
  }

  /** Need not be woken any more. */
  wake(): void {
    Atomics.store(this.#control, READER_SLEEPS, 0);
  }
}

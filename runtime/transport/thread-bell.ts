/**
 * The bell of a thread: a word of shared memory that others count up and notify, so that the thread can wait for all its rings at once. One
 * who sleeps in the event loop does not hear it; that takes a message.
 */

export class ThreadBell {
  /** What others ring. */
  readonly word = newWord();
  #heard = 0;

  /**
   * Waits until somebody rings, at once if somebody has since the last time. Whoever looks at his rings between two waits misses nothing.
   * @returns whether somebody rang.
   * @throws TypeError where the thread may not wait, such as that of a page.
   */
  wait(ms: number): boolean {
    const rang = Atomics.wait(this.word, 0, this.#heard, ms) !== "timed-out";
    this.#heard = Atomics.load(this.word, 0);
    return rang;
  }
}

export function newWord(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Whether what another thread sent is a word of shared memory. */
export function isWord(value: unknown): value is Int32Array {
  return value instanceof Int32Array && value.length === 1 && value.buffer instanceof SharedArrayBuffer;
}

export function ringBell(word: Int32Array): void {
  Atomics.add(word, 0, 1);
  Atomics.notify(word, 0);
}

/** Whether this thread may wait: that of a page may not. */
export function mayWait(): boolean {
  try {
    Atomics.wait(newWord(), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * The bell of a thread: a word of shared memory that others count up and notify, so that the thread can wait for all its rings at once. One
 * who sleeps in the event loop does not hear it; that takes a message.
 */

/** Looks before it sleeps, some microseconds: who is quick has rung by then, and saves both the wake-up. */
const BUSY_LOOKS = 100;

export class ThreadBell {
  /** What others ring. */
  readonly word = newWord();
  #heard = 0;

  /**
   * Waits until somebody rings, at once if somebody has since the last time. Whoever looks at his rings between two waits misses nothing.
   * @throws TypeError where the thread may not wait, such as that of a page.
   */
  wait(ms: number): void {
    for (let looks = 0; looks < BUSY_LOOKS; looks += 1) {
      const word = Atomics.load(this.word, 0);
      if (word === this.#heard) continue;
      this.#heard = word;
      return;
    }
    Atomics.wait(this.word, 0, this.#heard, ms);
    this.#heard = Atomics.load(this.word, 0);
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

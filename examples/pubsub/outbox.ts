/** A stream that is written to as things happen: what a client of `streamingPull` hands in. */

export class Outbox<T> implements AsyncIterable<T> {
  readonly #queue: T[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  send(item: T): void {
    this.#queue.push(item);
    this.#wake?.();
  }

  /** Nothing follows; what was sent before still goes out. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) yield item;
      if (this.#ended) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** The elements of a stream for a reader that waits for each. */
import type { ItemQueue, Waiter } from "../protocol/item-queue.js";

type Wait = <T>(begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void) => T;

/** Can be read once; its call begins with the first read. */
export class BlockingItems<T> implements IterableIterator<T, undefined> {
  readonly #items: ItemQueue<T>;
  readonly #wait: Wait;

  constructor(items: ItemQueue<T>, wait: Wait) {
    this.#items = items;
    this.#wait = wait;
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** @throws RpcError that the call failed with, after all that came before it. */
  next(): IteratorResult<T, undefined> {
    return this.#wait<IteratorResult<T, undefined>>((resolve, reject) => this.#items.take({ resolve, reject } satisfies Waiter<T>));
  }

  return(): IteratorResult<T, undefined> {
    this.#items.leave();
    return { done: true, value: undefined };
  }
}

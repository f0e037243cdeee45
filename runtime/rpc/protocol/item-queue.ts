/**
 * The receiving end of a stream: elements wait here as bytes, and their room is given back when the reader takes them.
 */
import { kept } from "../../wire/own-memory.js";

export interface QueueOwner {
  /** The reader asked for the first element. */
  started(): void;
  /** The reader took an element, or it was thrown away. */
  read(cost: number): void;
  /** The reader left before the end, or met an element that could not be decoded. */
  left(): void;
}

/** A reader: one of the two is called once. */
export interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

/** Can be read once. Reads may overlap; they are answered in order. */
export class ItemQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #decode: (bytes: Uint8Array) => T;
  readonly #owner: QueueOwner;
  readonly #items: { readonly payload: Uint8Array; readonly cost: number }[] = [];
  readonly #waiters: Waiter<T>[] = [];
  #started = false;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  /** @param decode may throw; its error is what the reader gets. */
  constructor(decode: (bytes: Uint8Array) => T, owner: QueueOwner) {
    this.#decode = decode;
    this.#owner = owner;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @param payload a view: decoded now if a reader waits, else copied. */
  push(payload: Uint8Array, cost: number): void {
    if (this.#ended) return this.#owner.read(cost);
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#items.push({ payload: kept(payload), cost });
    else this.#deliver(payload, cost, waiter);
  }

  /** Nothing more comes; what waits can still be read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ done: true, value: undefined });
  }

  /** Readers get what waits, and then the error. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#failure = { error };
    this.#ended = true;
    const [first, ...others] = this.#waiters.splice(0);
    if (first === undefined) return;
    this.#failure = undefined;
    first.reject(error);
    for (const waiter of others) waiter.resolve({ done: true, value: undefined });
  }

  /** Throws away what waits and fails at once. */
  abort(error: unknown): void {
    this.#discard();
    this.fail(error);
  }

  /** Throws away what waits; a failure that nobody has read yet stays to be read. */
  close(): void {
    this.#discard();
    this.end();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => this.take({ resolve, reject }));
  }

  /** As `next`. */
  take(waiter: Waiter<T>): void {
    if (!this.#started) {
      this.#started = true;
      this.#owner.started();
    }
    const item = this.#items.shift();
    if (item !== undefined) return this.#deliver(item.payload, item.cost, waiter);
    if (!this.#ended) return void this.#waiters.push(waiter);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure === undefined) waiter.resolve({ done: true, value: undefined });
    else waiter.reject(failure.error);
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The reader wants no more. */
  leave(): void {
    if (this.#started) this.#leave();
    this.#started = true;
    this.#ended = true;
  }

  #deliver(payload: Uint8Array, cost: number, waiter: Waiter<T>): void {
    let value: T;
    try {
      value = this.#decode(payload);
    } catch (error) {
      this.#owner.read(cost);
      waiter.reject(error);
      return this.#leave();
    }
    this.#owner.read(cost);
    waiter.resolve({ done: false, value });
  }

  #leave(): void {
    const before = this.#ended;
    this.close();
    this.#failure = undefined;
    if (!before) this.#owner.left();
  }

  #discard(): void {
    for (const item of this.#items.splice(0)) this.#owner.read(item.cost);
  }
}

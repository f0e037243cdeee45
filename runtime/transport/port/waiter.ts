/** A thread that asks for a link and waits: it reads no messages, so what becomes of its request is told in shared memory. */
import { isWord, ringBell } from "../links/thread-bell.js";
import { offerIn, type Offer } from "./shared-memory.js";

/** Sent along with the request. */
export interface Waiter extends Offer {
  /** One of `Fate`. */
  readonly fate: Int32Array;
}

/** What becomes of the request, and of the link behind it. */
export const Fate = { ASKED: 0, ACCEPTED: 1, REFUSED: 2, UNSHARED: 3, GONE: 4 } as const;

/** What a request has as such, or undefined: the other end is not trusted. */
export function waiterIn(value: unknown): Waiter | undefined {
  if (typeof SharedArrayBuffer === "undefined") return undefined;
  const offer = offerIn(value);
  const { fate } = (value ?? {}) as Partial<Waiter>;
  return offer !== undefined && isWord(fate) ? { ...offer, fate } : undefined;
}

export function tellFate({ fate, bell }: Waiter, what: (typeof Fate)[keyof typeof Fate]): void {
  Atomics.store(fate, 0, what);
  ringBell(bell);
}

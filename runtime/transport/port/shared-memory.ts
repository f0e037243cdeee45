/** Memory that two threads share for a link: a ring for each direction, and the bells of both. */
import { RING_SPACE, RingReader, RingWriter } from "../links/ring.js";
import { isWord } from "../links/thread-bell.js";

/** What one side offers. */
export interface Offer {
  readonly rings: SharedArrayBuffer;
  /** Of the thread that it is from. */
  readonly bell: Int32Array;
}

const RINGS_BYTES = 2 * RING_SPACE;

/** Why threads cannot share memory here. Browsers let only those pages do it that are isolated from other origins, and their workers. */
export function obstacle(): string | undefined {
  const { SharedArrayBuffer: known, crossOriginIsolated } = globalThis as {
    readonly SharedArrayBuffer?: unknown;
    readonly crossOriginIsolated?: boolean;
  };
  if (known !== undefined && crossOriginIsolated !== false) return undefined;
  return "the page is not isolated from other origins, so its threads share no memory; serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or connect to the worker itself";
}

export function newRings(): SharedArrayBuffer {
  return new SharedArrayBuffer(RINGS_BYTES);
}

/** The offer in a message, if it is one: the other end is not trusted. */
export function offerIn(message: unknown): Offer | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { rings, bell } = message as Partial<Offer>;
  return rings instanceof SharedArrayBuffer && rings.byteLength === RINGS_BYTES && isWord(bell) ? { rings, bell } : undefined;
}

/** @param side 0 for who asked for the link, 1 for who listens. */
export function endsOf(rings: SharedArrayBuffer, side: 0 | 1): { readonly writer: RingWriter; readonly reader: RingReader } {
  const [own, other] = side === 0 ? [0, RING_SPACE] : [RING_SPACE, 0];
  return { writer: new RingWriter(rings, own), reader: new RingReader(rings, other) };
}

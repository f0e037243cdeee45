/** Chance as the runtime sees it: the only place that asks the host for it, so that a simulation can stand in. */

export interface Random {
  /** From 0, up to but not including 1; for jitter. */
  fraction(): number;
  /** For ids: must not be guessable. */
  bytes(length: number): Uint8Array;
}

export const systemRandom: Random = {
  fraction: () => Math.random(),
  bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
};

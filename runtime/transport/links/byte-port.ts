/** A byte stream to a peer, for a thread that waits: what a blocking link stands on. */
import type { Peer } from "../transport.js";

export interface BytePort {
  readonly peer: Peer;
  /**
   * Writes from the beginning as many bytes as there is room for, without waiting, and says how many.
   * @throws Error if the other end is gone, or breaks the rules.
   */
  write(bytes: Uint8Array): number;
  /**
   * Moves what has come to the beginning of `target`, without waiting, and says how many bytes.
   * @throws Error if nothing is left to read and the other end is gone, or if it breaks the rules.
   */
  read(target: Uint8Array): number;
  /** Returns when there may be something to read, or room if that is wanted, or the other end may be gone, and after `ms` milliseconds at the latest. */
  wait(ms: number, forRoom: boolean): void;
  /** Lets go of everything. Called once. */
  release(): void;
}

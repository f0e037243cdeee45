/**
 * The socket that stays beside a segment, as a bell: what comes over it means nothing but that something came, and its end that nobody is at
 * the other end any more. So it is not read as a stream is, which makes a buffer of each piece: bells fall into one that nobody looks at.
 */
import { Socket, type ConnectOpts, type SocketConstructorOpts } from "node:net";
import type { System } from "./system.js";

/** How many bells are taken at once. */
const BELLS = 64;

export interface Bell {
  /** Wakes the other side. */
  ring(): void;
  close(): void;
}

export interface BellEvents {
  readonly rung: () => void;
  /** Nobody is there any more. May be told more than once, and also after `close`. */
  readonly lost: () => void;
}

/** @param file the number of the socket, which is the bell's from now on. */
export function bellOver(system: System, file: number, { rung, lost }: BellEvents): Bell {
  const callback = (): boolean => {
    rung();
    return true;
  };
  const options: SocketConstructorOpts & ConnectOpts = { fd: file, onread: { buffer: new Uint8Array(BELLS), callback } };
  const socket = new Socket(options);
  socket.on("end", lost).on("error", lost).on("close", lost).resume();
  return {
    ring() {
      if (!socket.destroyed) system.poke(file);
    },
    close: () => void socket.destroy(),
  };
}

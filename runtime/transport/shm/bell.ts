/**
 * The socket that stays beside a segment, as a bell: what comes over it means nothing but that something came, and its end that nobody is at
 * the other end any more. So it is not read as a stream is, which makes a buffer of each piece: bells fall into one that nobody looks at.
 */
import { Socket, type ConnectOpts, type SocketConstructorOpts } from "node:net";
import { fileOf } from "./rendezvous.js";
import type { System } from "./system.js";

/** How many bells are taken at once. */
const BELLS = 64;

/** Only a socket that is made from a number can be read so, and neither Bun nor Deno reads one: there it stays a stream. */
const READS_PAST_STREAMS = !("Bun" in globalThis || "Deno" in globalThis);

/** What a bell is made of. */
export interface Line {
  /** Over which both sides met. */
  readonly socket: Socket;
  /** Its connection by another number, which outlives the socket; undefined where that is the bell itself. */
  readonly file: number | undefined;
}

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

/** @throws Error of the system, if it opens no more files. */
export function lineOf(system: System, socket: Socket): Line {
  return { socket, file: READS_PAST_STREAMS ? system.duplicate(fileOf(socket)) : undefined };
}

/** @param line is the bell's from now on. */
export function bellOver(system: System, line: Line, { rung, lost }: BellEvents): Bell {
  const socket = line.file === undefined ? line.socket.on("data", rung) : reopened(line.file, rung);
  if (socket !== line.socket) line.socket.destroy();
  socket.on("end", lost).on("error", lost).on("close", lost).resume();
  return {
    ring() {
      const file = fileOf(socket);
      if (file >= 0) system.poke(file);
    },
    close: () => void socket.destroy(),
  };
}

function reopened(file: number, rung: () => void): Socket {
  const callback = (): boolean => {
    rung();
    return true;
  };
  const options: SocketConstructorOpts & ConnectOpts = { fd: file, onread: { buffer: new Uint8Array(BELLS), callback } };
  return new Socket(options);
}

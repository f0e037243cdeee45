/** Two links as one: what comes from the one goes to the other, at the pace of the slower. */
import type { Link } from "../transport/transport.js";

/** A frame that begins so asks for a sign of life, which is the same with the other beginning (docs/wire.md, 2.3). */
const PING = 8;
const PONG = 9;

/**
 * @param near to a thread that waits: while it does something else, its signs of life are given for it.
 * @param broken called with the cause before `near` is ended for it.
 */
export function joinLinks(near: Link, far: Link, broken: (cause: Error) => void): void {
  near.open({
    frame: (bytes) => pass(bytes, near, far),
    drained: () => far.resume(),
    closed: (cause) => (cause === undefined ? far.close() : far.abort(cause)),
  });
  far.open({
    frame(bytes) {
      // Who does not read its answers gets no more of them: what waits for it already is a sign of life.
      if (bytes[0] === PING && !far.congested) far.send(pongTo(bytes));
      pass(bytes, far, near);
    },
    drained: () => near.resume(),
    closed(cause) {
      if (cause === undefined) return near.close();
      broken(cause);
      near.abort(cause);
    },
  });
}

function pass(bytes: Uint8Array, from: Link, to: Link): void {
  to.send(bytes.slice());
  if (to.congested) from.pause();
}

function pongTo(ping: Uint8Array): Uint8Array {
  const pong = ping.slice();
  pong[0] = PONG;
  return pong;
}

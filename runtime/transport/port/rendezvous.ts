/** How a link comes about over a port that its users have: each gets a port of its own, which is handed over in one message. */
import { hear, isPort, keepRunning, type OwnPort, type PortLike } from "./message-port.js";

/** To be changed together with what the links say to each other. */
const KEY = "@rpcgen/runtime/port/1";

/** The first message on a link's own port, from the one that listens; or what `SharedLinks` sends. */
export const Answer = { ACCEPTED: "accepted", REFUSED: "refused" } as const;

/** @param shared whether a link over shared memory is wanted. */
export type Acceptor = (port: OwnPort, shared: boolean) => void;

interface Listener {
  accept: Acceptor | undefined;
}

/** Ports are heard once, whoever listens there in turn. */
const listeners = new WeakMap<PortLike, Listener>();

/** Asks for a link. Messages of others on the same port are none of ours, and ours none of theirs. */
export function ask(port: PortLike, own: OwnPort, shared: boolean): void {
  port.postMessage({ [KEY]: own, shared }, [own]);
}

/** @returns undefined if somebody listens there already. */
export function listenAt(port: PortLike, accept: Acceptor): (() => void) | undefined {
  const known = listeners.get(port);
  if (known?.accept !== undefined) return undefined;
  const listener = known ?? { accept: undefined };
  listener.accept = accept;
  keepRunning(port, true);
  if (known === undefined) {
    listeners.set(port, listener);
    hear(port, (data) => answer(listener, data), () => {});
  }
  return () => {
    if (listener.accept !== accept) return;
    listener.accept = undefined;
    keepRunning(port, false);
  };
}

function answer(listener: Listener, data: unknown): void {
  if (typeof data !== "object" || data === null) return;
  const { [KEY]: asked, shared } = data as { readonly [KEY]?: unknown; readonly shared?: unknown };
  if (!isPort(asked)) return;
  const own = asked as OwnPort;
  if (listener.accept !== undefined) return listener.accept(own, shared === true);
  own.postMessage(Answer.REFUSED);
  own.close();
}

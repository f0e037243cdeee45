/** How a link comes about over a port that its users have: each gets a port of its own, which is handed over in one message. */
import { hear, isPort, keepRunning, type OwnPort, type PortLike } from "./message-port.js";
import { Fate, tellFate, waiterIn } from "./waiter.js";

/** To be changed together with what the links say to each other. */
const KEY = "@rpcgen/runtime/port/1";

/** The first message on a link's own port, from the one that listens; or what `SharedLinks` sends. */
export const Answer = { ACCEPTED: "accepted", REFUSED: "refused" } as const;

/** @param asked what kind of link is wanted: that over messages if it says nothing. */
export type Acceptor = (port: OwnPort, asked: Asked) => void;

/** What goes along with the port. */
export interface Asked {
  /** Whether a link over shared memory is wanted. */
  readonly shared?: unknown;
  /** A `Waiter`: that of a thread which waits, and reads no messages. */
  readonly waiter?: unknown;
  /** Where whoever listens is to lead to, if he is a relay. */
  readonly to?: unknown;
}

interface Listener {
  accept: Acceptor | undefined;
}

/** Ports are heard once, whoever listens there in turn. */
const listeners = new WeakMap<PortLike, Listener>();

/** Asks for a link. Messages of others on the same port are none of ours, and ours none of theirs. */
export function ask(port: PortLike, own: OwnPort, asked: Asked = {}): void {
  port.postMessage({ [KEY]: own, ...asked }, [own]);
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
  const { [KEY]: own, ...asked } = data as Asked & { readonly [KEY]?: unknown };
  if (!isPort(own)) return;
  if (listener.accept !== undefined) return listener.accept(own as OwnPort, asked);
  refuse(own as OwnPort, asked);
}

/** Tells who asked, in either way. */
export function refuse(own: OwnPort, { waiter }: Asked): void {
  own.postMessage(Answer.REFUSED);
  own.close();
  const waiting = waiterIn(waiter);
  if (waiting !== undefined) tellFate(waiting, Fate.REFUSED);
}

/** What has `postMessage`: ports and workers, of browsers and of Node, which differ in how they tell what comes. */

/** A port, a worker, or within a worker what leads out of it: `parentPort` on Node, `self` in browsers. */
export interface PortLike {
  // The platforms declare what can be transferred each in its own way.
  // oxlint-disable-next-line typescript/no-explicit-any
  postMessage(message: unknown, transfer?: any): void;
}

/** One end of a `MessageChannel`, as browsers and Node have it. */
export interface OwnPort extends PortLike {
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  removeEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  start(): void;
  close(): void;
}

export function openChannel(): { readonly own: OwnPort; readonly theirs: OwnPort } {
  const { port1, port2 } = new MessageChannel();
  return { own: port1 as unknown as OwnPort, theirs: port2 as unknown as OwnPort };
}

/** The events of both kinds; a worker of Node has `on` alone. */
interface Emitter {
  addEventListener?(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  on?(type: string, listener: (data: unknown) => void): void;
  start?(): void;
  unref?(): void;
  ref?(): void;
}

export function isPort(value: unknown): value is PortLike {
  if (typeof value !== "object" || value === null) return false;
  const port = value as Partial<PortLike> & Emitter;
  return typeof port.postMessage === "function" && (port.addEventListener ?? port.on) !== undefined;
}

/** @param ended called where the platform tells that the other end is gone: Node does, and browsers for ports that are new enough. */
export function hear(port: PortLike, message: (data: unknown) => void, ended: () => void): void {
  const emitter = port as PortLike & Emitter;
  if (emitter.addEventListener !== undefined) {
    emitter.addEventListener("message", ({ data }) => message(data));
    emitter.addEventListener("close", ended);
  } else {
    emitter.on?.("message", message);
    emitter.on?.("exit", ended);
  }
  emitter.start?.();
}

/** Whether what may still come keeps the process running; browsers know no such thing. */
export function keepRunning(port: PortLike, keep: boolean): void {
  const emitter = port as PortLike & Emitter;
  if (keep) emitter.ref?.();
  else emitter.unref?.();
}

/**
 * Who listens under which name in this thread. It hangs on a global symbol, because a bundler or a dependency can bring a second copy of
 * this runtime into the process, and the two must find each other. A worker thread has globals and thus names of its own.
 */

/** One end of a pair as the other end sees it: the whole of what two copies of the runtime must agree on. */
export interface End {
  /** Queues a frame for the owner of this end, and returns how many bytes now wait here. */
  push(frame: Uint8Array): number;
  /** What this end had sent is delivered, all of it. */
  relieved(): void;
  /** The other end closed, after the frames that it pushed. */
  finish(): void;
  /** The other end broke off; nothing that waits is delivered. */
  fail(cause: Error): void;
}

/** Takes the end of somebody who dials and returns the one that it is joined to. */
export type Acceptor = (dialer: End) => End;

/** To be changed together with `End`. */
const KEY = Symbol.for("@rpcgen/runtime/in-process/1");

export function listeners(): Map<string, Acceptor> {
  const globals = globalThis as { [KEY]?: Map<string, Acceptor> };
  return (globals[KEY] ??= new Map());
}

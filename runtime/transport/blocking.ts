/** The contract of a transport for a thread that waits: nothing happens on its links but while it looks at them. */
import type { DialOptions, Link, Transport } from "./transport.js";

/** What calls need of a transport, of either kind. */
export interface Dialler extends Pick<Transport, "scheme" | "secureScheme" | "nameOf"> {
  dial(address: string, options: DialOptions): Promise<Link> | Link;
}

export interface BlockingLink extends Link {
  /** Whether it is over and its receiver has been told. */
  readonly over: boolean;
  /**
   * Writes what waits, reads what has come, and tells the receiver; waits for something for up to `ms` milliseconds if there is nothing. It
   * may return before that. Whether anything moved.
   */
  turn(ms: number): boolean;
}

export interface BlockingTransport extends Dialler {
  /** Returns at once: whether there is anybody, the first turns show. @throws Error whose message names the address and the remedy. */
  dial(address: string, options: DialOptions): BlockingLink;
}

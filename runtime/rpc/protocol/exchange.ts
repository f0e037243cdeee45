/** One side of one call, as the session that carries it sees it. */
import type { Code } from "../codes.js";
import type { RpcError } from "../errors.js";
import type { ErrorFrame } from "./frame.js";

/**
 * The payloads are views of a frame: valid until the method returns. None of these may throw anything but a FrameError.
 */
export interface Exchange {
  /** An element arrived, for which its sender paid `cost`: give it back by `Session.elementRead`. */
  item(payload: Uint8Array, cost: number): void;
  /** The peer sends no further element. */
  end(): void;
  /** The peer wants no further element (from a server), or nothing more of the call (from a client). */
  cancel(code: Code): void;
  /** @throws FrameError if it overflows. */
  grant(bytes: number): void;
  /** The connection is over, and with it the exchange. */
  lost(error: RpcError): void;
}

/** The server's side. */
export interface ServedExchange extends Exchange {
  /** Answers with the error and ends. */
  terminate(error: RpcError): void;
}

/** The caller's side. */
export interface CallerExchange extends Exchange {
  reply(payload: Uint8Array): void;
  error(error: ErrorFrame): void;
  /** The server says that it has not begun the call and will not: another may. */
  notStarted(error: RpcError): void;
}

/** The server's end of a connection as the calls on it see it. */
import type { ServedExchange } from "../protocol/exchange.js";
import type { Session } from "../protocol/session.js";
import type { SessionRecords } from "./session-records.js";

export interface ServingSession extends Session<ServedExchange> {
  /** What is kept of this client's guarded calls. */
  readonly records: SessionRecords;
  /** @throws FrameError if the client cancels more than it may. */
  countCancel(): void;
  /** Whether the reply may wait until the client takes it, if it has to. */
  hasRoomFor(payload: Uint8Array): boolean;
  /**
   * Calls of a session are let in in the order in which they came, however long each takes to be recognised.
   * @param left resolves when nobody waits for the call any more: nor do those behind it.
   * @throws what `authenticated` rejects with.
   */
  inTurn<T>(authenticated: Promise<T>, left: Promise<void>): Promise<T>;
}

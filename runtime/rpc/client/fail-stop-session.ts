/**
 * The client's end of a `@failStop` session: one for each client object, opened by its first call, on one connection, and
 * over for good at the first doubt.
 */
import { ID_BYTES } from "../call-id.js";
import type { Executed } from "../codes.js";
import { RpcError } from "../errors.js";
import type { SessionPlace } from "../protocol/frame.js";
import type { Random } from "../random.js";
import type { ClientSession } from "./client-session.js";

export class FailStopSession {
  #id: Uint8Array | undefined;
  #carrier: ClientSession | undefined;
  #next = 0;
  #revoked: RpcError | undefined;

  /** The connection of the session, while it takes calls. */
  get carrier(): ClientSession | undefined {
    return this.#carrier?.closing === true ? undefined : this.#carrier;
  }

  /** @throws RpcError SESSION_REVOKED if it is over. */
  check(): void {
    if (this.#carrier?.over === true) this.#revoke("its connection is gone");
    if (this.#revoked !== undefined) throw revocation("no", this.#revoked.message);
  }

  /** Why a call may not go by this connection. */
  breach(session: ClientSession): RpcError | undefined {
    if (this.#carrier !== undefined && this.#carrier !== session) this.#revoke("its connection is gone");
    return this.#revoked === undefined ? undefined : revocation("no", this.#revoked.message);
  }

  /** The place of a call that leaves by this connection now. */
  take(session: ClientSession, random: Random): SessionPlace {
    if (this.#carrier === undefined) session.lease();
    this.#carrier = session;
    this.#id ??= random.bytes(ID_BYTES);
    const ordinal = this.#next;
    this.#next += 1;
    return { id: this.#id, ordinal };
  }

  /**
   * A call that left failed. A declared error is an answer like any other, and the place of a call that the server
   * refused before it began is free again, if none came after it; everything else ends the session. What the handler
   * came to is told as it is, even so.
   * @returns what the caller is told.
   */
  after(error: RpcError, executed: Executed, { ordinal }: SessionPlace): RpcError {
    if (error.errorName !== undefined && executed === "yes") return error;
    if (executed === "no" && error.reason === undefined && this.#next === ordinal + 1 && this.#revoked === undefined) {
      this.#next = ordinal;
      return error;
    }
    this.#revoke(error.message);
    return executed === "yes" ? error : revocation(executed, error.message, error);
  }

  #revoke(why: string): void {
    this.#revoked ??= new RpcError({ reason: "SESSION_REVOKED", message: `the session is over: ${why}` });
  }
}

function revocation(executed: Executed, message: string, cause?: RpcError): RpcError {
  return new RpcError({ reason: "SESSION_REVOKED", executed, message, cause });
}

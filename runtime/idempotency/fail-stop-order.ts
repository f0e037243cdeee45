/** The server's end of one `@failStop` session: whose turn it is, and whether it is over. */
import { RpcError } from "../rpc/errors.js";
import { FrameReader } from "../rpc/frame-reader.js";
import { readError, Kind } from "../rpc/protocol/frame.js";
import type { Answer, Asker, Ticket } from "../rpc/server/guard.js";
import { revoked, stale } from "./refusals.js";

export class FailStopOrder {
  readonly #onRevoked: () => void;
  /** Those that wait for their turn, in order. */
  readonly #waiting: Asker[] = [];
  #running: Asker | undefined;
  #granting = false;
  /** The ordinal that must come next. */
  #next = 0;
  #revoked: string | undefined;

  constructor(onRevoked: () => void) {
    this.#onRevoked = onRevoked;
  }

  /** Whether no call of it runs or waits. */
  get idle(): boolean {
    return this.#running === undefined;
  }

  claim(ordinal: number, asker: Asker): void {
    if (this.#revoked !== undefined) return asker.answered(revoked(this.#revoked));
    if (ordinal < this.#next) return asker.answered(stale());
    if (ordinal > this.#next) {
      this.revoke(`call ${this.#next} of it is missing`);
      return asker.answered(revoked(this.#revoked ?? ""));
    }
    this.#next += 1;
    if (this.#running === undefined && this.#waiting.length === 0) return this.#grant(asker);
    this.#waiting.push(asker);
    asker.attached({ leave: () => this.revoke("a call of it was given up") });
  }

  /** Nothing of it begins any more, and what runs is aborted. */
  revoke(why: string): void {
    if (this.#revoked !== undefined) return;
    this.#revoked = why;
    const running = this.#running;
    this.#running = undefined;
    for (const asker of this.#waiting.splice(0)) asker.answered(revoked(why));
    running?.deserted(new RpcError({ reason: "SESSION_REVOKED", executed: "unknown", message: `the session is over: ${why}` }));
    this.#onRevoked();
  }

  #grant(asker: Asker): void {
    this.#running = asker;
    const ticket: Ticket = {
      awaited: false,
      outlivesConnection: false,
      left: () => this.revoke("a call of it was given up"),
      complete: (answer) => this.#completed(answer),
      release: () => this.#released(),
    };
    asker.granted(ticket);
  }

  #completed(answer: Answer): void {
    if (this.#revoked !== undefined) return;
    this.#running = undefined;
    if (answer.kind === Kind.ERROR && readError(new FrameReader(answer.payload)).errorName === "") {
      return this.revoke("a handler failed");
    }
    this.#grantNext();
  }

  /** Those that come to their end at once are granted one after the other, and not each by the one before, for which no stack is high enough. */
  #grantNext(): void {
    if (this.#granting) return;
    this.#granting = true;
    while (this.#running === undefined) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#grant(next);
    }
    this.#granting = false;
  }

  /** The call was refused before it began: its place is free again, unless others stand behind it. */
  #released(): void {
    if (this.#revoked !== undefined) return;
    this.#running = undefined;
    if (this.#waiting.length > 0) return this.revoke("a call of it was refused");
    this.#next -= 1;
  }
}

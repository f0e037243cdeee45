/** Keeps `@failStop`: the calls of a session run one after another, in order, until the first doubt ends it. */
import type { ByteBudget } from "../rpc/byte-budget.js";
import { formatId } from "../rpc/call-id.js";
import type { Asker, CallerRecords, CallGuard, CallName, GuardedCall } from "../rpc/server/guard.js";
import type { ServerLimits } from "../rpc/server/server-limits.js";
import { Timeout, type Timers } from "../rpc/timers.js";
import { RECORD_BYTES } from "./call-record.js";
import { FailStopOrder } from "./fail-stop-order.js";
import { noRoom, revoked, sessionless, unknownSession } from "./refusals.js";

type FailStopLimits = Pick<ServerLimits, "maxSessionsPerConnection" | "recordRetentionMs" | "retryAfterMs">;

/** The sessions of a connection that are not over, with their names: the one that was used last stands last. */
type OpenSessions = Map<FailStopOrder, string>;

export class FailStopGuard implements CallGuard {
  readonly #limits: FailStopLimits;
  readonly #timers: Timers;
  readonly #account: ByteBudget;
  /** Sessions by id, those that are over included, so that none of them begins again. */
  readonly #sessions = new Map<string, FailStopOrder>();
  /** When those that are over may be forgotten, in that order. */
  readonly #over = new Map<string, number>();
  readonly #sweep = new Timeout(() => this.#forget(), false);

  constructor(limits: FailStopLimits, timers: Timers, account: ByteBudget) {
    this.#limits = limits;
    this.#timers = timers;
    this.#account = account;
  }

  /** One for each connection: a session never leaves the one that it began on. */
  open(principal: string): CallerRecords {
    const mine: OpenSessions = new Map();
    return {
      claim: (call, asker) => this.#claim(mine, principal, call, asker),
      settle: (_call: CallName, asker) => asker.answered(revoked("nothing is kept of calls of a session")),
      close: () => {
        for (const order of [...mine.keys()]) order.revoke("its connection is gone");
      },
    };
  }

  close(): void {
    this.#timers.clear(this.#sweep);
    this.#sessions.clear();
    this.#over.clear();
  }

  #claim(mine: OpenSessions, principal: string, call: GuardedCall, asker: Asker): void {
    if (call.session === undefined) return asker.answered(sessionless(call.method.path));
    const name = `${formatId(call.session.id)}/${principal}`;
    const known = this.#sessions.get(name);
    if (known !== undefined) {
      if (mine.delete(known)) mine.set(known, name);
      else known.revoke("another connection claimed it");
      return known.claim(call.session.ordinal, asker);
    }
    if (call.session.ordinal !== 0) return asker.answered(unknownSession());
    if (!this.#makeRoom(mine)) return asker.answered(noRoom(this.#limits.retryAfterMs));
    const order = new FailStopOrder(() => {
      mine.delete(order);
      this.#rest(name);
    });
    this.#sessions.set(name, order);
    mine.set(order, name);
    order.claim(0, asker);
  }

  /** For one more. Client objects come and go without a word: of theirs, the one that rested longest has to end. */
  #makeRoom(mine: OpenSessions): boolean {
    if (mine.size >= this.#limits.maxSessionsPerConnection && !this.#endIdle(mine)) return false;
    return this.#account.take(RECORD_BYTES) || (this.#endIdle(mine) && this.#account.take(RECORD_BYTES));
  }

  /**
   * Need not be remembered: no call of it can come again by this connection, which counts its calls, and none by another.
   * One that its client makes after all has a place behind others, which the server does not know.
   */
  #endIdle(mine: OpenSessions): boolean {
    for (const [order, name] of mine) {
      if (!order.idle) continue;
      mine.delete(order);
      this.#sessions.delete(name);
      this.#account.give(RECORD_BYTES);
      return true;
    }
    return false;
  }

  #rest(name: string): void {
    const until = this.#timers.clock.now() + this.#limits.recordRetentionMs;
    this.#over.set(name, until);
    if (this.#sweep.heapIndex < 0) this.#timers.set(this.#sweep, until);
  }

  #forget(): void {
    const now = this.#timers.clock.now();
    for (const [name, until] of this.#over) {
      if (until > now) return this.#timers.set(this.#sweep, until);
      this.#over.delete(name);
      this.#sessions.delete(name);
      this.#account.give(RECORD_BYTES);
    }
  }
}

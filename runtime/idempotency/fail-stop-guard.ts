/** Keeps `@failStop`: the calls of a session run one after another, in order, until the first doubt ends it. */
import { formatId } from "../rpc/call-id.js";
import type { Asker, CallerRecords, CallGuard, CallName, GuardedCall } from "../rpc/guard.js";
import type { ServerLimits } from "../rpc/limits.js";
import { Timeout, type Timers } from "../rpc/timers.js";
import { FailStopOrder } from "./fail-stop-order.js";
import { RECORD_BYTES, type RecordAccount } from "./record-account.js";
import { noRoom, revoked, sessionless } from "./refusals.js";

type FailStopLimits = Pick<ServerLimits, "recordRetentionMs" | "retryAfterMs">;

export class FailStopGuard implements CallGuard {
  readonly #limits: FailStopLimits;
  readonly #timers: Timers;
  readonly #account: RecordAccount;
  /** Sessions by id, those that are over included, so that none of them begins again. */
  readonly #sessions = new Map<string, FailStopOrder>();
  /** When those that are over may be forgotten, in that order. */
  readonly #over = new Map<string, number>();
  readonly #sweep = new Timeout(() => this.#forget(), false);

  constructor(limits: FailStopLimits, timers: Timers, account: RecordAccount) {
    this.#limits = limits;
    this.#timers = timers;
    this.#account = account;
  }

  /** One for each connection: a session never leaves the one that it began on. */
  open(principal: string): CallerRecords {
    const mine = new Set<FailStopOrder>();
    return {
      claim: (call, asker) => this.#claim(mine, principal, call, asker),
      settle: (_call: CallName, asker) => asker.answered(revoked("nothing is kept of calls of a session")),
      close: () => {
        for (const order of mine) order.revoke("its connection is gone");
      },
    };
  }

  close(): void {
    this.#timers.clear(this.#sweep);
    this.#sessions.clear();
    this.#over.clear();
  }

  #claim(mine: Set<FailStopOrder>, principal: string, call: GuardedCall, asker: Asker): void {
    if (call.session === undefined) return asker.answered(sessionless(call.method.path));
    const name = `${formatId(call.session.id)}/${principal}`;
    const known = this.#sessions.get(name);
    if (known !== undefined) {
      if (!mine.has(known)) known.revoke("another connection claimed it");
      return known.claim(call.session.ordinal, asker);
    }
    if (call.session.ordinal !== 0) return asker.answered(revoked("the server does not know the session"));
    if (!this.#account.charge(RECORD_BYTES)) return asker.answered(noRoom(this.#limits.retryAfterMs));
    const order = new FailStopOrder(() => {
      mine.delete(order);
      this.#rest(name);
    });
    this.#sessions.set(name, order);
    mine.add(order);
    order.claim(0, asker);
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
      this.#account.free(RECORD_BYTES);
    }
  }
}

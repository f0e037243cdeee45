/** The records that a connection has opened, so that a call costs no look-up of its caller. */
import type { CallerRecords, CallGuard } from "./guard.js";

export class SessionRecords {
  readonly #client: Uint8Array;
  readonly #opened = new Map<CallGuard, Map<string, CallerRecords>>();
  #lastGuard: CallGuard | undefined;
  #lastPrincipal: string | undefined;
  #last: CallerRecords | undefined;

  constructor(client: Uint8Array) {
    this.#client = client;
  }

  of(guard: CallGuard, principal: string): CallerRecords {
    if (this.#last !== undefined && this.#lastGuard === guard && this.#lastPrincipal === principal) return this.#last;
    let byPrincipal = this.#opened.get(guard);
    if (byPrincipal === undefined) this.#opened.set(guard, (byPrincipal = new Map()));
    let records = byPrincipal.get(principal);
    if (records === undefined) byPrincipal.set(principal, (records = guard.open(principal, this.#client)));
    this.#lastGuard = guard;
    this.#lastPrincipal = principal;
    this.#last = records;
    return records;
  }

  close(): void {
    for (const byPrincipal of this.#opened.values()) for (const records of byPrincipal.values()) records.close();
    this.#opened.clear();
    this.#last = undefined;
  }
}

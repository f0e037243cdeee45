/** Keeps `@exactlyOnce`: what became of calls, in a store that commits it together with their effect. */
import type { ByteBudget } from "../rpc/byte-budget.js";
import type { CallGuard, CallerRecords, GuardSetting } from "../rpc/server/guard.js";
import { Timeout, type Timers } from "../rpc/timers.js";
import type { CallRecord } from "./call-record.js";
import type { CompletionStore } from "./completion-store.js";
import { DurableRecords, type DurableHost } from "./durable-records.js";
import { ReportedStore } from "./reported-store.js";

/** How often within the retention, and at most how often at all, the store is asked to drop what has expired. */
const COLLECTIONS = 96;
const SHORTEST_PAUSE_MS = 60_000;

export class DurableGuard implements CallGuard {
  readonly #host: DurableHost;
  readonly #timers: Timers;
  readonly #running = new Map<string, CallRecord>();
  readonly #collection = new Timeout(() => this.#collect(), false);

  /** @throws TypeError if the store keeps completions for less time than a method of the services wants. */
  constructor({ services, limits, timers, report }: GuardSetting, store: CompletionStore, account: ByteBudget) {
    for (const method of services.flatMap((service) => Object.values(service.methods))) {
      if (method.semantics !== "exactlyOnce" || (method.retainMs ?? 0) <= store.retentionMs) continue;
      throw new TypeError(`${method.path} wants completions for ${method.retainMs} ms, and the store keeps them for ${store.retentionMs}`);
    }
    const { maxOutcomeBytes, maxTwins, retryAfterMs } = limits;
    const now = (): number => store.now?.() ?? timers.clock.wall();
    this.#host = { store: new ReportedStore(store, report), account, maxOutcomeBytes, maxTwins, retryAfterMs, now, report };
    this.#timers = timers;
    this.#wait();
  }

  open(principal: string, client: Uint8Array): CallerRecords {
    return new DurableRecords(this.#host, principal, client, this.#running);
  }

  /** The store is its owner's to close. */
  close(): void {
    this.#timers.clear(this.#collection);
  }

  #wait(): void {
    const pauseMs = Math.max(SHORTEST_PAUSE_MS, this.#host.store.retentionMs / COLLECTIONS);
    this.#timers.set(this.#collection, this.#timers.clock.now() + pauseMs);
  }

  #collect(): void {
    this.#host.store.collect(this.#host.now()).catch(this.#host.report);
    this.#wait();
  }
}

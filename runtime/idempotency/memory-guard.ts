/** Keeps `@atMostOnce`: what became of calls, in the memory of this instance and for as long as it lives. */
import type { ByteBudget } from "../rpc/byte-budget.js";
import { formatId } from "../rpc/call-id.js";
import type { CallGuard, CallerRecords } from "../rpc/server/guard.js";
import { Timeout, type Timers } from "../rpc/timers.js";
import { ClientRecords } from "./client-records.js";
import { KeyedRecords } from "./keyed-records.js";
import type { MemoryLimits } from "./memory-limits.js";

interface Principal {
  readonly clients: Map<string, ClientRecords>;
  readonly keyed: KeyedRecords;
}

interface Idle {
  readonly forget: () => void;
  readonly until: number;
}

/** How often within the retention it is looked for what has expired. */
const SWEEPS = 16;

export class MemoryGuard implements CallGuard {
  readonly #limits: MemoryLimits;
  readonly #timers: Timers;
  readonly #startedAt: number;
  readonly #account: ByteBudget;
  readonly #principals = new Map<string, Principal>();
  /** Clients without a connection, in the order in which they left. */
  readonly #idle = new Map<ClientRecords, Idle>();
  readonly #sweep = new Timeout(() => this.#expire(), false);

  constructor(limits: MemoryLimits, timers: Timers, account: ByteBudget) {
    this.#limits = limits;
    this.#timers = timers;
    this.#startedAt = timers.clock.now();
    this.#account = account;
  }

  open(principal: string, client: Uint8Array): CallerRecords {
    const owner = this.#principal(principal);
    const name = formatId(client);
    let records = owner.clients.get(name);
    if (records === undefined) {
      const forget = (): void => {
        owner.clients.delete(name);
        this.#prune(principal);
      };
      records = new ClientRecords(this.#limits, this.#account, owner.keyed, (idle) => this.#rest(idle, forget));
      owner.clients.set(name, records);
    } else this.#idle.delete(records);
    records.connections += 1;
    return records;
  }

  close(): void {
    this.#timers.clear(this.#sweep);
    for (const { keyed } of this.#principals.values()) keyed.expire();
    this.#idle.clear();
    this.#principals.clear();
  }

  #principal(name: string): Principal {
    let principal = this.#principals.get(name);
    if (principal === undefined) {
      const prune = (): void => this.#prune(name);
      const keyed = new KeyedRecords(this.#limits, this.#account, this.#timers, this.#startedAt, prune);
      principal = { clients: new Map(), keyed };
      this.#principals.set(name, principal);
    }
    return principal;
  }

  #prune(name: string): void {
    const principal = this.#principals.get(name);
    if (principal?.clients.size === 0 && principal.keyed.empty) this.#principals.delete(name);
  }

  #rest(records: ClientRecords, forget: () => void): void {
    if (!records.worthKeeping) return forget();
    const until = this.#timers.clock.now() + this.#limits.recordRetentionMs;
    this.#idle.set(records, { forget, until });
    if (this.#sweep.heapIndex < 0) this.#timers.set(this.#sweep, until);
  }

  #expire(): void {
    const now = this.#timers.clock.now();
    for (const [records, { until, forget }] of this.#idle) {
      if (until > now) {
        return this.#timers.set(this.#sweep, Math.max(until, now + this.#limits.recordRetentionMs / SWEEPS));
      }
      this.#idle.delete(records);
      records.expire();
      forget();
    }
  }
}

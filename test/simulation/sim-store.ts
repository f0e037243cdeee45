/** The store of the simulated world: what outlives server processes. Serializable by optimism, shared by replicas. */
import {
  CommitUnknown,
  CompletionExists,
  StoreUnavailable,
  type Completion,
  type CompletionKey,
  type CompletionStore,
  type StoreTransaction,
} from "../../runtime/idempotency/completion-store.js";
import type { SimProcess } from "./sim-process.js";
import type { SimRandom } from "./sim-random.js";
import type { SimWeather } from "./sim-weather.js";

/** The user's side of a transaction. */
export interface SimTx {
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string): Promise<void>;
}

interface Versioned<T> {
  value: T;
  version: number;
}

class ConflictError extends Error {}

const MAX_CONFLICTS = 20;

export class SimStoreData {
  readonly id: string;
  readonly retentionMs: number;
  readonly #weather: SimWeather;
  readonly #random: SimRandom;
  readonly #log: (text: string) => void;
  readonly user = new Map<string, Versioned<string>>();
  readonly completions = new Map<string, Versioned<Completion | undefined>>();
  readonly watermarks = new Map<string, Versioned<number>>();
  #version = 0;

  constructor(id: string, retentionMs: number, weather: SimWeather, random: SimRandom, log: (text: string) => void) {
    this.id = id;
    this.retentionMs = retentionMs;
    this.#weather = weather;
    this.#random = random;
    this.#log = log;
  }

  /** The store as a process has it. */
  openFor(process: SimProcess): CompletionStore<SimTx> {
    const find = async (key: CompletionKey): Promise<Completion | undefined> => {
      await this.#reach(process);
      return this.completions.get(completionText(key))?.value;
    };
    return {
      id: this.id,
      retentionMs: this.retentionMs,
      transact: (work) => this.#transact(process, work),
      find,
      acknowledge: async (principal, client, below) => {
        await this.#reach(process);
        this.#raise(clientText(principal, client), below);
        for (const [key, { value }] of this.completions) {
          const [owner, sequence] = splitCompletion(key);
          if (owner === clientText(principal, client) && sequence > 0 && sequence < below && value !== undefined) this.#drop(key);
        }
      },
      collect: async (now) => {
        await this.#reach(process);
        await this.#weather.point(process, "during collection");
        let gone = 0;
        for (const [key, { value }] of this.completions) {
          if (value === undefined || now - value.completedAt <= this.retentionMs) continue;
          const [owner, sequence] = splitCompletion(key);
          if (sequence > 0) this.#raise(owner, sequence + 1);
          this.#drop(key);
          gone += 1;
        }
        return gone;
      },
      close: async () => {},
    };
  }

  async #transact<T>(process: SimProcess, work: (transaction: StoreTransaction<SimTx>) => Promise<T>): Promise<T> {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
      const attempt = new Transaction(this, () => this.#reach(process));
      const result = await work(attempt);
      await this.#weather.point(process, "before commit");
      await this.#reach(process);
      try {
        if (this.#weather.has("storeConflict")) throw new ConflictError();
        const lost = this.#weather.has("storeLost");
        // Of a commit whose answer is lost nobody knows whether it stands.
        if (!lost || this.#random.chance(0.5)) this.#commit(attempt);
        if (lost) {
          this.#log(`${process.name}: the store is lost at a commit`);
          throw new CommitUnknown("the store went away while it committed");
        }
      } catch (error) {
        if (error instanceof ConflictError) continue;
        throw error;
      }
      await this.#weather.point(process, "after commit");
      return result;
    }
    throw new StoreUnavailable("too many conflicts");
  }

  #commit(attempt: Transaction): void {
    for (const [map, key, version] of attempt.reads) if ((map.get(key)?.version ?? 0) !== version) throw new ConflictError();
    for (const [key] of attempt.puts) {
      if (this.completions.get(key)?.value !== undefined) throw new CompletionExists(`${key} is there`);
    }
    for (const [key, completion] of attempt.puts) this.completions.set(key, { value: completion, version: ++this.#version });
    for (const [key, value] of attempt.writes) this.user.set(key, { value, version: ++this.#version });
  }

  async #reach(process: SimProcess): Promise<void> {
    await process.sleep(this.#random.skewed(0.05, 2));
    await process.whileAlive();
    if (this.#weather.storeIsDown) throw new StoreUnavailable("the store cannot be reached");
  }

  #raise(owner: string, below: number): void {
    const before = this.watermarks.get(owner)?.value ?? 0;
    if (below > before) this.watermarks.set(owner, { value: below, version: ++this.#version });
  }

  #drop(key: string): void {
    this.completions.set(key, { value: undefined, version: ++this.#version });
  }
}

type AnyMap = ReadonlyMap<string, Versioned<unknown>>;

class Transaction implements StoreTransaction<SimTx> {
  readonly reads: [AnyMap, string, number][] = [];
  readonly puts = new Map<string, Completion>();
  readonly writes = new Map<string, string>();
  readonly tx: SimTx;
  readonly #data: SimStoreData;
  readonly #reach: () => Promise<void>;

  constructor(data: SimStoreData, reach: () => Promise<void>) {
    this.#data = data;
    this.#reach = reach;
    this.tx = {
      get: async (key) => this.writes.get(key) ?? (await this.#read(data.user, key)),
      put: async (key, value) => void this.writes.set(key, value),
    };
  }

  async find(key: CompletionKey): Promise<Completion | undefined> {
    return this.#read(this.#data.completions, completionText(key));
  }

  async watermark(principal: string, client: string): Promise<number> {
    return (await this.#read(this.#data.watermarks, clientText(principal, client))) ?? 0;
  }

  async put(key: CompletionKey, completion: Completion): Promise<void> {
    this.puts.set(completionText(key), completion);
  }

  async #read<T>(map: ReadonlyMap<string, Versioned<T>>, key: string): Promise<T | undefined> {
    await this.#reach();
    const entry = map.get(key);
    this.reads.push([map, key, entry?.version ?? 0]);
    return entry?.value;
  }
}

function clientText(principal: string, client: string): string {
  return JSON.stringify([principal, client]);
}

function completionText({ principal, client, sequence }: CompletionKey): string {
  return `${sequence}@${clientText(principal, client)}`;
}

function splitCompletion(key: string): readonly [owner: string, sequence: number] {
  const at = key.indexOf("@");
  return [key.slice(at + 1), Number(key.slice(0, at))];
}

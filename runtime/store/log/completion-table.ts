/** The completions and watermarks of a store, in memory, by client. */
import type { Completion, CompletionKey } from "../../idempotency/completion-store.js";
import type { ClientState, Operation } from "./operation.js";

interface Client {
  readonly principal: string;
  readonly client: string;
  below: number;
  /** Milliseconds since 1970. */
  heardAt: number;
  readonly completions: Map<number, Completion>;
}

export class CompletionTable {
  readonly #clients = new Map<string, Client>();
  #newest: number | undefined;

  /** The latest time that anything in it has borne, in milliseconds. */
  get newest(): number | undefined {
    return this.#newest;
  }

  find({ principal, client, sequence }: CompletionKey): Completion | undefined {
    return this.#clients.get(nameOf(principal, client))?.completions.get(sequence);
  }

  watermark(principal: string, client: string): number {
    return this.#clients.get(nameOf(principal, client))?.below ?? 0;
  }

  set({ principal, client, sequence }: CompletionKey, completion: Completion): void {
    const entry = this.#entry(principal, client);
    entry.completions.set(sequence, completion);
    this.#hear(entry, completion.completedAt);
  }

  delete({ principal, client, sequence }: CompletionKey): void {
    this.#clients.get(nameOf(principal, client))?.completions.delete(sequence);
  }

  /** The watermark and the time only grow. */
  raise({ principal, client, below, heardAt }: ClientState): void {
    const entry = this.#entry(principal, client);
    entry.below = Math.max(entry.below, below);
    this.#hear(entry, heardAt);
  }

  /** Raises the watermark, and drops what stands below it. */
  acknowledge(state: ClientState): void {
    this.raise(state);
    const entry = this.#entry(state.principal, state.client);
    for (const sequence of entry.completions.keys()) if (sequence < entry.below && sequence > 0) entry.completions.delete(sequence);
  }

  forget(principal: string, client: string): void {
    this.#clients.delete(nameOf(principal, client));
  }

  /** What is to be done about everything that was completed, and every client that was heard of, before `oldest`. */
  *expired(oldest: number): IterableIterator<Operation> {
    for (const { principal, client, below, heardAt, completions } of this.#clients.values()) {
      const old = [...completions].filter(([, { completedAt }]) => completedAt < oldest).map(([sequence]) => sequence);
      const raised = old.reduce((highest, sequence) => Math.max(highest, sequence + 1), below);
      // A key is used for one call: it has no order in which anything could stand below it.
      const keyed = old.includes(0);
      const forgotten = old.length === completions.size && (heardAt < oldest || keyed);
      // First: the end may be lost in a crash, and what is gone must stand below it.
      if (raised > below && !keyed && !forgotten) yield { kind: "client", principal, client, below: raised, heardAt };
      for (const sequence of old) yield { kind: "expire", key: { principal, client, sequence } };
      if (forgotten) yield { kind: "forget", principal, client };
    }
  }

  /** Everything, as operations that set it. May be iterated while it changes: what is there all the time is seen. */
  *snapshot(): IterableIterator<Operation> {
    for (const { principal, client, below, heardAt, completions } of this.#clients.values()) {
      for (const [sequence, completion] of [...completions]) yield { kind: "complete", key: { principal, client, sequence }, completion };
      yield { kind: "client", principal, client, below, heardAt };
    }
  }

  #hear(entry: Client, at: number): void {
    entry.heardAt = Math.max(entry.heardAt, at);
    this.#newest = Math.max(this.#newest ?? at, at);
  }

  #entry(principal: string, client: string): Client {
    const name = nameOf(principal, client);
    let entry = this.#clients.get(name);
    if (entry === undefined) {
      entry = { principal, client, below: 0, heardAt: 0, completions: new Map() };
      this.#clients.set(name, entry);
    }
    return entry;
  }
}

/** A client's id holds no zero byte. */
function nameOf(principal: string, client: string): string {
  return `${client}\0${principal}`;
}

/** One run of a transaction's work, and whether it may commit. */
import { CompletionExists, type Completion, type CompletionKey, type StoreTransaction } from "../../idempotency/completion-store.js";
import { Pieces } from "../../wire/piece.js";
import type { CommitHistory } from "./commit-history.js";
import type { KeyValueTransaction } from "./key-value.js";
import { KeyValueView } from "./key-value-view.js";
import type { LogState } from "./log-state.js";
import type { Operation } from "./operation.js";
import { completionName, dataName } from "./reads.js";
import { View } from "./view.js";

/** Completions are kept for a day, and must not keep alive the replies to other calls that were encoded into the same memory. */
const retained = new Pieces();

function ownCopy(completion: Completion): Completion {
  const { outcome } = completion;
  return "payload" in outcome ? { ...completion, outcome: { kind: outcome.kind, payload: retained.copyOf(outcome.payload) } } : completion;
}

export class LogTransaction implements StoreTransaction<KeyValueTransaction> {
  readonly tx: KeyValueTransaction;
  readonly #view: View;
  readonly #data: KeyValueView;
  readonly #completions = new Map<string, { readonly key: CompletionKey; readonly completion: Completion }>();
  #exists: CompletionExists | undefined;

  constructor(state: LogState, history: CommitHistory) {
    this.#view = new View(state, history);
    this.#data = new KeyValueView(this.#view);
    this.tx = this.#data;
  }

  /** Whether it is to be run again, whatever its work made of the rejection. */
  get conflicts(): boolean {
    return this.#view.conflict !== undefined;
  }

  async find(key: CompletionKey): Promise<Completion | undefined> {
    return this.#find(key);
  }

  async watermark(principal: string, client: string): Promise<number> {
    this.#view.observe();
    // Not among what was read: it rises with almost every call of the client. What hangs on it is looked at again at the commit.
    return this.#view.state.completions.watermark(principal, client);
  }

  async put(key: CompletionKey, completion: Completion): Promise<void> {
    if (this.#find(key) !== undefined) {
      this.#exists = new CompletionExists(`Call ${key.sequence} of client ${key.client} has a completion already: answer with that one.`);
      throw this.#exists;
    }
    this.#completions.set(completionName(key), { key, completion: ownCopy(completion) });
  }

  /**
   * What is to be committed, and the names of what it changes. Nobody else may commit until it is applied.
   * @throws Conflict or CompletionExists if it must not.
   */
  prepare(): { readonly operations: Operation[]; readonly changed: string[] } {
    this.#view.observe();
    if (this.#exists !== undefined) throw this.#exists;
    for (const { key } of this.#completions.values()) {
      const below = this.#view.state.completions.watermark(key.principal, key.client);
      if (key.sequence > 0 && key.sequence < below) throw this.#view.fail(`call ${key.sequence} was acknowledged while it ran`);
    }
    const data = this.#data.operations();
    return {
      operations: [...data, ...[...this.#completions.values()].map((entry): Operation => ({ kind: "complete", ...entry }))],
      changed: [...data.map((operation) => ("key" in operation ? dataName(operation.key as string) : "")), ...this.#completions.keys()],
    };
  }

  /** Whoever still holds on to it gets an error. */
  end(): void {
    this.#view.end();
  }

  #find(key: CompletionKey): Completion | undefined {
    this.#view.observe();
    const name = completionName(key);
    this.#view.reads.add(name);
    return this.#completions.get(name)?.completion ?? this.#view.state.completions.find(key);
  }
}

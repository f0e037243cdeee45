/** The store of the cells: in memory, and away when it is told to be. */
import {
  CommitUnknown,
  CompletionExists,
  StoreUnavailable,
  type Completion,
  type CompletionKey,
  type CompletionStore,
  type StoreTransaction,
} from "../../runtime/idempotency/completion-store.js";

export interface CellTx {
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string): Promise<void>;
}

function textOf({ principal, client, sequence }: CompletionKey): string {
  return JSON.stringify([principal, client, sequence]);
}

export class CellStore implements CompletionStore<CellTx> {
  readonly id: string;
  readonly retentionMs = 86_400_000;
  down = false;
  /** What becomes of the next commit; the store is down behind it. */
  loseCommit: "stands" | "vanishes" | undefined;
  readonly #user = new Map<string, string>();
  readonly #completions = new Map<string, Completion>();
  readonly #watermarks = new Map<string, number>();
  /** One transaction after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(id: string) {
    this.id = id;
  }

  effectsOf(op: number): number {
    return this.#user.get(`effects/${op}`)?.length ?? 0;
  }

  async transact<T>(work: (transaction: StoreTransaction<CellTx>) => Promise<T>): Promise<T> {
    const user = new Map<string, string>();
    const completions = new Map<string, Completion>();
    this.#reach();
    const result = await work({
      tx: {
        get: async (key) => user.get(key) ?? this.#user.get(key),
        put: async (key, value) => void user.set(key, value),
      },
      find: async (key) => this.#completions.get(textOf(key)),
      watermark: async (principal, client) => this.#watermarks.get(JSON.stringify([principal, client])) ?? 0,
      put: async (key, completion) => void completions.set(textOf(key), completion),
    });
    const turn = this.#turn.then(() => this.#commit(user, completions));
    this.#turn = turn.catch(() => {});
    await turn;
    return result;
  }

  async find(key: CompletionKey): Promise<Completion | undefined> {
    this.#reach();
    return this.#completions.get(textOf(key));
  }

  async acknowledge(principal: string, client: string, below: number): Promise<void> {
    const owner = JSON.stringify([principal, client]);
    this.#watermarks.set(owner, Math.max(below, this.#watermarks.get(owner) ?? 0));
    for (const key of this.#completions.keys()) {
      const [itsPrincipal, itsClient, sequence] = JSON.parse(key) as [string, string, number];
      if (itsPrincipal === principal && itsClient === client && sequence > 0 && sequence < below) this.#completions.delete(key);
    }
  }

  async collect(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {}

  #commit(user: ReadonlyMap<string, string>, completions: ReadonlyMap<string, Completion>): void {
    this.#reach();
    for (const key of completions.keys()) if (this.#completions.has(key)) throw new CompletionExists(key);
    const { loseCommit } = this;
    if (loseCommit !== "vanishes") {
      for (const [key, value] of user) this.#user.set(key, value);
      for (const [key, completion] of completions) this.#completions.set(key, completion);
    }
    if (loseCommit === undefined) return;
    this.loseCommit = undefined;
    this.down = true;
    throw new CommitUnknown("the store went away while it committed");
  }

  #reach(): void {
    if (this.down) throw new StoreUnavailable("the store cannot be reached");
  }
}

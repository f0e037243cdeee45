/** The user's side of a transaction of the store in memory: what `ctx.tx` is there. */

/** What is committed under a key. */
export interface Cell {
  readonly value: unknown;
  /** Of the commit that wrote it. */
  readonly version: number;
}

/** Which keys, in the order of their UTF-16 code units. */
export interface KeyRange {
  /** Only keys that begin with it. */
  readonly prefix?: string;
  /** The first key, included. */
  readonly from?: string;
  /** Where to stop, not included. */
  readonly to?: string;
}

/** Reads see what is committed and this transaction's own writes. Values are copied on the way in and out. */
export class MemoryTransaction {
  readonly #data: Map<string, Cell>;
  /** 0: it was not there. */
  readonly #reads = new Map<string, number>();
  readonly #ranges: { readonly range: KeyRange; readonly versions: string }[] = [];
  readonly #writes = new Map<string, { readonly value: unknown } | undefined>();

  /** Made by the store. */
  constructor(data: Map<string, Cell>) {
    this.#data = data;
  }

  async get<Value = unknown>(key: string): Promise<Value | undefined> {
    if (this.#writes.has(key)) return structuredClone(this.#writes.get(key)?.value) as Value | undefined;
    const cell = this.#data.get(key);
    if (!this.#reads.has(key)) this.#reads.set(key, cell?.version ?? 0);
    return structuredClone(cell?.value) as Value | undefined;
  }

  /** @param value anything that can be cloned. */
  async put(key: string, value: unknown): Promise<void> {
    this.#writes.set(key, { value: structuredClone(value) });
  }

  async delete(key: string): Promise<void> {
    this.#writes.set(key, undefined);
  }

  /** In the order of keys, as they are when it begins. */
  async *scan<Value = unknown>(range: KeyRange = {}): AsyncGenerator<{ readonly key: string; readonly value: Value }> {
    this.#ranges.push({ range, versions: this.#versions(range) });
    const keys = new Set([...this.#data.keys(), ...this.#writes.keys()].filter((key) => within(key, range)));
    const entries = [...keys].toSorted((a, b) => (a < b ? -1 : 1)).map((key) => {
      const written = this.#writes.has(key) ? this.#writes.get(key) : this.#data.get(key);
      return written === undefined ? undefined : { key, value: structuredClone(written.value) as Value };
    });
    for (const entry of entries) if (entry !== undefined) yield entry;
  }

  /** Whether all that was read is still so. */
  get stands(): boolean {
    for (const [key, version] of this.#reads) if ((this.#data.get(key)?.version ?? 0) !== version) return false;
    return this.#ranges.every(({ range, versions }) => this.#versions(range) === versions);
  }

  /** The store's: commits what was written. */
  apply(version: number): void {
    for (const [key, written] of this.#writes) {
      if (written === undefined) this.#data.delete(key);
      else this.#data.set(key, { value: written.value, version });
    }
  }

  #versions(range: KeyRange): string {
    const parts: string[] = [];
    for (const [key, { version }] of this.#data) if (within(key, range)) parts.push(`${JSON.stringify(key)}:${version}`);
    return parts.toSorted().join();
  }
}

function within(key: string, { prefix = "", from = "", to }: KeyRange): boolean {
  return key.startsWith(prefix) && key >= from && (to === undefined || key < to);
}

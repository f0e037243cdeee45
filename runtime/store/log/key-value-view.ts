/** The user's side of a transaction: writes lie over what the view shows until they are committed. */
import { show } from "../../wire/errors.js";
import type { KeyRange, KeyValue, KeyValueTransaction } from "./key-value.js";
import type { Operation } from "./operation.js";
import { dataName, type ScannedRange } from "./reads.js";
import { SortedKeys } from "./sorted-keys.js";
import type { View } from "./view.js";

export class KeyValueView implements KeyValueTransaction {
  readonly #view: View;
  /** undefined: deleted. */
  readonly #writes = new Map<string, Uint8Array | undefined>();
  readonly #writtenKeys = new SortedKeys();

  constructor(view: View) {
    this.#view = view;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.#view.observe();
    if (this.#writes.has(key)) return this.#writes.get(key)?.slice();
    this.#view.reads.add(dataName(key));
    return this.#view.state.values.get(key)?.slice();
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    // Of text or a number, a copy would be empty, or of zeros.
    if (!(value instanceof Uint8Array)) throw new TypeError(`The value of the key ${JSON.stringify(key)} is ${show(value)}: give a Uint8Array.`);
    this.#write(key, new Uint8Array(value));
  }

  async delete(key: string): Promise<void> {
    this.#write(key, undefined);
  }

  async *scan(range: KeyRange = {}): AsyncIterable<KeyValue> {
    const { prefix = "", from = "", to } = range;
    this.#view.observe();
    const first = from > prefix ? from : prefix;
    const scanned: ScannedRange = { range, through: first };
    this.#view.reads.addRange(scanned);
    for (let key = this.#next(first, false); key !== undefined; key = this.#next(key, true)) {
      if (!key.startsWith(prefix) || (to !== undefined && key >= to)) break;
      scanned.through = key;
      const value = this.#writes.has(key) ? this.#writes.get(key) : this.#view.state.values.get(key);
      if (value === undefined) continue;
      yield { key, value: value.slice() };
      this.#view.observe();
    }
    scanned.through = undefined;
  }

  /** What was written, in the order of first writing. */
  operations(): Operation[] {
    return [...this.#writes].map(([key, value]) => (value === undefined ? { kind: "delete", key } : { kind: "put", key, value }));
  }

  #write(key: string, value: Uint8Array | undefined): void {
    this.#view.use();
    if (!key.isWellFormed()) throw new TypeError(`The key ${JSON.stringify(key)} has a lone surrogate: use text that is Unicode, or encode it.`);
    if (!this.#writes.has(key)) this.#writtenKeys.add(key);
    this.#writes.set(key, value);
  }

  /** Of the state and the writes over it. */
  #next(key: string, beyond: boolean): string | undefined {
    const stored = this.#view.state.keys.next(key, beyond);
    const written = this.#writtenKeys.next(key, beyond);
    if (stored === undefined || written === undefined) return stored ?? written;
    return stored < written ? stored : written;
  }
}

/** An outbox among the keys of a store, under a prefix of its own. */
import { randomUUID } from "node:crypto";
import { checkNames, type NamesOf } from "../../wire/known-names.js";
import type { Outbox, OutboxEntry } from "../outbox/outbox.js";
import { ByteReader } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import type { KeyValueTransaction } from "./key-value.js";
import type { LogStore } from "./log-store.js";

export interface LogOutboxOptions {
  /** Of several in one store. Its keys begin with `$outbox/NAME/`. Default: `default`. */
  readonly name?: string;
}

export interface LogOutboxEntry extends OutboxEntry {
  /** Where it stands in the store. */
  readonly place: string;
}

const POSITION_DIGITS = 16;

const NAMES: NamesOf<LogOutboxOptions> = { name: 0 };

/**
 * Make one for each name and store, and share it: it knows what is being delivered.
 * @throws TypeError for an unknown option.
 */
export function logOutbox(store: LogStore, options: LogOutboxOptions = {}): Outbox<KeyValueTransaction, LogOutboxEntry> {
  checkNames("logOutbox", options, NAMES);
  return new KeyValueOutbox(store, `$outbox/${encodeURIComponent(options.name ?? "default")}/`);
}

class KeyValueOutbox implements Outbox<KeyValueTransaction, LogOutboxEntry> {
  readonly #store: LogStore;
  readonly #entries: string;
  readonly #tails: string;
  /** Until when an entry, by its id, is claimed or put off. Not kept: only this process delivers, and the next one may at once. */
  readonly #heldUntil = new Map<string, number>();

  constructor(store: LogStore, prefix: string) {
    this.#store = store;
    this.#entries = `${prefix}entry/`;
    this.#tails = `${prefix}tail/`;
  }

  async enqueue(tx: KeyValueTransaction, { key, payload }: { readonly key: string; readonly payload: Uint8Array }): Promise<string> {
    // Who enqueues for one key reads and writes its tail, so their order is that of their commits.
    const tail = this.#tailOf(key);
    const position = numberOf(await tx.get(tail)) + 1;
    await tx.put(tail, new ByteWriter().number(position).finish());
    const id = randomUUID();
    await tx.put(`${this.#entries}${encodeURIComponent(key)}/${String(position).padStart(POSITION_DIGITS, "0")}`, encode(id, 0, payload));
    return id;
  }

  async claim(limit: number, forMs: number): Promise<LogOutboxEntry[]> {
    let taken: LogOutboxEntry[] = [];
    const letGo = (): void => {
      for (const { id } of taken) this.#heldUntil.delete(id);
      taken = [];
    };
    try {
      // Held as soon as it is read: nobody who reads meanwhile takes it too. A second run begins with what the first let go.
      return await this.#store.transact(async ({ tx }) => {
        letGo();
        const now = performance.now();
        for await (const entry of this.#heads(tx)) {
          if (taken.length >= limit) break;
          if ((this.#heldUntil.get(entry.id) ?? 0) > now) continue;
          this.#heldUntil.set(entry.id, now + forMs);
          taken.push(entry);
        }
        return taken;
      });
    } catch (error) {
      letGo();
      throw error;
    }
  }

  async remove(entry: LogOutboxEntry): Promise<void> {
    await this.#store.transact(async ({ tx }) => {
      if (!(await isThere(tx, entry))) return;
      await tx.delete(entry.place);
      // The last one: a key that is not used any more leaves nothing behind.
      const tail = this.#tailOf(entry.key);
      if (numberOf(await tx.get(tail)) === positionOf(entry.place)) await tx.delete(tail);
    });
    this.#heldUntil.delete(entry.id);
  }

  async putOff(entry: LogOutboxEntry, delayMs: number): Promise<void> {
    await this.#store.transact(async ({ tx }) => {
      if (await isThere(tx, entry)) await tx.put(entry.place, encode(entry.id, entry.attempt, entry.payload));
    });
    this.#heldUntil.set(entry.id, performance.now() + delayMs);
  }

  /** The first entry of each key. */
  async *#heads(tx: KeyValueTransaction): AsyncIterable<LogOutboxEntry> {
    let from = this.#entries;
    for (;;) {
      const head = await first(tx.scan({ prefix: this.#entries, from }));
      if (head === undefined) return;
      const queue = head.key.slice(0, -POSITION_DIGITS);
      from = `${queue}\uffff`;
      yield { ...decode(head.value), key: decodeURIComponent(queue.slice(this.#entries.length, -1)), place: head.key };
    }
  }

  #tailOf(key: string): string {
    return this.#tails + encodeURIComponent(key);
  }
}

/** A claim may have run out, the entry gone, and its place be that of another. */
async function isThere(tx: KeyValueTransaction, { place, id }: LogOutboxEntry): Promise<boolean> {
  const value = await tx.get(place);
  return value !== undefined && decode(value).id === id;
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

function positionOf(place: string): number {
  return Number(place.slice(-POSITION_DIGITS));
}

function numberOf(value: Uint8Array | undefined): number {
  return value === undefined ? 0 : new ByteReader(value).number();
}

function encode(id: string, attempts: number, payload: Uint8Array): Uint8Array {
  return new ByteWriter().text(id).number(attempts).bytes(payload).finish();
}

function decode(value: Uint8Array): Pick<OutboxEntry, "id" | "attempt" | "payload"> {
  const reader = new ByteReader(value);
  return { id: reader.text(), attempt: reader.number() + 1, payload: reader.bytes() };
}

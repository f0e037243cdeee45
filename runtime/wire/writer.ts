/** Writes one value: its body field by field into a scratch buffer, and the text of its strings in one go behind it. */
import { EncodeError, show } from "./errors.js";
import { VALUE_START, wrongType } from "./flat-writer.js";
import { MAX_DEPTH, MAX_NODES, RETAINED_BYTES } from "./limits.js";
import { type KeyType, sortedEntries } from "./map-order.js";
import { mergeUnknown, openUnknown, writeUnknownMember, type PendingUnknown } from "./merge-unknown.js";
import { FieldWriter } from "./field-writer.js";
import { loneSurrogate } from "./payload-writer.js";
import { TextForm, writeLatin1, writeUtf16 } from "./text.js";
import type { UnknownMember } from "./unknown-fields.js";
import { tagLength } from "./wire-type.js";

const INITIAL_CAPACITY = 4096;

export class Writer extends FieldWriter {
  #depth = 0;
  #nodes = 0;
  /** For each open block: the pool's length and the position where it began. */
  readonly #blocks: number[] = [];

  /** Takes the field that began at `start` back when its `width` flat bytes, the last written, are all 0. */
  omitZero(start: number, width: number): void {
    if (this.isZeroFrom(this.position - width)) this.position = start;
  }

  /** Takes the message field that began at `start` back when the message has no fields. */
  omitEmpty(start: number, tag: number): void {
    if (this.position === start + tagLength(tag) + 1) this.position = start;
  }

  /** Opens a message. What it returns goes to `leave`. */
  enter(value: object, name: string): PendingUnknown | undefined {
    this.open(value, name);
    return openUnknown(this, value, name);
  }

  /** Ends a message, and merges the fields that its decoder did not know back in. */
  leave(unknown: PendingUnknown | undefined): void {
    if (unknown !== undefined) mergeUnknown(this, unknown);
    this.varint(0);
    this.#depth--;
  }

  /** Opens a union or a struct that is not flat. */
  open(value: object, name: string): void {
    this.object(value, name);
    if (++this.#depth > MAX_DEPTH) throw new EncodeError(`values nest at most ${MAX_DEPTH} deep`, name);
    this.#count(1, name);
  }

  /** Ends a struct that is not flat. */
  close(): void {
    this.#depth--;
  }

  /** Ends a union. */
  closeUnion(): void {
    this.varint(0);
    this.#depth--;
  }

  /** @throws EncodeError if the value is not an object. */
  object(value: object, name: string): void {
    if (typeof value !== "object" || value === null) throw new EncodeError(`is an object, got ${show(value)}`, name);
  }

  /** A member that this program does not know, as its decoder kept it. */
  unknownMember(member: UnknownMember, name: string): void {
    writeUnknownMember(this, member, name);
  }

  /** @throws EncodeError always. */
  noSuchMember(value: { readonly kind: unknown }, name: string): never {
    throw new EncodeError(`has no member ${show(value.kind)}`, name);
  }

  /** Whether a list is to be written at all. */
  hasItems(list: readonly unknown[], place: string): boolean {
    checkList(list, place);
    return list.length > 0;
  }

  /** Begins a list of elements that are not flat. */
  list(list: readonly unknown[], elementType: number, place: string): void {
    checkList(list, place);
    this.#count(list.length, place);
    this.varint(((list.length << 3) | elementType) >>> 0);
  }

  /** Begins a list of flat elements. Returns the offset of the first. */
  flatList(list: readonly unknown[], width: number, place: string): number {
    checkList(list, place);
    return this.flat(list.length * width);
  }

  /** Begins the body of a list of structs that are not flat. */
  structList(list: readonly unknown[], place: string): void {
    checkList(list, place);
    this.#count(list.length, place);
    this.varint(list.length);
  }

  /** Whether a map is to be written at all. */
  hasEntries(map: ReadonlyMap<unknown, unknown>, place: string): boolean {
    checkMap(map, place);
    return map.size > 0;
  }

  /** Begins a map, and gives its entries with their keys ascending. `types` is the second byte of a map. */
  map<K extends string | number | bigint | boolean, V>(
    map: ReadonlyMap<K, V>,
    types: number,
    keyType: KeyType,
    place: string,
  ): Iterable<readonly [K, V]> {
    checkMap(map, place);
    this.#count(map.size, place);
    this.varint((map.size << 3) >>> 0);
    this.bytes[this.take(1)] = types;
    return sortedEntries(map, keyType, place);
  }

  /** Begins a struct that is not flat, or a list of such. `endBlock` writes the lengths that come before it. */
  beginBlock(): this {
    this.#blocks.push(this.pool.length, this.position);
    return this;
  }

  endBlock(): void {
    const start = this.#blocks.pop() as number;
    const units = this.pool.length - (this.#blocks.pop() as number);
    const end = this.position;
    this.varint(end - start);
    this.varint(units);
    const head = this.position - end;
    this.reserve(head);
    // The head was written behind the body; turn them round.
    const saved = this.bytes.slice(end, end + head);
    this.bytes.copyWithin(start + head, start, end);
    this.bytes.set(saved, start);
  }

  /** As `endBlock`, but takes the whole field that began at `fieldStart` back when the struct is one of zeros. */
  endBlockOrOmit(fieldStart: number): void {
    if (!this.isZeroFrom(this.#blocks.at(-1) as number)) {
      this.endBlock();
      return;
    }
    this.#blocks.length -= 2;
    this.position = fieldStart;
  }

  #count(nodes: number, place: string): void {
    this.#nodes += nodes;
    if (this.#nodes > MAX_NODES) throw new EncodeError(`a value has at most ${MAX_NODES} nodes`, place);
  }

  /** The whole value, and the writer ready for another. */
  finish(): Uint8Array<ArrayBuffer> {
    const pool = this.pool;
    let header = 0;
    if (pool.length > 0) {
      this.reserve(2 * pool.length);
      header = pool.length * 2 + this.#writePool(pool);
    }
    const start = VALUE_START - tagLength(header);
    const end = this.position;
    this.position = start;
    this.varint(header);
    const result = this.bytes.slice(start, end);
    giveBack(this);
    return result;
  }

  #writePool(pool: string): number {
    const at = this.position;
    if (writeLatin1(this.bytes, at, pool)) {
      this.position = at + pool.length;
      return TextForm.LATIN1;
    }
    if (!pool.isWellFormed()) throw loneSurrogate("text");
    writeUtf16(this.bytes, at, pool);
    this.position = at + 2 * pool.length;
    return TextForm.UTF16;
  }

  /** A flat value, which has neither header nor pool. */
  finishFlat(): Uint8Array<ArrayBuffer> {
    const result = this.bytes.slice(VALUE_START, this.position);
    giveBack(this);
    return result;
  }

  /** Forgets the value. */
  reset(): void {
    this.position = VALUE_START;
    this.pool = "";
    this.#depth = 0;
    this.#nodes = 0;
  }
}

let spare: Writer | undefined;

/** A writer that nobody else has: an encode within an encode, or after one that threw, gets its own. */
export function takeWriter(): Writer {
  const writer = spare;
  if (writer === undefined) return new Writer(INITIAL_CAPACITY);
  spare = undefined;
  return writer;
}

function giveBack(writer: Writer): void {
  if (writer.bytes.length > RETAINED_BYTES) return;
  writer.reset();
  spare = writer;
}

function checkList(list: readonly unknown[], place: string): void {
  if (!Array.isArray(list)) throw wrongType("a list", "an array", list, place);
}

function checkMap(map: ReadonlyMap<unknown, unknown>, place: string): void {
  if (!(map instanceof Map)) throw wrongType("a map", "a Map", map, place);
}

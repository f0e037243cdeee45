/** Writes one value: its body field by field into a scratch buffer, and the text of its strings in one go behind it. */
import { EncodeError, show } from "./errors.js";
import { FieldWriter } from "./field-writer.js";
import { HEADER_ROOM, wrongType } from "./flat-writer.js";
import { MAX_DEPTH, MAX_NODES } from "./limits.js";
import { type KeyType, sortedKeys } from "./map-order.js";
import { mergeUnknown, openUnknown, writeUnknownMember, type PendingUnknown } from "./merge-unknown.js";
import { newPiece } from "./piece.js";
import { TextForm, writeLatin1 } from "./text.js";
import type { UnknownFields, UnknownMember } from "./unknown-fields.js";
import { tagLength } from "./wire-type.js";

export class Writer extends FieldWriter {
  depth = 0;
  protected nodes = 0;
  /** Fields under way that may be taken back, with their nodes: until then nobody knows whether there are too many. */
  protected attempts = 0;
  /** The first offset of those under way at which something began beyond the limit of depth; -1 where nothing did. */
  protected tooDeepAt = -1;
  /** For each open block: the nodes, the pool's length and the position where it began. */
  protected readonly blocks: number[] = [];

  /** Takes the field that began at `start` back when its `width` flat bytes, the last written, are all 0. */
  omitZero(start: number, width: number): void {
    if (this.isZeroFrom(this.position - width)) this.rewind(start);
  }

  /** Begins a message or a struct that is taken back if it is a zero. What it returns goes to what decides. */
  attempt(): number {
    this.attempts += 1;
    return this.offset();
  }

  /** Takes the message field that began at `start` back, with its `weight`, when the message has no fields. */
  omitEmpty(start: number, tag: number, weight: number, name: string): void {
    if (this.offset() !== start + tagLength(tag) + 1) return this.keepAttempt(name);
    this.takeBack(start);
    this.nodes -= weight;
  }

  protected takeBack(start: number): void {
    this.attempts -= 1;
    this.rewind(start);
    // What began right at the start is the message that the field is in; what the field holds began behind its tag.
    if (this.tooDeepAt > start) this.tooDeepAt = -1;
  }

  /** What is there for good is looked at once more: its size may have been let pass. */
  protected keepAttempt(name: string): void {
    this.attempts -= 1;
    this.countNodes(0, name);
    if (this.tooDeepAt >= 0 && this.attempts === 0) throw tooDeep(name);
  }

  /**
   * Opens a message, a union or a struct that is not flat.
   * @param weight what it counts among the nodes of its value.
   */
  enter(value: object, name: string, weight: number): void {
    this.object(value, name);
    this.nodes += weight;
    if (++this.depth > MAX_DEPTH || this.nodes > MAX_NODES) this.refuseSize(name);
    this.room();
  }

  /** Opens a message within which nothing is ever opened, so that its depth need not be kept. `leaveLeaf` ends it. */
  enterLeaf(value: object, name: string, weight: number): void {
    this.object(value, name);
    this.nodes += weight;
    if (this.depth >= MAX_DEPTH || this.nodes > MAX_NODES) this.refuseSize(name, this.depth + 1);
    this.room();
  }

  /** The fields of a message under way that its decoder did not know. What it returns goes to `leave`. */
  keep(unknown: UnknownFields | undefined, name: string): PendingUnknown | undefined {
    return unknown === undefined ? undefined : openUnknown(this, unknown, name);
  }

  /** Ends a message, and merges the fields that its decoder did not know back in. */
  leave(unknown: PendingUnknown | undefined): void {
    if (unknown !== undefined) mergeUnknown(this, unknown);
    this.leaveUnion();
  }

  leaveLeaf(unknown: PendingUnknown | undefined): void {
    if (unknown !== undefined) this.mergeIntoLeaf(unknown);
    this.bytes[this.position++] = 0;
    this.room();
  }

  /** What nobody knows may be deep, so here the depth of the leaf matters. */
  protected mergeIntoLeaf(unknown: PendingUnknown): void {
    this.depth += 1;
    mergeUnknown(this, unknown);
    this.depth -= 1;
  }

  /** Ends a union. */
  leaveUnion(): void {
    this.bytes[this.position++] = 0;
    this.depth -= 1;
    this.room();
  }

  /** Ends a struct that is not flat. */
  close(): void {
    this.depth -= 1;
  }

  /** @throws EncodeError if the value is not an object. */
  object(value: object, name: string): void {
    if (typeof value !== "object" || value === null) throw noObject(value, name);
  }

  /** A member that this program does not know, as its decoder kept it. */
  unknownMember(member: UnknownMember, name: string): void {
    writeUnknownMember(this, member, name);
  }

  /** @throws EncodeError always. */
  noSuchMember(value: { readonly kind: unknown }, name: string): never {
    throw new EncodeError(`has no member ${show(value.kind)}: a union is { kind: "…", value: … }`, name);
  }

  /** Whether a list is to be written at all. */
  hasItems(list: readonly unknown[], place: string): boolean {
    checkList(list, place);
    return list.length > 0;
  }

  /**
   * Begins a list of elements that are not flat.
   * @param weight what each element counts among the nodes, beside what it counts itself.
   */
  list(list: readonly unknown[], elementType: number, place: string, weight = 1): void {
    checkList(list, place);
    this.countNodes(list.length * weight, place);
    this.varint(list.length === 0 ? 0 : ((list.length << 3) | elementType) >>> 0);
  }

  /** Begins a list of flat elements. Returns the offset of the first. */
  flatList(list: readonly unknown[], width: number, place: string): number {
    checkList(list, place);
    return this.flat(list.length * width);
  }

  /** Begins the body of a list of structs that are not flat. */
  structList(list: readonly unknown[], place: string): void {
    checkList(list, place);
    this.countNodes(list.length, place);
    // Within a block none at all are no bytes, so that a struct of zeros is all zeros.
    if (list.length > 0 || this.blocks.length === 0) this.varint(list.length);
  }

  /** Whether a map is to be written at all. */
  hasEntries(map: ReadonlyMap<unknown, unknown>, place: string): boolean {
    checkMap(map, place);
    return map.size > 0;
  }

  /**
   * Begins a map, and gives its keys, ascending. `types` is the second byte of a map.
   * @param weight what each entry counts among the nodes, beside what its value counts itself.
   */
  map<K extends string | number | bigint | boolean>(
    map: ReadonlyMap<K, unknown>,
    types: number,
    keyType: KeyType,
    place: string,
    weight = 1,
  ): K[] {
    checkMap(map, place);
    this.countNodes(map.size * weight, place);
    this.varint((map.size << 3) >>> 0);
    if (map.size === 0) return [];
    // In two steps: `take` may put other bytes in the place of these.
    const at = this.take(1);
    this.bytes[at] = types;
    return sortedKeys(map, keyType, place);
  }

  /** Begins a struct that is not flat, or a list of such. `endBlock` writes the lengths that come before it. */
  beginBlock(): this {
    this.reserve(2);
    this.blocks.push(this.nodes, this.pool.length, this.offset());
    // Mostly both lengths take a byte; otherwise the body moves.
    this.position += 2;
    return this;
  }

  endBlock(): void {
    const offset = this.blocks.pop() as number;
    const units = this.pool.length - (this.blocks.pop() as number);
    this.blocks.pop();
    const length = this.offset() - offset - 2;
    const head = tagLength(length) + tagLength(units);
    if (head > 2) {
      this.reserve(head - 2);
      const start = this.origin + offset;
      this.bytes.copyWithin(start + head, start + 2, this.position);
    }
    this.rewind(offset);
    this.varintInPlace(length);
    this.varintInPlace(units);
    this.rewind(offset + head + length);
  }

  /** As `endBlock`, but takes the whole field that began at `fieldStart` back when the struct is one of zeros. */
  endBlockOrOmit(fieldStart: number, name: string): void {
    if (!this.isZeroFrom(this.origin + (this.blocks.at(-1) as number) + 2)) {
      this.endBlock();
      this.keepAttempt(name);
      return;
    }
    this.nodes = this.blocks.at(-3) as number;
    this.blocks.length -= 3;
    this.takeBack(fieldStart);
  }

  /** Counts what is about to be written. */
  countNodes(nodes: number, place: string): void {
    this.nodes += nodes;
    if (this.nodes > MAX_NODES) this.refuseSize(place);
  }

  /** Refuses what is too large for good. What may be taken back is let go on for a while, not without end. */
  protected refuseSize(place: string, depth = this.depth): void {
    const factor = this.attempts === 0 ? 1 : 2;
    if (depth > factor * MAX_DEPTH) throw tooDeep(place);
    if (this.nodes > factor * MAX_NODES) throw new EncodeError(`a value has at most ${MAX_NODES} nodes`, place);
    if (depth > MAX_DEPTH && this.tooDeepAt < 0) this.tooDeepAt = this.offset();
  }

  /** The whole value, and the writer ready for another. */
  finish(): Uint8Array<ArrayBuffer> {
    const pool = this.pool;
    let header = 0;
    if (pool.length > 0) header = pool.length * 2 + this.writePool(pool);
    const from = this.origin + HEADER_ROOM - tagLength(header);
    const end = this.position;
    this.position = from;
    this.varintInPlace(header);
    this.position = end;
    const result = this.handOut(from);
    giveBack(this);
    return result;
  }

  protected writePool(pool: string): number {
    this.reserve(pool.length);
    if (writeLatin1(this.bytes, this.position, pool)) {
      this.position += pool.length;
      return TextForm.LATIN1;
    }
    this.wideText(pool, "text");
    return TextForm.UTF16;
  }

  /** A flat value, which has neither header nor pool. */
  finishFlat(): Uint8Array<ArrayBuffer> {
    const result = this.handOut(this.origin + HEADER_ROOM);
    giveBack(this);
    return result;
  }

  /** Forgets the value. */
  reset(): void {
    this.position = this.origin + HEADER_ROOM;
    this.pool = "";
    this.depth = 0;
    this.nodes = 0;
    this.attempts = 0;
    this.tooDeepAt = -1;
  }
}

function tooDeep(place: string): EncodeError {
  return new EncodeError(`values nest at most ${MAX_DEPTH} deep`, place);
}

function noObject(value: unknown, name: string): EncodeError {
  return new EncodeError(`takes an object, got ${show(value)}`, name);
}

let spare: Writer | undefined;

/** A writer that nobody else has: an encode within an encode, or after one that threw, gets its own. */
export function takeWriter(): Writer {
  const writer = spare;
  // Memory that was transferred to another thread, with a value in it, has no length.
  if (writer === undefined || writer.bytes.length === 0) return new Writer(newPiece(0));
  spare = undefined;
  return writer;
}

function giveBack(writer: Writer): void {
  writer.reset();
  spare = writer;
}

function checkList(list: readonly unknown[], place: string): void {
  if (!Array.isArray(list)) throw wrongType("a list", "an array", list, place);
}

function checkMap(map: ReadonlyMap<unknown, unknown>, place: string): void {
  if (!(map instanceof Map)) throw wrongType("a map", "a Map", map, place);
}

/** Reads one value: the text of all its strings in one go, then its body field by field. Trusts nothing. */
import { FieldReader } from "./field-reader.js";
import { isKnownNumber } from "./known-numbers.js";
import { INLINE_TEXT, MAX_DEPTH, MAX_NESTED_LISTS, MAX_NODES, UNKNOWN_NODES } from "./limits.js";
import { TextForm } from "./text.js";
import { assemble, UNKNOWN_FIELDS, type Carrier, type UnknownMember } from "./unknown-fields.js";
import { tagLength, WireType } from "./wire-type.js";

/** Runs of unknown fields that stand side by side: start and end in the body and in the pool, four numbers a run. */
export type UnknownRuns = number[];

export class Reader extends FieldReader {
  protected depth = 0;
  /** What was read counts so many. */
  nodes = 0;
  /** For each open block: where its body begins and ends, and where its text ends. */
  protected readonly blocks: number[] = [];

  override openFlat(bytes: Uint8Array): this {
    super.openFlat(bytes);
    this.depth = 0;
    this.nodes = 0;
    // Only a decode that failed leaves any, and to set the length of an array is dear.
    if (this.blocks.length > 0) this.blocks.length = 0;
    return this;
  }

  /** As `open`, for a value that is to stand within another, at that depth. */
  openWithin(bytes: Uint8Array, depth: number): this {
    this.open(bytes);
    this.depth = depth;
    return this;
  }

  /**
   * Opens a message, a union, or a struct that is not flat.
   * @param weight what it counts among the nodes of its value.
   */
  enter(weight: number): void {
    this.depth += 1;
    this.nodes += weight;
    if (this.depth > MAX_DEPTH || this.nodes > MAX_NODES) this.tooLarge();
  }

  /** Opens a message within which nothing is ever opened, so that its depth need not be kept. There is nothing to close. */
  enterLeaf(weight: number): void {
    this.nodes += weight;
    if (this.depth >= MAX_DEPTH || this.nodes > MAX_NODES) this.tooLarge();
  }

  /** Closes what `enter` opened. */
  leave(): void {
    this.depth--;
  }

  /** Closes a union: nothing may follow its member. */
  leaveUnion(): void {
    if (this.varint() !== 0) this.fail("a union has exactly one member", this.position - 1);
    this.depth--;
  }

  /**
   * Opens a list of elements that are not flat. Returns their number.
   * @param weight what each counts among the nodes, beside what it counts itself.
   */
  list(elementType: number, weight = 1): number {
    const head = this.varint();
    if (head === 0) return 0;
    if ((head & 7) !== elementType) this.fail(`elements have the wire type ${elementType} here, not ${head & 7}`);
    return this.elements(head >>> 3, weight);
  }

  /** Opens the body of a list of structs that are not flat. Returns their number. */
  structList(): number {
    const block = this.blocks.length;
    if (block === 0) {
      const count = this.varint();
      return count === 0 ? 0 : this.elements(count, 1);
    }
    if (this.position === this.blocks[block - 2]) return 0;
    return this.elements(this.varint(), 1);
  }

  protected elements(count: number, weight: number): number {
    if (count === 0) this.fail("a list without elements is written otherwise");
    if (count > this.end - this.position) this.fail(`${count} elements do not fit in the bytes that remain`);
    this.countNodes(count * weight);
    return count;
  }

  /** Opens a list of flat elements. Returns their length in bytes, to be given to `take`. */
  flatListLength(width: number): number {
    const length = this.varint();
    if (length % width !== 0) this.fail(`${length} bytes are no whole number of elements of ${width}`);
    return length;
  }

  /**
   * Opens a map. Returns the number of entries.
   * @param types its second byte.
   * @param weight what each entry counts among the nodes, beside what its value counts itself.
   */
  map(types: number, weight = 1): number {
    const head = this.varint();
    if (head === 0) return 0;
    if ((head & 7) !== WireType.VARINT) this.fail(`a map is due here, not a list of the wire type ${head & 7}`);
    const found = this.varint();
    if (found !== types)
      this.fail(`a map has the wire types 0x${types.toString(16)} here, not 0x${found.toString(16)}`);
    return this.entries(head >>> 3, weight);
  }

  protected entries(count: number, weight: number): number {
    if (2 * count > this.end - this.position) this.fail(`${count} entries do not fit in the bytes that remain`);
    this.countNodes(count * weight);
    return count;
  }

  /** Checks that a map's keys ascend strictly. */
  ascending(inOrder: boolean): void {
    if (!inOrder) this.fail("the keys of a map ascend");
  }

  /** Opens a struct that is not flat, or a list of such, where it is a field or an element. */
  openBlock(): void {
    const length = this.varint();
    const units = this.varint();
    if (length > this.end - this.position) this.fail("the bytes end too soon", this.bytes.length);
    this.blocks.push(this.position, this.position + length, this.poolPosition + units);
  }

  closeBlock(): void {
    const blocks = this.blocks;
    const text = blocks.pop();
    const end = blocks.pop();
    blocks.pop();
    if (this.position !== end || this.poolPosition !== text) this.fail("a struct does not have the length it states");
  }

  /** As `closeBlock`, for a field that is not optional, and so not there when all its bytes are 0. */
  closeBlockField(): void {
    this.refuseZeros(this.blocks.at(-3) as number);
    this.closeBlock();
  }

  /** Counts what is about to be read. */
  countNodes(nodes: number): void {
    this.nodes += nodes;
    if (this.nodes > MAX_NODES) this.tooLarge();
  }

  protected tooLarge(): never {
    if (this.nodes <= MAX_NODES) this.fail(`values nest at most ${MAX_DEPTH} deep`);
    this.fail(`a value has at most ${MAX_NODES} nodes`);
  }

  /**
   * Takes a field that a chain of known ones came to no use for, and adds it to the runs of such.
   * @param previous the tag before it.
   * @param known the numbers of the known fields, such as "1-7, 9".
   */
  unknown(tag: number, previous: number, runs: UnknownRuns | undefined, known: string): UnknownRuns {
    const start = this.position - tagLength(tag);
    if (tag >>> 3 <= previous >>> 3) this.fail("the fields of a message ascend by number", start);
    if (isKnownNumber(known, tag >>> 3))
      this.fail(`field ${tag >>> 3} has another type than the wire type ${tag & 7}`, start);
    const textStart = this.poolPosition;
    this.skip(tag & 7);
    if (runs === undefined) {
      this.countNodes(UNKNOWN_NODES);
      return [start, this.position, textStart, this.poolPosition];
    }
    if (runs.at(-3) === start) {
      runs[runs.length - 3] = this.position;
      runs[runs.length - 1] = this.poolPosition;
    } else {
      runs.push(start, this.position, textStart, this.poolPosition);
    }
    return runs;
  }

  /** As `unknown`, in what `enterLeaf` opened: in fields that it does not know there may be anything. */
  unknownOfLeaf(tag: number, previous: number, runs: UnknownRuns | undefined, known: string): UnknownRuns {
    this.depth += 1;
    const more = this.unknown(tag, previous, runs, known);
    this.depth -= 1;
    return more;
  }

  /** Puts unknown fields on the message that they belong to. */
  keepUnknown(message: object, runs: UnknownRuns, type: string): void {
    (message as Carrier)[UNKNOWN_FIELDS] = { type, bytes: this.assembleRuns(runs) };
  }

  protected assembleRuns(runs: UnknownRuns): Uint8Array {
    let length = 0;
    for (let i = 0; i < runs.length; i += 4) length += (runs[i + 1] as number) - (runs[i] as number);
    const body = new Uint8Array(length);
    let text = "";
    let at = 0;
    for (let i = 0; i < runs.length; i += 4) {
      const piece = this.bytes.subarray(runs[i], runs[i + 1]);
      body.set(piece, at);
      at += piece.length;
      text += this.pool.substring(runs[i + 2] as number, runs[i + 3] as number);
    }
    return assemble(body, text);
  }

  /** The member of a union whose number is not within `known`. */
  unknownMember(tag: number, known: string): UnknownMember {
    if (tag === 0) this.fail("a union has exactly one member", this.position - 1);
    const runs = this.unknown(tag, 0, undefined, known);
    return { kind: "$unknown", number: tag >>> 3, bytes: this.assembleRuns(runs) };
  }

  /** Steps over a payload and its text, checking that it is well made. */
  skip(wireType: number, nestedLists = 0): void {
    switch (wireType) {
      case WireType.VARINT:
        this.varint();
        break;
      case WireType.FIXED4:
        this.advance(4);
        break;
      case WireType.FIXED8:
        this.advance(8);
        break;
      case WireType.TEXT:
        this.skipString();
        break;
      case WireType.BYTES:
        this.advance(this.varint());
        break;
      case WireType.MESSAGE:
        this.enter(1);
        for (let tag = this.tag(0); tag !== 0; tag = this.tag(tag)) this.skip(tag & 7);
        this.leave();
        break;
      case WireType.LIST:
        this.skipList(nestedLists + 1);
        break;
      case WireType.BLOCK: {
        const length = this.varint();
        const units = this.varint();
        this.advance(length);
        this.skipText(units);
        break;
      }
    }
  }

  protected skipString(): void {
    const units = this.varint();
    if (units < INLINE_TEXT) this.skipText(units);
    else this.advance(this.textForm() === TextForm.UTF16 ? 2 * units : units);
  }

  protected skipList(nestedLists: number): void {
    if (nestedLists > MAX_NESTED_LISTS) this.fail(`lists nest at most ${MAX_NESTED_LISTS} deep`);
    const head = this.varint();
    if (head === 0) return;
    const elementType = head & 7;
    if (elementType === WireType.VARINT) {
      this.skipMap(head >>> 3, nestedLists);
    } else {
      if (elementType < WireType.TEXT) this.fail(`no list has elements of the wire type ${elementType}`);
      for (let left = this.elements(head >>> 3, 1); left > 0; left--) this.skip(elementType, nestedLists);
    }
  }

  /** A list never has elements that are varints, so this wire type in its head says that it is a map. */
  protected skipMap(count: number, nestedLists: number): void {
    const types = this.varint();
    if (types > 0x7f || (types & 15) > 7) this.fail("a map has two wire types");
    for (let left = this.entries(count, 1); left > 0; left--) {
      this.skip(types >>> 4, nestedLists);
      this.skip(types & 15, nestedLists);
    }
  }
}

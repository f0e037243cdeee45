/** What every part of a walk over a value shares: the bytes, the tree, the pool, the layout, and the limits of docs/wire.md, 1.6. */
import type { Annotation, Fault } from "./annotation.js";
import { Malformed, plural, shownCount, type ByteCursor } from "./byte-cursor.js";
import { wireTypeName, type Layout } from "./layout.js";
import type { PooledText, TextPool } from "./text-pool.js";
import { TreeBuilder, type TreeOptions } from "./tree-builder.js";
import { decodeUnits, quote } from "./value-text.js";

const MAX_DEPTH = 100;
const MAX_NODES = 1_048_576;
/** Text of as many units stands in the body by itself. */
const INLINE_TEXT = 256;

export interface WalkOptions extends TreeOptions {
  /** Units of a string that are shown. */
  readonly mostUnits: number;
}

/** A string, or how much of it is there. */
export interface Text {
  readonly units: number;
  /** Undefined where it is in a pool that is not there. */
  readonly text: string | undefined;
  readonly shown: string;
  readonly pooled?: PooledText;
}

export class Walk {
  readonly cursor: ByteCursor;
  readonly tree: TreeBuilder;
  readonly layout: Layout;
  readonly options: WalkOptions;
  #depth = 0;
  #nodes = 0;

  constructor(cursor: ByteCursor, layout: Layout, label: string, options: WalkOptions) {
    this.cursor = cursor;
    this.layout = layout;
    this.options = options;
    this.tree = new TreeBuilder(cursor, label, options);
  }

  get root(): Annotation {
    return this.tree.root;
  }

  get pool(): TextPool {
    if (this.tree.pool === undefined) throw new Error("a flat value has no pool");
    return this.tree.pool;
  }

  /** @throws Malformed always. */
  fault(reason: string, offset: number, expected?: string): never {
    throw new Malformed(reason, offset, expected === undefined ? {} : { expected });
  }

  /** Refuses the zero of a field that is not optional, which would be absent. */
  refuseZero(isZero: boolean, offset: number): void {
    if (isZero) this.fault("a field that holds its zero is left out", offset, "something else, or no such field");
  }

  /** Runs a walk, and catches the fault that ends it. */
  attempt(walk: () => void): Fault | undefined {
    try {
      walk();
      this.tree.close();
      return undefined;
    } catch (error) {
      if (error instanceof Malformed) return this.tree.fail(error);
      throw error;
    }
  }

  /** Opens a message, a union, or a struct that is not flat, which counts as many nodes. */
  enter(weight: number): void {
    if (++this.#depth > MAX_DEPTH)
      this.fault(
        "the value nests too deep",
        this.cursor.position,
        `at most ${MAX_DEPTH} messages, unions and structs within one another`,
      );
    this.count(weight);
  }

  leave(): void {
    this.#depth--;
  }

  /** Counts an element of a list that is not flat, or an entry of a map, as many nodes. */
  count(weight: number): void {
    this.#nodes += weight;
    if (this.#nodes > MAX_NODES)
      this.fault("the value has too many nodes", this.cursor.position, `at most ${shownCount(MAX_NODES)}`);
  }

  /** Refuses a count of 0 where nothing has another form. */
  refuseNone(count: number, offset: number, form: string): void {
    if (count === 0) this.fault("the count is 0", offset, form);
  }

  /** The next tag of a message. @throws Malformed if its number is not above that of the last one. */
  tag(previous: number): number {
    const start = this.cursor.position;
    const tag = this.cursor.varint("a tag, or the byte 0 that ends the message");
    if (tag !== 0 && tag >>> 3 <= previous >>> 3) {
      const expected = `a number above ${previous >>> 3}, or the byte 0 that ends the message`;
      this.fault(
        `the fields of a message ascend by number, and this is ${tag >>> 3} (${wireTypeName(tag & 7)})`,
        start,
        expected,
      );
    }
    return tag;
  }

  /** The payload of a TEXT. What no schema knows is not checked, for it is only copied. */
  text(isKnown: boolean, part: TreeBuilder["part"]): Text {
    const { cursor } = this;
    const start = cursor.position;
    const units = cursor.varint("the units of a string");
    part("units");
    if (units < INLINE_TEXT) {
      const pooled = this.pool.take(units, start);
      return { units, text: pooled.text, shown: this.#shown(units, pooled), pooled };
    }
    const form = cursor.byte("the form of the text");
    if (form > 1) this.fault(`text has no form ${form}`, cursor.position - 1, "0 (one byte a unit) or 1 (UTF-16)");
    part("form");
    const from = cursor.take(form === 0 ? units : 2 * units, "text");
    part("text");
    const text = decodeUnits(cursor.view, from, units, form);
    if (isKnown && form === 1) this.checkWide(text, from);
    return { units, text, shown: quote(text, this.options.mostUnits) };
  }

  #shown(units: number, { text, isCutOff }: PooledText): string {
    if (text === undefined) return `${plural(units, "unit")} of the pool, which is not there`;
    return `${quote(text, this.options.mostUnits)}${isCutOff ? ` (cut off: ${plural(units, "unit")})` : ""}`;
  }

  /** Checks what UTF-16 has to be. */
  checkWide(text: string, from: number): void {
    if (!/[^\u0000-\u00ff]/.test(text))
      this.fault("text without a unit above 255 has the form 0", from, "one byte a unit");
    const lone = /\p{Surrogate}/u.exec(text);
    if (lone !== null)
      this.fault("text has half of a surrogate pair", from + 2 * lone.index, "both halves side by side");
  }
}

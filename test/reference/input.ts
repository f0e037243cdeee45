/** The bytes of a value under decoding: building blocks and limits (docs/wire.md, 1.1, 1.5 and 1.6), and nothing of types. */
import { LONG_TEXT_UNITS } from "./layout.js";

/** The reference's DecodeError. */
export class Refused extends Error {}

export function refuse(why: string): never {
  throw new Refused(why);
}

const MAX_DEPTH = 100;
const MAX_NODES = 1_048_576;
const MAX_NESTED_LISTS = 32;

export class Input {
  readonly bytes: Uint8Array;
  at = 0;
  /** Where the body ends. */
  end: number;
  /** The pool. */
  text = "";
  textAt = 0;
  #depth = 0;
  #nodes = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** Reads the header of a value that is not flat, and its pool. */
  openPool(): void {
    const header = this.varint();
    const units = Math.floor(header / 2);
    const form = header % 2;
    if (units === 0 && form === 1) refuse("an empty pool has form 0");
    const size = units * (1 + form);
    if (size > this.end - this.at) refuse("the pool is longer than the input");
    this.end -= size;
    this.text = readText(this.bytes.slice(this.end), form);
  }

  close(): void {
    if (this.at !== this.end) refuse("bytes are left over");
    if (this.textAt !== this.text.length) refuse("text is left over");
  }

  byte(): number {
    return this.take(1)[0] ?? refuse("the input ends early");
  }

  take(count: number): Uint8Array {
    if (count > this.end - this.at) refuse("the input ends early");
    this.at += count;
    return this.bytes.slice(this.at - count, this.at);
  }

  varint(): number {
    let value = 0;
    for (let k = 0; k < 5; k++) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** (7 * k);
      if (byte > 127) continue;
      if (byte === 0 && k > 0) refuse("an overlong varint");
      if (value >= 2 ** 32) refuse("a varint of 2^32 or more");
      return value;
    }
    return refuse("a varint of more than five bytes");
  }

  /** A string's payload. */
  string(): string {
    const units = this.varint();
    if (units < LONG_TEXT_UNITS) return this.pooled(units);
    const form = this.#form();
    return readText(this.take(units * (1 + form)), form);
  }

  /** As `string`, without looking at text that stands by itself. */
  skipString(): void {
    const units = this.varint();
    if (units < LONG_TEXT_UNITS) this.pooled(units);
    else this.take(units * (1 + this.#form()));
  }

  #form(): number {
    const form = this.byte();
    if (form > 1) refuse("text has form 0 or 1");
    return form;
  }

  pooled(units: number): string {
    if (units > this.text.length - this.textAt) refuse("text beyond the pool");
    this.textAt += units;
    const text = this.text.slice(this.textAt - units, this.textAt);
    if (!text.isWellFormed()) refuse("text within a surrogate pair");
    return text;
  }

  /** A body of a stated length. */
  exactly<T>(length: number, body: () => T): T {
    if (length > this.end - this.at) refuse("the input ends early");
    const outer = this.end;
    this.end = this.at + length;
    const value = body();
    if (this.at !== this.end) refuse("a length is wrong");
    this.end = outer;
    return value;
  }

  /** The payload of a struct that is not flat, or of a list of such. */
  block<T>(body: (length: number) => T): T {
    const length = this.varint();
    const units = this.varint();
    const textAt = this.textAt;
    const value = this.exactly(length, () => body(length));
    if (this.textAt - textAt !== units) refuse("a block's text is wrong");
    return value;
  }

  /** A message, a union or a struct that is not flat, which counts as many nodes. */
  nested<T>(weight: number, body: () => T): T {
    if (++this.#depth > MAX_DEPTH) refuse("too deep");
    this.count(weight);
    const value = body();
    this.#depth--;
    return value;
  }

  count(nodes: number): void {
    this.#nodes += nodes;
    if (this.#nodes > MAX_NODES) refuse("too many nodes");
  }

  nestedList(depth: number): void {
    if (depth > MAX_NESTED_LISTS) refuse("lists nest too deep");
  }
}

function readText(bytes: Uint8Array, form: number): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 1 + form) {
    text += String.fromCharCode((bytes[at] ?? 0) + (form === 1 ? 256 * (bytes[at + 1] ?? 0) : 0));
  }
  if (form === 0) return text;
  if (!/[^\u0000-\u00ff]/.test(text)) refuse("text that fits form 0");
  if (!text.isWellFormed()) refuse("a lone surrogate");
  return text;
}

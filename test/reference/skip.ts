/** Stepping over payloads of numbers that a type does not know (docs/wire.md, 1.3 and 1.4), and keeping them. */
import { type Input, refuse } from "./input.js";
import { Wire } from "./layout.js";
import { type Piece, piece } from "./piece.js";

/** A field that a type does not know: tag, payload and their text. */
export interface Kept {
  readonly number: number;
  readonly piece: Piece;
}

/** Reads the payload behind a tag that began at `from`, its text at `textFrom`. */
export function keep(input: Input, tag: number, from: number, textFrom: number): Kept {
  skip(input, tag & 7);
  return {
    number: tag >>> 3,
    piece: piece([...input.bytes.slice(from, input.at)], input.text.slice(textFrom, input.textAt)),
  };
}

export function skip(input: Input, wireType: number, listDepth = 0): void {
  switch (wireType) {
    case Wire.VARINT:
      input.varint();
      return;
    case Wire.FIXED4:
      input.take(4);
      return;
    case Wire.FIXED8:
      input.take(8);
      return;
    case Wire.TEXT:
      input.skipString();
      return;
    case Wire.BYTES:
      input.take(input.varint());
      return;
    case Wire.MESSAGE:
      input.nested(1, () => {
        for (let tag = nextTag(input, 0); tag !== 0; tag = nextTag(input, tag)) skip(input, tag & 7);
      });
      return;
    case Wire.LIST:
      skipList(input, listDepth + 1);
      return;
    case Wire.BLOCK: {
      const length = input.varint();
      const units = input.varint();
      input.take(length);
      input.pooled(units);
      return;
    }
    default:
      refuse("no such wire type");
  }
}

/** 0 at the end of a message. */
export function nextTag(input: Input, previous: number): number {
  const tag = input.varint();
  if (tag !== 0 && tag >>> 3 <= previous >>> 3) refuse("tags do not ascend");
  return tag;
}

function skipList(input: Input, depth: number): void {
  input.nestedList(depth);
  const header = input.varint();
  if (header === 0) return;
  const count = Math.floor(header / 8);
  if (count === 0) refuse("an empty list is a byte 0");
  const types = header % 8 === 0 ? input.byte() : undefined;
  if (types === undefined && header % 8 < Wire.TEXT) refuse("a list of what is flat");
  if (count * (types === undefined ? 1 : 2) > input.end - input.at) refuse("the input ends early");
  input.count(count);
  for (let k = 0; k < count; k++) {
    if (types === undefined) skip(input, header % 8, depth);
    else {
      skip(input, types >> 4, depth);
      skip(input, types & 15, depth);
    }
  }
}

/** An encoded message taken apart without its schema, as far as wire types tell, and put together again. */
import { Input } from "../reference/input.js";
import { LONG_TEXT_UNITS, Wire } from "../reference/layout.js";
import { join, type Piece, piece, textForm, varint, whole } from "../reference/piece.js";
import { nextTag } from "../reference/skip.js";

export interface TreeField {
  number: number;
  payload: Payload;
}

export type Payload =
  | { wireType: 0; value: number }
  /** Fixed widths, and bytes. */
  | { wireType: 1 | 2 | 4; bytes: Uint8Array }
  | { wireType: 3; text: string }
  | { wireType: 5; fields: TreeField[] }
  /** Lists have one type, maps two; what says that it is empty has none. */
  | { wireType: 6; types: readonly number[]; items: Payload[] }
  | { wireType: 7; body: Uint8Array; text: string };

export type MessageTree = Extract<Payload, { wireType: 5 }>;

/** @throws Refused if the bytes are no message. */
export function parseTree(bytes: Uint8Array): MessageTree {
  const input = new Input(bytes);
  input.openPool();
  const tree = parseMessage(input);
  input.close();
  return tree;
}

function parseMessage(input: Input): MessageTree {
  const fields: TreeField[] = [];
  for (let tag = nextTag(input, 0); tag !== 0; tag = nextTag(input, tag)) {
    fields.push({ number: tag >>> 3, payload: parsePayload(input, tag & 7) });
  }
  return { wireType: Wire.MESSAGE, fields };
}

function parsePayload(input: Input, wireType: number): Payload {
  switch (wireType) {
    case Wire.VARINT:
      return { wireType, value: input.varint() };
    case Wire.FIXED4:
      return { wireType, bytes: input.take(4) };
    case Wire.FIXED8:
      return { wireType, bytes: input.take(8) };
    case Wire.TEXT:
      return { wireType, text: input.string() };
    case Wire.MESSAGE:
      return parseMessage(input);
    case Wire.LIST: {
      const header = input.varint();
      if (header === 0) return { wireType, types: [], items: [] };
      const byte = header % 8 === 0 ? input.byte() : undefined;
      const types = byte === undefined ? [header % 8] : [byte >> 4, byte & 15];
      const items = [];
      for (let k = 0; k < Math.floor(header / 8) * types.length; k++) {
        items.push(parsePayload(input, types[k % types.length] ?? 0));
      }
      return { wireType, types, items };
    }
    case Wire.BLOCK: {
      const length = input.varint();
      const units = input.varint();
      return { wireType, body: input.take(length), text: input.pooled(units) };
    }
    default:
      return { wireType: Wire.BYTES, bytes: input.take(input.varint()) };
  }
}

export const printTree = (tree: MessageTree): Uint8Array => whole(print(tree));

function print(payload: Payload): Piece {
  switch (payload.wireType) {
    case Wire.VARINT:
      return piece(varint(payload.value));
    case Wire.BYTES:
      return piece([...varint(payload.bytes.length), ...payload.bytes]);
    case Wire.TEXT: {
      const { text } = payload;
      if (text.length < LONG_TEXT_UNITS) return piece(varint(text.length), text);
      const { form, bytes } = textForm(text);
      return piece([...varint(text.length), form, ...bytes]);
    }
    case Wire.MESSAGE:
      return join([
        ...payload.fields.map((field) =>
          join([piece(varint(field.number * 8 + field.payload.wireType)), print(field.payload)]),
        ),
        piece([0]),
      ]);
    case Wire.LIST: {
      if (payload.types.length === 0) return piece([0]);
      const [first = 0, second] = payload.types;
      const count = Math.ceil(payload.items.length / payload.types.length);
      const head = second === undefined ? varint(count * 8 + first) : [...varint(count * 8), (first << 4) | second];
      return join([piece(head), ...payload.items.map(print)]);
    }
    case Wire.BLOCK: {
      const { body, text } = payload;
      return piece([...varint(body.length), ...varint(text.length), ...body], text);
    }
    default:
      return piece([...payload.bytes]);
  }
}

/** The payload and all within it. */
export function* payloadsIn(payload: Payload): Generator<Payload> {
  yield payload;
  if (payload.wireType === Wire.MESSAGE) for (const field of payload.fields) yield* payloadsIn(field.payload);
  if (payload.wireType === Wire.LIST) for (const item of payload.items) yield* payloadsIn(item);
}

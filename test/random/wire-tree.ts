/** An encoded message taken apart without its schema, as far as wire types tell, and put together again. */
import { Input } from "../reference/input.js";
import { LONG_TEXT_UNITS, Wire } from "../reference/layout.js";
import { varint } from "../reference/piece.js";
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

/** The bytes of a whole value. Not by way of the reference's pieces: the fuzzer prints trees of a MiB. */
export function printTree(tree: MessageTree): Uint8Array {
  const printer = new TreePrinter();
  printer.print(tree);
  return printer.whole();
}

class TreePrinter {
  #bytes = new Uint8Array(1024);
  #length = 0;
  readonly #texts: string[] = [];

  print(payload: Payload): void {
    switch (payload.wireType) {
      case Wire.VARINT:
        return this.#append(varint(payload.value));
      case Wire.BYTES:
        this.#append(varint(payload.bytes.length));
        return this.#append(payload.bytes);
      case Wire.TEXT: {
        const { text } = payload;
        this.#append(varint(text.length));
        if (text.length < LONG_TEXT_UNITS) this.#texts.push(text);
        else this.#append([isWide(text) ? 1 : 0], textBytes(text));
        return;
      }
      case Wire.MESSAGE:
        for (const field of payload.fields) {
          this.#append(varint(field.number * 8 + field.payload.wireType));
          this.print(field.payload);
        }
        return this.#append([0]);
      case Wire.LIST: {
        if (payload.types.length === 0) return this.#append([0]);
        const [first = 0, second] = payload.types;
        const count = Math.ceil(payload.items.length / payload.types.length);
        this.#append(second === undefined ? varint(count * 8 + first) : [...varint(count * 8), (first << 4) | second]);
        for (const item of payload.items) this.print(item);
        return;
      }
      case Wire.BLOCK: {
        const { body, text } = payload;
        this.#append(varint(body.length), varint(text.length), body);
        this.#texts.push(text);
        return;
      }
      default:
        return this.#append(payload.bytes);
    }
  }

  whole(): Uint8Array {
    const text = this.#texts.join("");
    const header = varint(text.length * 2 + (isWide(text) ? 1 : 0));
    return Uint8Array.from(Buffer.concat([Uint8Array.from(header), this.#bytes.subarray(0, this.#length), textBytes(text)]));
  }

  #append(...parts: readonly ArrayLike<number>[]): void {
    for (const part of parts) {
      if (this.#length + part.length > this.#bytes.length) {
        const grown = new Uint8Array(2 * (this.#length + part.length));
        grown.set(this.#bytes.subarray(0, this.#length));
        this.#bytes = grown;
      }
      this.#bytes.set(part, this.#length);
      this.#length += part.length;
    }
  }
}

const isWide = (text: string): boolean => /[^\u0000-\u00ff]/.test(text);

const textBytes = (text: string): Uint8Array => Buffer.from(text, isWide(text) ? "utf16le" : "latin1");

/** The payload and all within it. */
export function* payloadsIn(payload: Payload): Generator<Payload> {
  yield payload;
  if (payload.wireType === Wire.MESSAGE) for (const field of payload.fields) yield* payloadsIn(field.payload);
  if (payload.wireType === Wire.LIST) for (const item of payload.items) yield* payloadsIn(item);
}

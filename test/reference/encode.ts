/** A second encoder, driven by tables and written from docs/wire.md alone. It favours plainness over speed. */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Field, TypeRef, Value } from "../../src/ir/schema.js";
import { flatBytes, zigzag } from "./encode-flat.js";
import { Input } from "./input.js";
import {
  byNumber,
  type FieldList,
  flatWidth,
  type Forms,
  LONG_TEXT_UNITS,
  PLAIN,
  property,
  type Root,
  shapeOf,
  UNKNOWN,
  type Unknown,
  Wire,
  wireTypeOf,
} from "./layout.js";
import { join, type Piece, piece, textForm, varint, whole } from "./piece.js";
import { type Kept, keep, nextTag } from "./skip.js";

/** A value that stands alone. */
export function encodeRoot(index: SchemaIndex, root: Root, value: unknown): Uint8Array {
  if (root.kind === "fields") return whole(message(index, root, value));
  const { type } = root;
  if (flatWidth(index, type) !== undefined) return Uint8Array.from(flatBytes(index, type, value, PLAIN));
  const shape = shapeOf(index, type);
  if (shape.kind === "struct") return whole(structBody(index, shape.fields, value));
  if (shape.kind === "list" && wireTypeOf(index, type) === Wire.BLOCK) {
    const items = [...(value as Iterable<unknown>)];
    return whole(items.length === 0 ? piece([0]) : structList(index, shape.element, items));
  }
  return whole(payload(index, type, value, PLAIN));
}

function payload(index: SchemaIndex, type: TypeRef, value: unknown, forms: Forms): Piece {
  const shape = shapeOf(index, type);
  const wireType = wireTypeOf(index, type);
  switch (shape.kind) {
    case "message":
      return message(index, shape, value);
    case "union":
      return union(index, shape.members, value as { kind: string; value: unknown; bytes?: Uint8Array });
    case "map": {
      const entries = [...(value as Map<string, unknown>)].sort(([a], [b]) => (a < b ? -1 : 1));
      if (entries.length === 0) return piece([0]);
      const types = (wireTypeOf(index, shape.key) << 4) | wireTypeOf(index, shape.value);
      const pairs = entries.flatMap(([key, inner]) => [
        payload(index, shape.key, key, forms),
        payload(index, shape.value, inner, forms),
      ]);
      return join([piece([...varint(entries.length * 8), types]), ...pairs]);
    }
    case "list": {
      const items = [...(value as Iterable<unknown>)];
      if (wireType === Wire.BYTES) return sized(items.flatMap((item) => flatBytes(index, shape.element, item, forms)));
      if (wireType === Wire.BLOCK) return block(structList(index, shape.element, items));
      if (items.length === 0) return piece([0]);
      const head = varint(items.length * 8 + wireTypeOf(index, shape.element));
      return join([piece(head), ...items.map((item) => payload(index, shape.element, item, forms))]);
    }
    case "struct":
      if (wireType === Wire.BLOCK) return block(structBody(index, shape.fields, value));
      return sized(flatBytes(index, type, value, forms));
    case "enum":
      return piece(varint(zigzag(value as number)));
    case "scalar":
      switch (wireType) {
        case Wire.VARINT:
          if (shape.scalar === "bool") return piece([value === true ? 1 : 0]);
          return piece(varint(shape.scalar.startsWith("u") ? (value as number) : zigzag(value as number)));
        case Wire.TEXT:
          return string(value as string);
        case Wire.BYTES:
          return sized(shape.scalar === "bytes" ? [...(value as Uint8Array)] : flatBytes(index, type, value, forms));
        default:
          return piece(flatBytes(index, type, value, forms));
      }
  }
}

const sized = (bytes: readonly number[]): Piece => piece([...varint(bytes.length), ...bytes]);

function string(text: string): Piece {
  if (text.length < LONG_TEXT_UNITS) return piece(varint(text.length), text);
  const { form, bytes } = textForm(text);
  return piece([...varint(text.length), form, ...bytes]);
}

function block(body: Piece): Piece {
  return piece([...varint(body.bytes.length), ...varint(body.text.length), ...body.bytes], body.text);
}

/** Nothing at all where there are none. */
function structList(index: SchemaIndex, element: TypeRef, items: readonly unknown[]): Piece {
  const shape = shapeOf(index, element);
  if (shape.kind !== "struct") throw new Error("not a struct");
  if (items.length === 0) return piece([]);
  return join([piece(varint(items.length)), ...items.map((item) => structBody(index, shape.fields, item))]);
}

function structBody(index: SchemaIndex, fields: readonly Field[], value: unknown): Piece {
  return join(
    fields.map((field) => {
      const inner = read(field, value);
      if (!field.optional) return fieldOfStruct(index, field, inner);
      return inner === undefined ? piece([0]) : join([piece([1]), fieldOfStruct(index, field, inner)]);
    }),
  );
}

function fieldOfStruct(index: SchemaIndex, field: Field, value: unknown): Piece {
  const shape = shapeOf(index, field.type);
  if (flatWidth(index, field.type) !== undefined) return piece(flatBytes(index, field.type, value, field));
  if (shape.kind === "struct") return structBody(index, shape.fields, value);
  return payload(index, field.type, value, field);
}

export function message(index: SchemaIndex, list: FieldList, value: unknown): Piece {
  const written = new Map<number, Piece>();
  const unknown = (value as { [UNKNOWN]?: Unknown })[UNKNOWN];
  if (unknown?.type === list.name)
    for (const { number, piece: kept } of keptIn(unknown.bytes)) written.set(number, kept);
  for (const field of byNumber(list.fields)) {
    const inner = read(field, value);
    if (field.optional && inner === undefined) continue;
    const body = payload(index, field.type, inner, field);
    if (field.optional || field.default !== undefined || !isZero(index, field, inner, body)) {
      written.set(field.number, join([piece(tag(index, field)), body]));
    }
  }
  const inOrder = [...written].sort(([a], [b]) => a - b).map(([, each]) => each);
  return join([...inOrder, piece([0])]);
}

function union(
  index: SchemaIndex,
  members: readonly Field[],
  value: { kind: string; value: unknown; bytes?: Uint8Array },
): Piece {
  if (value.bytes !== undefined) return join([...keptIn(value.bytes).map((kept) => kept.piece), piece([0])]);
  const member = members.find((each) => property(each) === value.kind);
  if (member === undefined) throw new Error(`no member ${value.kind}`);
  return join([piece(tag(index, member)), payload(index, member.type, value.value, member), piece([0])]);
}

const tag = (index: SchemaIndex, field: Field): number[] => varint(field.number * 8 + wireTypeOf(index, field.type));

/** The fields of a whole message of unknown ones. */
function keptIn(bytes: Uint8Array): Kept[] {
  const input = new Input(bytes);
  input.openPool();
  const kept: Kept[] = [];
  for (let last = 0; ;) {
    const { at, textAt } = input;
    last = nextTag(input, last);
    if (last === 0) break;
    kept.push(keep(input, last, at, textAt));
  }
  input.close();
  return kept;
}

/** Whether a field that is not optional holds its zero. */
function isZero(index: SchemaIndex, field: Field, value: unknown, body: Piece): boolean {
  const shape = shapeOf(index, field.type);
  const { bytes } = body;
  const isZeros = (from: number) => bytes.slice(from).every((byte) => byte === 0);
  switch (shape.kind) {
    case "union":
      return false;
    case "message":
      return bytes.length === 1;
    case "map":
      return (value as Map<unknown, unknown>).size === 0;
    case "list":
      return (value as ArrayLike<unknown>).length === 0;
    case "struct": {
      const width = flatWidth(index, field.type);
      if (width !== undefined) return isZeros(varint(width).length);
      const input = new Input(Uint8Array.from(bytes));
      input.varint();
      input.varint();
      return isZeros(input.at);
    }
    case "scalar":
      return ["timestamp", "duration", "uuid"].includes(shape.scalar) ? isZeros(1) : isZeros(0);
    case "enum":
      return isZeros(0);
  }
}

/** A field's value, or its default where the caller left it out. */
function read(field: Field, value: unknown): unknown {
  const given = (value as Record<string, unknown>)[property(field)];
  return given === undefined && field.default !== undefined ? defaultOf(field, field.default) : given;
}

function defaultOf(field: Field, value: Value): unknown {
  switch (value.kind) {
    case "int": {
      const isBig =
        field.type.kind === "scalar" && ["i64", "u64"].includes(field.type.scalar) && field.int64 === "bigint";
      return isBig ? BigInt(value.value) : Number(value.value);
    }
    case "duration":
      return field.nanos ? BigInt(value.value) : Number(value.value) / 1e6;
    case "enum":
      return value.number;
    case "list":
      throw new Error("lists have no literals");
    default:
      return value.value;
  }
}

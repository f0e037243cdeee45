/** A second decoder, driven by tables and written from docs/wire.md alone. It refuses whatever the page does not allow. */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Field, Scalar, TypeRef } from "../../src/ir/schema.js";
import { readFlat, typedArrayOf } from "./decode-flat.js";
import { Input, refuse } from "./input.js";
import {
  byNumber,
  type FieldList,
  flatWidth,
  type Forms,
  PLAIN,
  property,
  type Root,
  shapeOf,
  UNKNOWN,
  Wire,
  wireTypeOf,
} from "./layout.js";
import { join, type Piece, piece, whole } from "./piece.js";
import { keep, nextTag } from "./skip.js";
import { UNKNOWN_WEIGHT, weightOfDense, weightOfElement, weightOfFields, weightOfPresent } from "./weight.js";
import { zeroOf } from "./zero.js";

/**
 * @param nodes as many count already.
 * @throws Refused if the bytes are not exactly one value.
 */
export function decodeRoot(index: SchemaIndex, root: Root, bytes: Uint8Array, nodes = 0): unknown {
  const input = new Input(bytes);
  input.count(nodes);
  const value = readRoot(index, root, input);
  input.close();
  return value;
}

function readRoot(index: SchemaIndex, root: Root, input: Input): unknown {
  if (root.kind === "type" && flatWidth(index, root.type) !== undefined) {
    return readFlat(index, root.type, input, PLAIN);
  }
  input.openPool();
  if (root.kind === "fields") return message(index, root, input);
  const shape = shapeOf(index, root.type);
  if (shape.kind === "struct") return structBody(index, shape.fields, input);
  if (shape.kind === "list" && wireTypeOf(index, root.type) === Wire.BLOCK) {
    return structs(index, shape.element, input, input.varint());
  }
  return payload(index, root.type, input, PLAIN);
}

function payload(index: SchemaIndex, type: TypeRef, input: Input, forms: Forms): unknown {
  const shape = shapeOf(index, type);
  const wireType = wireTypeOf(index, type);
  switch (shape.kind) {
    case "message":
      return message(index, shape, input);
    case "union":
      return union(index, shape.members, input);
    case "map":
      return map(index, shape.key, shape.value, input, forms);
    case "list":
      if (wireType === Wire.BYTES) return flatList(index, shape.element, input, forms);
      if (wireType === Wire.BLOCK) return input.block((length) => structList(index, shape.element, input, length));
      return list(index, shape.element, input, forms);
    case "struct":
      if (wireType === Wire.BLOCK) return input.block(() => structBody(index, shape.fields, input));
      return sizedFlat(index, type, input, forms);
    case "enum":
      return unzigzag(input.varint());
    case "scalar":
      switch (wireType) {
        case Wire.VARINT:
          return smallInteger(shape.scalar, input.varint());
        case Wire.TEXT:
          return input.string();
        case Wire.BYTES:
          return shape.scalar === "bytes" ? input.take(input.varint()) : sizedFlat(index, type, input, forms);
        default:
          return readFlat(index, type, input, forms);
      }
  }
}

const unzigzag = (n: number): number => (n >>> 1) ^ -(n & 1);

const RANGE: Partial<Record<Scalar, readonly [number, number]>> = {
  bool: [0, 1],
  u8: [0, 255],
  u16: [0, 65535],
  u32: [0, 2 ** 32 - 1],
  i8: [-128, 127],
  i16: [-32768, 32767],
  i32: [-(2 ** 31), 2 ** 31 - 1],
};

function smallInteger(scalar: Scalar, raw: number): number | boolean {
  const value = scalar.startsWith("i") ? unzigzag(raw) : raw;
  const [low, high] = RANGE[scalar] ?? refuse("no such integer");
  if (value < low || value > high) refuse(`beyond ${scalar}`);
  return scalar === "bool" ? value === 1 : value;
}

function sizedFlat(index: SchemaIndex, type: TypeRef, input: Input, forms: Forms): unknown {
  return input.exactly(input.varint(), () => readFlat(index, type, input, forms));
}

function flatList(index: SchemaIndex, element: TypeRef, input: Input, forms: Forms): unknown {
  const items: unknown[] = [];
  const weight = weightOfDense(index, element);
  input.exactly(input.varint(), () => {
    while (input.at < input.end) {
      input.count(weight);
      items.push(readFlat(index, element, input, forms));
    }
  });
  const shape = shapeOf(index, element);
  return (forms.typedArray && shape.kind === "scalar" ? typedArrayOf(shape.scalar, items) : undefined) ?? items;
}

function list(index: SchemaIndex, element: TypeRef, input: Input, forms: Forms): unknown[] {
  const header = input.varint();
  if (header === 0) return [];
  if (header % 8 !== wireTypeOf(index, element)) refuse("a list of another type");
  const count = moreThanNone(Math.floor(header / 8));
  return times(input, count, weightOfElement(index, { type: element, typedArray: forms.typedArray }), () => payload(index, element, input, forms));
}

/** A body of as many bytes. */
function structList(index: SchemaIndex, element: TypeRef, input: Input, length: number): unknown[] {
  return length === 0 ? [] : structs(index, element, input, moreThanNone(input.varint()));
}

function structs(index: SchemaIndex, element: TypeRef, input: Input, count: number): unknown[] {
  const shape = shapeOf(index, element);
  if (shape.kind !== "struct") throw new Error("not a struct");
  return times(input, count, 1, () => structBody(index, shape.fields, input));
}

function moreThanNone(count: number): number {
  return count > 0 ? count : refuse("there is another form for none");
}

function times<T>(input: Input, count: number, weight: number, read: () => T): T[] {
  if (count > input.end - input.at) refuse("the input ends early");
  input.count(count * weight);
  const items = [];
  for (let k = 0; k < count; k++) items.push(read());
  return items;
}

function map(index: SchemaIndex, key: TypeRef, value: TypeRef, input: Input, forms: Forms): Map<unknown, unknown> {
  const header = input.varint();
  if (header === 0) return new Map();
  if (header % 8 !== 0) refuse("not a map");
  if (input.byte() !== ((wireTypeOf(index, key) << 4) | wireTypeOf(index, value))) refuse("a map of other types");
  let last: number | undefined;
  return new Map(
    times(input, Math.floor(header / 8), weightOfElement(index, { type: value, typedArray: forms.typedArray }), () => {
      const next = payload(index, key, input, forms) as number;
      if (last !== undefined && !(last < next)) refuse("keys do not ascend");
      last = next;
      return [next, payload(index, value, input, forms)] as const;
    }),
  );
}

function structBody(index: SchemaIndex, fields: readonly Field[], input: Input): unknown {
  return input.nested(weightOfFields(index, fields), () => {
    const value: Record<string, unknown> = {};
    for (const field of fields) {
      const present = field.optional ? input.byte() : 1;
      if (present > 1) refuse("a presence is 0 or 1");
      if (present === 0) continue;
      if (field.optional) input.count(weightOfPresent(index, field));
      value[property(field)] = fieldOfStruct(index, field, input);
    }
    return value;
  });
}

function fieldOfStruct(index: SchemaIndex, field: Field, input: Input): unknown {
  const shape = shapeOf(index, field.type);
  if (flatWidth(index, field.type) !== undefined) return readFlat(index, field.type, input, field);
  if (shape.kind === "struct") return structBody(index, shape.fields, input);
  return payload(index, field.type, input, field);
}

function message(index: SchemaIndex, { name, fields }: FieldList, input: Input): unknown {
  return input.nested(weightOfFields(index, fields), () => {
    const found = new Map<Field, unknown>();
    const unknown: Piece[] = [];
    for (let tag = 0; ;) {
      const { at, textAt } = input;
      tag = nextTag(input, tag);
      if (tag === 0) break;
      const field = fields.find((each) => each.number === tag >>> 3);
      if (field === undefined) {
        if (unknown.length === 0) input.count(UNKNOWN_WEIGHT);
        unknown.push(keep(input, tag, at, textAt).piece);
        continue;
      }
      if ((tag & 7) !== wireTypeOf(index, field.type)) refuse("another wire type");
      if (field.optional) input.count(weightOfPresent(index, field));
      const bodyAt = input.at;
      const value = payload(index, field.type, input, field);
      const mustBeAbsent = !field.optional && field.default === undefined;
      if (mustBeAbsent && isZero(index, field, value, input.bytes.slice(bodyAt, input.at))) refuse("a zero is written");
      found.set(field, value);
    }
    const value: Record<string | symbol, unknown> = {};
    for (const field of byNumber(fields)) {
      if (found.has(field)) value[property(field)] = found.get(field);
      else if (!field.optional) value[property(field)] = zeroOf(index, field.type, field);
    }
    if (unknown.length > 0) value[UNKNOWN] = { type: name, bytes: whole(join([...unknown, piece([0])])) };
    return value;
  });
}

function union(index: SchemaIndex, members: readonly Field[], input: Input): unknown {
  return input.nested(1, () => {
    const { at, textAt } = input;
    const tag = nextTag(input, 0);
    if (tag === 0) refuse("a union has a member");
    const member = members.find((each) => each.number === tag >>> 3);
    let value: unknown;
    input.count(member === undefined ? UNKNOWN_WEIGHT : weightOfPresent(index, member));
    if (member === undefined) {
      const kept = keep(input, tag, at, textAt);
      value = { kind: "$unknown", number: kept.number, bytes: whole(join([kept.piece, piece([0])])) };
    } else {
      if ((tag & 7) !== wireTypeOf(index, member.type)) refuse("another wire type");
      value = { kind: property(member), value: payload(index, member.type, input, member) };
    }
    if (input.varint() !== 0) refuse("a union has one member");
    return value;
  });
}

/** Whether a payload is that of a zero. */
function isZero(index: SchemaIndex, field: Field, value: unknown, body: Uint8Array): boolean {
  const shape = shapeOf(index, field.type);
  const isZeros = (from: number) => body.subarray(from).every((byte) => byte === 0);
  switch (shape.kind) {
    case "union":
      return false;
    case "message":
      return body.length === 1;
    case "map":
      return (value as Map<unknown, unknown>).size === 0;
    case "list":
      return (value as ArrayLike<unknown>).length === 0;
    case "struct": {
      const input = new Input(body);
      input.varint();
      if (flatWidth(index, field.type) === undefined) input.varint();
      return isZeros(input.at);
    }
    case "scalar":
      return ["timestamp", "duration", "uuid"].includes(shape.scalar) ? isZeros(1) : isZeros(0);
    case "enum":
      return isZeros(0);
  }
}

/** Walks what holds many values of one type, lists and maps, and the header of a BLOCK: docs/wire.md, 1.3. */
import type { TypeRef } from "../ir/schema.js";
import { plural } from "./byte-cursor.js";
import { wireTypeName, WireType } from "./layout.js";
import { readPayloadScalar, scalarTypeOf, type ScalarValue } from "./read-scalar.js";
import type { Slot } from "./slot.js";
import { typeText } from "./type-text.js";
import { quote } from "./value-text.js";
import type { Walk } from "./walk.js";

/** Walks one element for the node that is open. */
type WalkElement = (slot: Slot) => void;

export const EMPTY_FORM = "a byte 0 and nothing else, as an empty list or map is";

/** Units of a map's key that are shown as the name of its entry. */
const KEY_UNITS = 40;

/** `isImplicit`: an empty one would not be here. */
export function walkFlatList(
  walk: Walk,
  element: TypeRef,
  slot: Slot,
  isImplicit: boolean,
  walkFlat: WalkElement,
): void {
  const { cursor, layout, tree } = walk;
  const start = cursor.position;
  const width = layout.flatWidth(element) ?? 1;
  const length = cursor.varint("the length of a list");
  if (length % width !== 0) {
    walk.fault(`the length is ${length}`, start, `a multiple of ${width}, the width of a ${typeText(element)}`);
  }
  walk.refuseZero(isImplicit && length === 0, start);
  tree.part("length");
  tree.note(plural(length / width, "element"));
  // Typed arrays are copied whole, and hold every 64-bit integer.
  const inner = { ...slot, type: element, safeIntegers: slot.safeIntegers && !slot.typedArray };
  const weight = layout.weights.ofFlatStruct(element);
  for (let index = 0; index < length / width; index++) {
    walk.count(weight);
    openItem(walk, index, "flat");
    walkFlat(inner);
    tree.close();
  }
}

export function walkList(
  walk: Walk,
  element: TypeRef,
  slot: Slot,
  isImplicit: boolean,
  walkPayload: WalkElement,
): void {
  const { cursor, layout, tree } = walk;
  const start = cursor.position;
  const wireType = layout.wireType(element);
  const head = cursor.varint("the head of a list");
  if (head !== 0 && (head & 7) !== wireType) {
    const found = (head & 7) === WireType.VARINT ? "this is a map" : `the elements are ${wireTypeName(head & 7)}`;
    walk.fault(found, start, `elements of ${wireTypeName(wireType)}, for they are ${typeText(element)}`);
  }
  const count = head >>> 3;
  if (head !== 0) walk.refuseNone(count, start, EMPTY_FORM);
  walk.refuseZero(isImplicit && count === 0, start);
  tree.part("count");
  tree.note(plural(count, "element"));
  const inner = { ...slot, type: element };
  const weight = layout.weights.ofElement(inner);
  for (let index = 0; index < count; index++) {
    walk.count(weight);
    openItem(walk, index, wireTypeName(wireType));
    walkPayload(inner);
    tree.close();
  }
}

/** The body of a list of structs that are not flat. `length`: what its block states; undefined where it stands alone. */
export function walkStructList(walk: Walk, length: number | undefined, walkStruct: () => void): void {
  const { cursor, tree } = walk;
  const start = cursor.position;
  const count = length === 0 ? 0 : cursor.varint("the number of elements");
  if (length !== 0 && length !== undefined) walk.refuseNone(count, start, "a block of 0 bytes, as an empty list is");
  tree.part("count");
  tree.note(plural(count, "element"));
  for (let index = 0; index < count; index++) {
    walk.count(1);
    openItem(walk, index, "body");
    walkStruct();
    tree.close();
  }
}

export interface MapType {
  readonly key: TypeRef;
  readonly value: TypeRef;
}

export function walkMap(
  walk: Walk,
  { key, value }: MapType,
  slot: Slot,
  isImplicit: boolean,
  walkPayload: WalkElement,
): void {
  const { cursor, layout, tree } = walk;
  const start = cursor.position;
  const keyType = layout.wireType(key);
  const valueType = layout.wireType(value);
  const head = cursor.varint("the head of a map");
  const count = head >>> 3;
  if ((head & 7) !== WireType.VARINT) {
    walk.fault(`this is a list of ${wireTypeName(head & 7)}`, start, "a map, whose head has 0 in its low three bits");
  }
  walk.refuseZero(isImplicit && count === 0, start);
  tree.part("count");
  const at = cursor.position;
  const types = count === 0 ? undefined : cursor.varint("the wire types of keys and values");
  if (types !== undefined && types !== keyType * 16 + valueType) {
    const found = `the map goes from ${wireTypeName(types >>> 4)} to ${wireTypeName(types & 15)}`;
    walk.fault(found, at, `${wireTypeName(keyType)} to ${wireTypeName(valueType)}`);
  }
  tree.part("types");
  tree.note(plural(count, "entry"));
  const inner = { ...slot, type: value };
  const weight = layout.weights.ofElement(inner);
  let previous: ScalarValue["key"];
  for (let index = 0; index < count; index++) {
    walk.count(weight);
    openItem(walk, index, wireTypeName(valueType));
    previous = walkKey(walk, key, slot, previous);
    walkPayload(inner);
    tree.close();
  }
}

/** The key of an entry, which its node is called after. Returns what the next key must be above. */
function walkKey(walk: Walk, type: TypeRef, slot: Slot, previous: ScalarValue["key"]): ScalarValue["key"] {
  const { cursor, layout, tree } = walk;
  const start = cursor.position;
  const scalar = scalarTypeOf(layout.concrete(type));
  if (scalar === undefined) throw new Error("such a type is no key");
  const { shown, key, text } = readPayloadScalar(walk, scalar, slot.safeIntegers, () => {});
  tree.rename(typeof key === "string" ? quote(key, KEY_UNITS) : shown);
  tree.pooled(text?.pooled, "key");
  if (previous !== undefined && key !== undefined && !(previous < key)) {
    walk.fault("the keys of a map ascend", start, "a key above the one before");
  }
  tree.part("key");
  return key;
}

/** The header of a BLOCK, and its body, which must be as long as the header says. */
export function walkBlock(walk: Walk, body: (from: number, length: number) => void): void {
  const { cursor, tree, pool } = walk;
  const start = cursor.position;
  const length = cursor.varint("the length of a BLOCK");
  tree.part("length");
  const units = cursor.varint("the units of text of a BLOCK");
  tree.part("units");
  const from = cursor.position;
  const taken = pool.taken;
  const outer = cursor.end;
  cursor.end = Math.min(outer, from + length);
  body(from, length);
  const found = cursor.position - from;
  if (found !== length) walk.fault(`the block states ${plural(length, "byte")}`, start, plural(found, "byte"));
  const text = pool.taken - taken;
  if (text !== units) walk.fault(`the block states ${plural(units, "unit")} of text`, start, plural(text, "unit"));
  cursor.end = outer;
}

function openItem(walk: Walk, index: number, wireType: string): void {
  walk.tree.open({ label: `[${index}]`, step: `[${index}]`, wireType, isItem: true });
}

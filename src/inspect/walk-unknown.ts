/** Steps over fields that the schema does not know. The wire type says how long they are, and little of what they mean. */
import { plural } from "./byte-cursor.js";
import { wireTypeName, WireType } from "./layout.js";
import { unzigzag } from "./read-scalar.js";
import { f32Text, floatText, quote } from "./value-text.js";
import { EMPTY_FORM } from "./walk-collections.js";
import type { Walk } from "./walk.js";

const MAX_NESTED_LISTS = 32;

/** Opens a node for the field behind a tag that was read, and walks it. */
export function walkUnknownField(walk: Walk, tag: number): void {
  const { tree } = walk;
  const number = tag >>> 3;
  tree.open({
    label: `?${number}`,
    step: `.?${number}`,
    number,
    unknown: true,
    wireType: wireTypeName(tag & 7),
    isItem: true,
  });
  tree.part("tag");
  walkUnknown(walk, tag & 7, 0);
  tree.close();
}

function walkUnknown(walk: Walk, wireType: number, nestedLists: number): void {
  const { cursor, tree } = walk;
  switch (wireType) {
    case WireType.VARINT: {
      const value = cursor.varint("a varint");
      tree.part("value");
      tree.value(`${value}, as zigzag ${unzigzag(value)}`);
      return;
    }
    case WireType.FIXED4: {
      const at = cursor.take(4, "a FIXED4");
      tree.part("value");
      tree.value(f32Text(cursor.view.getFloat32(at, true)));
      return;
    }
    case WireType.FIXED8: {
      const at = cursor.take(8, "a FIXED8");
      tree.part("value");
      tree.value(`${cursor.view.getBigInt64(at, true)}, as f64 ${floatText(cursor.view.getFloat64(at, true))}`);
      return;
    }
    case WireType.TEXT: {
      const text = walk.text(false, (kind) => tree.part(kind));
      tree.value(text.shown);
      tree.pooled(text.pooled);
      return;
    }
    case WireType.BYTES: {
      const length = cursor.varint("the length of a BYTES");
      tree.part("length");
      cursor.take(length, "a BYTES");
      tree.part("value");
      tree.note(plural(length, "byte"));
      return;
    }
    case WireType.MESSAGE:
      walkUnknownMessage(walk);
      return;
    case WireType.LIST:
      walkUnknownList(walk, nestedLists + 1);
      return;
    case WireType.BLOCK:
      walkUnknownBlock(walk);
      return;
    default:
      walk.fault(`there is no wire type ${wireType}`, cursor.position, "0 to 7");
  }
}

function walkUnknownMessage(walk: Walk): void {
  walk.enter(1);
  for (let tag = walk.tag(0); tag !== 0; tag = walk.tag(tag)) walkUnknownField(walk, tag);
  walk.tree.open({ label: "end" });
  walk.tree.part("end");
  walk.tree.close();
  walk.leave();
}

function walkUnknownList(walk: Walk, nestedLists: number): void {
  const { cursor, tree } = walk;
  const start = cursor.position;
  if (nestedLists > MAX_NESTED_LISTS)
    walk.fault("lists nest too deep", start, `at most ${MAX_NESTED_LISTS} within one another`);
  const head = cursor.varint("the head of a list");
  tree.part("count");
  if (head === 0) {
    tree.note("an empty list or map");
    return;
  }
  const elementType = head & 7;
  const count = head >>> 3;
  const isMap = elementType === WireType.VARINT;
  if (!isMap && elementType < WireType.TEXT)
    walk.fault(`no list has elements of ${wireTypeName(elementType)}`, start, "TEXT to BLOCK, or VARINT for a map");
  walk.refuseNone(count, start, EMPTY_FORM);
  let types = elementType;
  if (isMap) {
    const at = cursor.position;
    types = cursor.varint("the wire types of keys and values");
    if (types > 0x7f) walk.fault("a map has two wire types", at, "a byte below 128");
    tree.part("types");
  }
  tree.note(
    isMap
      ? `${plural(count, "entry")}, ${wireTypeName(types >>> 4)} to ${wireTypeName(types & 15)}`
      : `${plural(count, "element")} of ${wireTypeName(elementType)}`,
  );
  for (let index = 0; index < count; index++) {
    walk.count(1);
    tree.open({
      label: `[${index}]`,
      step: `[${index}]`,
      unknown: true,
      isItem: true,
      ...(!isMap && { wireType: wireTypeName(elementType) }),
    });
    if (isMap) {
      walkUnknownPart(walk, "key", types >>> 4, nestedLists);
      walkUnknownPart(walk, "value", types & 15, nestedLists);
    } else walkUnknown(walk, elementType, nestedLists);
    tree.close();
  }
}

function walkUnknownPart(walk: Walk, label: string, wireType: number, nestedLists: number): void {
  walk.tree.open({ label, step: `.${label}`, unknown: true, wireType: wireTypeName(wireType) });
  walkUnknown(walk, wireType, nestedLists);
  walk.tree.close();
}

function walkUnknownBlock(walk: Walk): void {
  const { cursor, tree, pool } = walk;
  const length = cursor.varint("the length of a BLOCK");
  tree.part("length");
  const at = cursor.position;
  const units = cursor.varint("the units of text of a BLOCK");
  tree.part("units");
  cursor.take(length, "the body of a BLOCK");
  tree.part("value");
  const pooled = pool.take(units, at);
  tree.value(
    `a body of ${plural(length, "byte")}${units === 0 ? "" : ` with the text ${pooled.text === undefined ? `of ${units} units` : quote(pooled.text, walk.options.mostUnits)}`}`,
  );
  tree.pooled(pooled);
}

/** How a type differs from what it was, as its bytes have it, or JSON where the bytes are the same. */
import type { ConcreteType, SchemaIndex } from "../ir/schema-index.js";
import type { Declaration, Scalar, TypeRef } from "../ir/schema.js";
import type { Readers } from "./usage.js";

export interface TypeDifference extends Readers {
  readonly kind: "widened" | "narrowed" | "cardinality" | "element" | "mapKey" | "mapValue" | "declarationKind" | "spelling" | "other";
  readonly old: string;
  readonly new: string;
}

export interface TypeComparison {
  readonly difference?: TypeDifference;
  /** Declarations that stand for each other, whatever they are called: they are to be compared next. */
  readonly pairs: readonly (readonly [old: Declaration, new: Declaration])[];
}

/** Varints, each of which holds all of those before it. A bool is one too, but not in JSON. */
const VARINTS = [
  ["u8", "u16", "u32"],
  ["i8", "i16", "i32"],
];

export function compareTypes(before: SchemaIndex, old: TypeRef, after: SchemaIndex, fresh: TypeRef): TypeComparison {
  const [a, b] = [before.concrete(old), after.concrete(fresh)];
  const differ = (kind: TypeDifference["kind"], newOfOld = true, oldOfNew = true): TypeComparison => {
    const isCalledAlike = typeText(old) === typeText(fresh);
    const [was, is] = isCalledAlike ? [wholeText(before, old), wholeText(after, fresh)] : [typeText(old), typeText(fresh)];
    return { difference: { kind, old: was, new: is, newOfOld, oldOfNew }, pairs: [] };
  };
  if (a.kind === "scalar" && b.kind === "scalar") {
    if (a.scalar === b.scalar) return { pairs: [] };
    const family = VARINTS.find((scalars) => scalars.includes(a.scalar) && scalars.includes(b.scalar));
    if (family === undefined) return differ("other");
    return family.indexOf(a.scalar) < family.indexOf(b.scalar) ? differ("widened", false) : differ("narrowed", true, false);
  }
  if (a.kind === "list" && b.kind === "list") return within(compareTypes(before, a.element, after, b.element), "element", differ);
  if (a.kind === "map" && b.kind === "map") {
    const key = compareTypes(before, a.key, after, b.key);
    if (key.difference !== undefined) return differ("mapKey");
    const { pairs, ...value } = within(compareTypes(before, a.value, after, b.value), "mapValue", differ);
    return { ...value, pairs: [...key.pairs, ...pairs] };
  }
  if (a.kind === "declared" && b.kind === "declared") {
    if (a.declaration.kind !== b.declaration.kind) return differ("declarationKind");
    return { pairs: [[a.declaration, b.declaration]] };
  }
  if ((isScalar(a, "bytes") && isList(b, after, "u8")) || (isList(a, before, "u8") && isScalar(b, "bytes"))) return differ("spelling");
  return differ(isCollection(a) !== isCollection(b) ? "cardinality" : "other");
}

/** Within a collection elements have the width of their type, so that no other type reads them. */
function within(inner: TypeComparison, kind: TypeDifference["kind"], differ: (kind: TypeDifference["kind"]) => TypeComparison): TypeComparison {
  if (inner.difference === undefined) return inner;
  return differ(inner.difference.kind === "spelling" ? "spelling" : kind);
}

function isScalar(type: ConcreteType, scalar: Scalar): boolean {
  return type.kind === "scalar" && type.scalar === scalar;
}

function isList(type: ConcreteType, index: SchemaIndex, scalar: Scalar): boolean {
  return type.kind === "list" && isScalar(index.concrete(type.element), scalar);
}

function isCollection({ kind }: ConcreteType): boolean {
  return kind === "list" || kind === "map";
}

/** As it is written, without packages. */
export function typeText(type: TypeRef): string {
  switch (type.kind) {
    case "scalar":
      return type.scalar;
    case "list":
      return `${typeText(type.element)}[]`;
    case "map":
      return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case "named":
      return type.name.slice(type.name.lastIndexOf(".") + 1);
  }
}

/** What stands behind its names. */
function wholeText(index: SchemaIndex, type: TypeRef): string {
  const concrete = index.concrete(type);
  switch (concrete.kind) {
    case "list":
      return `${wholeText(index, concrete.element)}[]`;
    case "map":
      return `map<${wholeText(index, concrete.key)}, ${wholeText(index, concrete.value)}>`;
    case "declared":
      return `${concrete.declaration.kind} ${concrete.declaration.name}`;
    case "scalar":
      return concrete.scalar;
  }
}

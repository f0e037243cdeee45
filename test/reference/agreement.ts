/** What generated code and the reference make of the same bytes, and where they differ. */
import { isDeepStrictEqual } from "node:util";
import { DecodeError } from "../../runtime/wire/errors.js";
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Field, TypeRef } from "../../src/ir/schema.js";
import type { Subject } from "../load-generated.js";
import { decodeRoot } from "./decode.js";
import { encodeRoot } from "./encode.js";
import { Refused } from "./input.js";
import { type Forms, PLAIN, type Root, shapeOf } from "./layout.js";

type Verdict = { readonly value: unknown } | { readonly refused: Error };

/** @throws whatever decoding throws that is not a DecodeError. */
export function verdictOf({ codec }: Subject, bytes: Uint8Array): Verdict {
  try {
    return { value: codec.decode(bytes) };
  } catch (error) {
    if (error instanceof DecodeError) return { refused: error };
    throw error;
  }
}

function referenceVerdictOf(index: SchemaIndex, root: Root, bytes: Uint8Array): Verdict {
  try {
    return { value: decodeRoot(index, root, bytes) };
  } catch (error) {
    if (error instanceof Refused) return { refused: error };
    throw error;
  }
}

/** A sentence about the difference; undefined where there is none. */
export function disagreement(index: SchemaIndex, subject: Subject, bytes: Uint8Array): string | undefined {
  const theirs = verdictOf(subject, bytes);
  const ours = referenceVerdictOf(index, subject.root, bytes);
  if ("refused" in ours) {
    return "refused" in theirs
      ? undefined
      : `generated code accepts what the reference refuses: ${ours.refused.message}`;
  }
  if ("refused" in theirs) return `generated code refuses what the reference accepts: ${theirs.refused.message}`;
  if (!isDeepStrictEqual(theirs.value, ours.value)) return "the values differ";
  const again = hex(subject.codec.encode(theirs.value));
  if (again !== hex(encodeRoot(index, subject.root, ours.value))) return `encoded again they differ: ${again}`;
  if (again !== hex(bytes) && !hasSecondForm(index, subject.root))
    return `accepted bytes are not canonical: ${again} is`;
  return undefined;
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/**
 * Whether a decoder may accept two encodings of one of its values: it reaches a field that is always written and yet may be
 * absent (one with a default; a struct or message that holds such), or a time whose form in TypeScript holds less than the wire.
 */
export function hasSecondForm(index: SchemaIndex, root: Root): boolean {
  const seen = new Set<TypeRef | string>();
  const ofFields = (fields: readonly Field[], areAbsentable: boolean): boolean =>
    fields.some((field) => (areAbsentable && isAlwaysWritten(index, field)) || ofType(field.type, field));
  const ofType = (type: TypeRef, forms: Forms): boolean => {
    const shape = shapeOf(index, type);
    switch (shape.kind) {
      case "enum":
        return false;
      case "scalar":
        return !forms.nanos && (shape.scalar === "timestamp" || shape.scalar === "duration");
      case "list":
        return ofType(shape.element, forms);
      case "map":
        return ofType(shape.value, forms);
      default: {
        const name = type.kind === "named" ? type.name : "";
        if (seen.has(name)) return false;
        seen.add(name);
        return ofFields(shape.kind === "union" ? shape.members : shape.fields, shape.kind === "message");
      }
    }
  };
  return root.kind === "fields" ? ofFields(root.fields, true) : ofType(root.type, PLAIN);
}

/** Whether a field that may be absent is written even when it holds its zero: it has a default, or its zero holds such a field. */
function isAlwaysWritten(index: SchemaIndex, field: Field): boolean {
  if (field.optional) return false;
  return field.default !== undefined || zeroHoldsDefault(index, field.type);
}

function zeroHoldsDefault(index: SchemaIndex, type: TypeRef): boolean {
  const shape = shapeOf(index, type);
  if (shape.kind === "message") return shape.fields.some((field) => isAlwaysWritten(index, field));
  // The fields of a struct are there in any case, but for what stands within them.
  return (
    shape.kind === "struct" && shape.fields.some((field) => !field.optional && zeroHoldsDefault(index, field.type))
  );
}

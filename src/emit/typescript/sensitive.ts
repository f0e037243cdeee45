/** Which fields of a value are `@sensitive`, so that errors about them do not quote it. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Field, TypeRef } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { annotated, arrayLiteral, assignment, call } from "./code-writer/shapes.js";
import type { GeneratedFile } from "./generated-file.js";
import { declaredName, memberName } from "./names.js";
import { runtimeValue } from "./runtime-symbols.js";

/** Fields of a record or union, and what stands before their names in errors. */
export interface Owner {
  readonly place: string;
  readonly fields: readonly Field[];
}

/** What may stand at the root of a value. */
export type Root = Owner | TypeRef;

/**
 * Places as errors call them, in order: the sensitive fields that a value reaches, and everything within them, for an
 * error there would quote a part of them.
 */
export function sensitivePlaces(index: SchemaIndex, root: Root): readonly string[] {
  const places = new Set<string>();
  const seen = new Set<string>();
  const visitFields = ({ place, fields }: Owner, within: boolean): void => {
    for (const field of fields) {
      const isSensitive = within || field.sensitive;
      if (isSensitive) {
        places.add(`${place}.${memberName(field)}`);
        // What JSON calls it.
        if (field.wireName !== memberName(field)) places.add(field.wireName);
      }
      visitType(field.type, isSensitive);
    }
  };
  const visitType = (type: TypeRef, within: boolean): void => {
    if (type.kind === "list") return visitType(type.element, within);
    if (type.kind === "map") {
      visitType(type.key, within);
      return visitType(type.value, within);
    }
    if (type.kind === "scalar" || seen.has(`${within} ${type.name}`)) return;
    seen.add(`${within} ${type.name}`);
    const declaration = index.declaration(type.name);
    const place = declaredName(declaration);
    if (declaration.kind === "alias") return visitType(declaration.type, within);
    if (declaration.kind === "union") visitFields({ place, fields: declaration.members }, within);
    else if (declaration.kind === "message" || declaration.kind === "struct") visitFields({ ...declaration, place }, within);
    else return;
    // A value that is none of the type is called by the type's name on the wire.
    if (within) places.add(declaration.wireName);
  };
  if ("kind" in root) visitType(root, false);
  else visitFields(root, false);
  return [...places].sort();
}

/** The codec, made discreet about the places, which are printed before it as a constant called after `base`. */
export function discreetly(file: GeneratedFile, base: string, places: readonly string[], codec: Doc): Doc {
  if (places.length === 0) return codec;
  const wanted = `sensitive${base}`;
  let name = wanted;
  for (let number = 1; file.ownNames.has(name); number++) name = `${wanted}$${number}`;
  file.reserve(name);
  const list = arrayLiteral(...places.map(quote));
  file.section([assignment(annotated(`const ${name}`, "readonly string[]"), list), ";"]);
  return call(runtimeValue("discreet"), codec, name);
}

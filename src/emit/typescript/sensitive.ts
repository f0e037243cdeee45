/** Which fields of a value are `@sensitive`, so that errors about them do not quote it. */
import { holdersOf } from "../../ir/holders.js";
import { fieldsIn, namesIn } from "../../ir/names-in.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, Field, TypeRef } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { annotated, arrayLiteral, assignment, call, pure } from "./code-writer/shapes.js";
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
  const secretive = secretiveTypes(index);
  const places = new Set<string>();
  const seen = new Set<string>();
  /** A stack of its own: types nest more deeply than the engine's would bear. */
  const open: { readonly name: string; readonly within: boolean }[] = [];
  const follow = (type: TypeRef, within: boolean): void => {
    for (const name of namesIn(type)) {
      if (seen.has(`${within} ${name}`) || (!within && !secretive.has(name))) continue;
      seen.add(`${within} ${name}`);
      open.push({ name, within });
    }
  };
  const visit = ({ place, fields }: Owner, within: boolean): void => {
    for (const field of fields) {
      const isSensitive = within || field.sensitive;
      if (isSensitive) {
        places.add(`${place}.${memberName(field)}`);
        // What JSON calls it.
        if (field.wireName !== memberName(field)) places.add(field.wireName);
      }
      follow(field.type, isSensitive);
    }
  };
  if ("kind" in root) follow(root, false);
  else visit(root, false);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const declaration = index.declaration(next.name);
    if (declaration.kind === "alias") follow(declaration.type, next.within);
    const fields = fieldsOf(declaration);
    if (fields === undefined) continue;
    visit({ place: declaredName(declaration), fields }, next.within);
    // A value that is none of the type is called by the type's name on the wire.
    if (next.within) places.add(declaration.wireName);
  }
  return [...places].sort();
}

/** The types that have a sensitive field, or hold a type that has one, at any depth. */
const secretiveTypes = holdersOf((declaration) => fieldsIn(declaration).some((field) => field.sensitive));

function fieldsOf(declaration: Declaration): readonly Field[] | undefined {
  switch (declaration.kind) {
    case "message":
    case "struct":
      return declaration.fields;
    case "union":
      return declaration.members;
    default:
      return undefined;
  }
}

/** The codec, made discreet about the places, which are printed before it as a constant called after `base`. */
export function discreetly(file: GeneratedFile, base: string, places: readonly string[], codec: Doc): Doc {
  if (places.length === 0) return codec;
  // The name depends on every name before it.
  file.passing();
  const wanted = `sensitive${base}`;
  let name = wanted;
  for (let number = 1; file.ownNames.has(name); number++) name = `${wanted}$${number}`;
  file.reserve(name);
  const list = arrayLiteral(...places.map(quote));
  file.section([assignment(annotated(`const ${name}`, "readonly string[]"), list), ";"]);
  return pure(call(runtimeValue("discreet"), codec, name));
}

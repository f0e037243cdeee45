/** Finds keys that JSON has and its type has not: codecs step over them, but who types a request by hand has mistyped them. */
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { Field, TypeRef } from "../ir/schema.js";

/** The first such key with its place, or undefined. The JSON is one that the codec of the type has read. */
export function unknownKey(index: SchemaIndex, type: TypeRef | readonly Field[], json: unknown, place = "$"): string | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  if (isFields(type)) return first(Object.entries(json), ([key, value]) => inField(index, type, key, value, place));
  const concrete = index.concrete(type);
  switch (concrete.kind) {
    case "scalar":
      return undefined;
    case "list":
      return first([...(json as readonly unknown[]).entries()], ([at, item]) => unknownKey(index, concrete.element, item, `${place}[${at}]`));
    case "map":
      return first(Object.entries(json), ([key, value]) => unknownKey(index, concrete.value, value, `${place}[${JSON.stringify(key)}]`));
    case "declared": {
      const { declaration } = concrete;
      if (declaration.kind === "enum") return undefined;
      // A union's unknown member stands under a key of its own, and its one key was known.
      if (declaration.kind === "union" && Object.hasOwn(json, "$unknown")) return undefined;
      return unknownKey(index, declaration.kind === "union" ? declaration.members : declaration.fields, json, place);
    }
  }
}

function inField(index: SchemaIndex, fields: readonly Field[], key: string, value: unknown, place: string): string | undefined {
  const field = fields.find(({ wireName }) => wireName === key);
  if (field !== undefined) return unknownKey(index, field.type, value, `${place}.${key}`);
  const names = fields.map(({ wireName }) => wireName);
  const help = didYouMean(closest(key, names)) ?? (names.length === 0 ? "nothing is taken here" : `there is ${names.join(", ")}`);
  return `${place}: there is no ${JSON.stringify(key)}; ${help}`;
}

function isFields(type: TypeRef | readonly Field[]): type is readonly Field[] {
  return Array.isArray(type);
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

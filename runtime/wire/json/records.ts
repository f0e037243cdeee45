/** Messages, structs and unions in JSON. Keys that a type does not know are ignored. */
import { DecodeError, show } from "../errors.js";
import { objectFromJson, setKey } from "./collections.js";
import type { JsonPath } from "./json-path.js";
import { bytes } from "./scalars.js";
import { unknownMemberOf } from "../merge-unknown.js";
import type { UnknownMember } from "../unknown-fields.js";
import type { AnyJsonType, JsonType, JsonValue } from "./json-type.js";

/** What a table says of a field beside its type. */
export interface JsonField {
  readonly type: AnyJsonType;
  /** Its name in JSON, where that is not its name in TypeScript. */
  readonly name?: string;
  readonly optional?: boolean;
  /** The value of a field that is left out. */
  readonly default?: unknown;
}

/** By their names in TypeScript. */
export type JsonFields = Readonly<Record<string, AnyJsonType | JsonField>>;

/** A message or struct. The fields are asked for when they are first needed, so that types may refer to each other. */
export function record<T extends object, Init extends object>(fields: () => JsonFields): JsonType<T, Init> {
  let table: (JsonField & { readonly key: string; readonly name: string })[] | undefined;
  const columns = () =>
    (table ??= Object.entries(fields()).map(([key, field]) => ({ key, name: key, ...fieldOf(field) })));
  return {
    toJson: (value, path) => {
      checkObject(value, path);
      const json: Record<string, JsonValue> = {};
      for (const { key, name, type, optional, default: fallback } of columns()) {
        const given = (value as Record<string, unknown>)[key];
        if (given === undefined && optional === true) continue;
        setKey(json, name, type.toJson((given ?? fallback ?? given) as never, path.child(name)));
      }
      return json;
    },
    fromJson: (json, path) => {
      const object = objectFromJson(json, path);
      const value: Record<string, unknown> = {};
      let absentFields = 0;
      for (const { key, name, type, optional, default: fallback } of columns()) {
        const given = Object.hasOwn(object, name) ? object[name] : undefined;
        if (given !== undefined && given !== null) {
          value[key] = type.fromJson(given, path.child(name));
        } else if (optional !== true) {
          const absent = fallback ?? type.zero(path);
          if (absent === undefined) throw path.decodeError(`"${name}" is missing`);
          value[key] = absent;
          absentFields += 1;
        }
      }
      return path.make(value as T, weightOf(absentFields));
    },
    zero: (path) => {
      const value: Record<string, unknown> = {};
      let fields = 0;
      for (const { key, type, optional } of columns()) {
        if (optional === true) continue;
        const zero = type.zero(path);
        if (zero === undefined) return undefined;
        value[key] = zero;
        fields += 1;
      }
      return path.make(value as T, 1 + weightOf(fields));
    },
  };
}

/** In nodes, what fields take that are left out: the least that as many take on the wire (docs/wire.md, 1.6). */
function weightOf(fields: number): number {
  return fields >>> 3;
}

function checkObject(value: object, path: JsonPath): void {
  if (typeof value !== "object" || value === null) throw path.encodeError(`takes an object, got ${show(value)}`);
  if (path.isTooDeep) throw path.encodeError("values nest too deep");
}

function fieldOf(field: AnyJsonType | JsonField): JsonField {
  return "type" in field ? field : { type: field };
}

interface Member {
  readonly kind: string;
  readonly value?: unknown;
}

const UNKNOWN: UnknownMember["kind"] = "$unknown";

/** An object of one key. A member that is not known here is base64 of the union's bytes under the key `$unknown`. */
export function union<T extends Member, Init extends Member>(members: () => JsonFields): JsonType<T, Init> {
  let table: Map<string, { readonly type: AnyJsonType; readonly name: string }> | undefined;
  const byKind = () =>
    (table ??= new Map(Object.entries(members()).map(([kind, member]) => [kind, { name: kind, ...fieldOf(member) }])));
  const decodingBy = (decode: ((bytes: Uint8Array) => T) | undefined): JsonType<T, Init> => ({
    decodingBy,
    toJson: (value, path) => {
      checkObject(value, path);
      if (value.kind === UNKNOWN) {
        const { number, bytes: kept } = value as unknown as UnknownMember;
        const json = bytes.toJson(kept, path);
        if (unknownMemberOf(kept)?.number !== number)
          throw path.encodeError("the bytes of an unknown member are damaged");
        return { [UNKNOWN]: json };
      }
      const member = byKind().get(value.kind);
      if (member === undefined) throw path.encodeError(`has no member ${show(value.kind)}`);
      return { [member.name]: member.type.toJson(value.value as never, path.child(member.name)) };
    },
    fromJson: (json, path) => {
      const [entry, ...others] = Object.entries(objectFromJson(json, path));
      if (entry === undefined || others.length > 0) throw path.decodeError("a union is an object of exactly one key");
      const [name, item] = entry;
      if (name === UNKNOWN) {
        return fromBytes(bytes.fromJson(item, path.child(name)), path.child(name), decode);
      }
      for (const [kind, member] of byKind()) {
        if (member.name === name) return { kind, value: member.type.fromJson(item, path.child(name)) } as unknown as T;
      }
      throw path.decodeError(`has no member ${show(name)}`);
    },
    zero: () => undefined,
  });
  return decodingBy(undefined);
}

/** Who has learnt to know the member since gets it as from any bytes; only what is unknown, or right, is let in. */
function fromBytes<T>(whole: Uint8Array, path: JsonPath, decode: ((bytes: Uint8Array) => T) | undefined): T {
  if (decode === undefined) throw path.decodeError("a union without a codec has no unknown members");
  try {
    return decode(whole);
  } catch (error) {
    if (error instanceof DecodeError) throw path.decodeError(`the bytes of an unknown member are damaged: ${error.message}`);
    throw error;
  }
}

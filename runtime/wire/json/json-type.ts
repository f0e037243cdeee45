/** How a type appears in JSON. Generated code puts these together into tables; nothing here is made from text. */
import type { JsonPath } from "./json-path.js";

/** What `JSON.stringify` takes and `JSON.parse` gives. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export interface JsonType<T, Init = T> {
  /** @throws EncodeError if the value does not fit the type. */
  readonly toJson: (value: Init, path: JsonPath) => JsonValue;
  /** @throws DecodeError if the JSON does not fit the type. */
  readonly fromJson: (json: unknown, path: JsonPath) => T;
  /** From the key of an object: for types that a map may have as its keys. */
  readonly fromKey?: (key: string, path: JsonPath) => T;
  /** What an absent field that is not optional reads as; undefined for a union, which has no zero. What it makes, it counts at the path. */
  readonly zero: (path: JsonPath) => T | undefined;
  /** Of a union: the same, with what decodes the bytes in which members are that were not known where they were written as JSON. */
  decodingBy?(decode: (bytes: Uint8Array) => T): JsonType<T, Init>;
}

/** A type of which only the table that holds it knows more. */
export type AnyJsonType = JsonType<unknown, never>;

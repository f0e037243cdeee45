/** Booleans, text, bytes and UUIDs in JSON. */
import { show } from "../errors.js";
import { NIL_UUID } from "../uuid.js";
import type { JsonType } from "./json-type.js";

export const bool: JsonType<boolean> = {
  toJson: (value, path) => {
    if (typeof value !== "boolean") throw path.encodeError(`bool takes true or false, got ${show(value)}`);
    return value;
  },
  fromJson: (json, path) => {
    if (typeof json !== "boolean") throw path.decodeError(`bool takes true or false, got ${show(json)}`);
    return json;
  },
  fromKey: (key, path) => {
    if (key !== "true" && key !== "false") throw path.decodeError(`a key of this map is "true" or "false"`);
    return key === "true";
  },
  zero: () => false,
};

function textFromJson(json: unknown, path: Parameters<JsonType<string>["fromJson"]>[1]): string {
  if (typeof json !== "string") throw path.decodeError(`string takes a string, got ${show(json)}`);
  if (!json.isWellFormed()) throw path.decodeError("text has half of a surrogate pair");
  return json;
}

export const string: JsonType<string> = {
  toJson: (value, path) => {
    if (typeof value !== "string") throw path.encodeError(`string takes a string, got ${show(value)}`);
    if (!value.isWellFormed()) throw path.encodeError("text has half of a surrogate pair");
    return value;
  },
  fromJson: textFromJson,
  fromKey: textFromJson,
  zero: () => "",
};

/** Base64 with padding, in the alphabet of RFC 4648 section 4. */
export const bytes: JsonType<Uint8Array> = {
  toJson: (value, path) => {
    if (!(value instanceof Uint8Array)) throw path.encodeError(`bytes takes a Uint8Array, got ${show(value)}`);
    return toBase64(value);
  },
  fromJson: (json, path) => {
    const value = typeof json === "string" ? fromBase64(json) : undefined;
    if (value === undefined) throw path.decodeError(`bytes takes base64 text, got ${show(json)}`);
    return value;
  },
  zero: (path) => path.make(new Uint8Array(0)),
};

function toBase64(value: Uint8Array): string {
  let text = "";
  for (let at = 0; at < value.length; at += 4096) text += String.fromCharCode(...value.subarray(at, at + 4096));
  return btoa(text);
}

/** Undefined for anything that `toBase64` would not have written. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const value = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return toBase64(value) === text ? value : undefined;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const uuid: JsonType<string> = {
  toJson: (value, path) => {
    if (typeof value !== "string" || !UUID.test(value))
      throw path.encodeError(`uuid takes 8-4-4-4-12 digits, got ${show(value)}`);
    return value.toLowerCase();
  },
  fromJson: (json, path) => {
    if (typeof json !== "string" || !UUID.test(json))
      throw path.decodeError(`uuid takes 8-4-4-4-12 digits, got ${show(json)}`);
    return json.toLowerCase();
  },
  zero: () => NIL_UUID,
};

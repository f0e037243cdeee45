/** Lists and typed arrays in JSON as arrays, maps as objects whose keys are text. */
import { show } from "../errors.js";
import type { TypedArray } from "../typed-array.js";
import { ROOT, type JsonPath } from "./json-path.js";
import type { AnyJsonType, JsonType, JsonValue } from "./json-type.js";

export function list<T, Init>(element: JsonType<T, Init>): JsonType<T[], readonly Init[]> {
  return {
    toJson: (value, path) => {
      if (!Array.isArray(value)) throw path.encodeError(`a list takes an array, got ${show(value)}`);
      if (path.isTooDeep) throw path.encodeError("values nest too deep");
      return Array.from(value as readonly Init[], (item, index) => element.toJson(item, path.child(index)));
    },
    fromJson: (json, path) => {
      if (!Array.isArray(json)) throw path.decodeError(`a list takes an array, got ${show(json)}`);
      if (path.isTooDeep) throw path.decodeError("values nest too deep");
      return Array.from(json as unknown[], (item, index) => element.fromJson(item, path.child(index)));
    },
    zero: (path) => path.make([]),
  };
}

interface TypedArrayConstructor<T extends TypedArray> {
  new (length: number): T;
  readonly name: string;
}

export function typedArray<T extends TypedArray>(type: TypedArrayConstructor<T>, element: AnyJsonType): JsonType<T> {
  const elements = list(element);
  return {
    toJson: (value, path) => {
      if (!(value instanceof type)) throw path.encodeError(`takes a ${type.name}, got ${show(value)}`);
      return elements.toJson(Array.from<unknown>(value) as never[], path);
    },
    fromJson: (json, path) => {
      const items = elements.fromJson(json, path);
      const array = new type(items.length);
      for (let i = 0; i < items.length; i++) array[i] = items[i] as T[number];
      return array;
    },
    zero: (path) => path.make(new type(0)),
  };
}

export function map<K, V, Init>(key: JsonType<K>, value: JsonType<V, Init>): JsonType<Map<K, V>, ReadonlyMap<K, Init>> {
  return {
    toJson: (map, path) => {
      if (!(map instanceof Map)) throw path.encodeError(`a map takes a Map, got ${show(map)}`);
      if (path.isTooDeep) throw path.encodeError("values nest too deep");
      const json: Record<string, JsonValue> = {};
      for (const [k, v] of map as ReadonlyMap<K, Init>) {
        const name = String(key.toJson(k, path));
        setKey(json, name, value.toJson(v, path.child(name)));
      }
      return json;
    },
    fromJson: (json, path) => {
      const map = new Map<K, V>();
      for (const [name, item] of Object.entries(objectFromJson(json, path))) {
        const at = path.child(name);
        const k = keyFromJson(key, name, at);
        if (map.has(k)) throw at.decodeError("this key stands here twice, in two spellings");
        map.set(k, value.fromJson(item, at));
      }
      return map;
    },
    zero: (path) => path.make(new Map()),
  };
}

function keyFromJson<K>(key: JsonType<K>, name: string, path: JsonPath): K {
  if (key.fromKey === undefined) throw new TypeError(`${ROOT}: a type without keys in JSON is a map's key`);
  return key.fromKey(name, path);
}

/** As an assignment, but a key of the name `__proto__` is a key like any other. */
export function setKey(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  else object[key] = value;
}

/** @throws DecodeError if the JSON is not an object. */
export function objectFromJson(json: unknown, path: JsonPath): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw path.decodeError(`takes an object, got ${show(json)}`);
  }
  if (path.isTooDeep) throw path.decodeError("values nest too deep");
  return json as Record<string, unknown>;
}

/** The one order of a map's keys: ascending, integers by value, `false` before `true`, strings by UTF-16 code units. */
import { EncodeError, show } from "./errors.js";

/** What `typeof` says of a map's keys. */
export type KeyType = "string" | "number" | "bigint" | "boolean";

/** The map itself where it is in order already, as decoded maps are. */
export function sortedEntries<K extends string | number | bigint | boolean, V>(
  map: ReadonlyMap<K, V>,
  keyType: KeyType,
  place: string,
): Iterable<readonly [K, V]> {
  let inOrder = true;
  let previous: K | undefined;
  for (const key of map.keys()) {
    if (typeof key !== keyType) throw new EncodeError(`a key of this map is a ${keyType}, got ${show(key)}`, place);
    if (previous !== undefined && !(previous < key)) inOrder = false;
    previous = key;
  }
  return inOrder ? map : [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The one order of a map's keys: ascending, integers by value, `false` before `true`, strings by UTF-16 code units. */
import { EncodeError, show } from "./errors.js";

/** What `typeof` says of a map's keys. */
export type KeyType = "string" | "number" | "bigint" | "boolean";

/** Up to so many keys a sort by insertion beats the engine's. */
const FEW = 16;

/** @throws EncodeError if a key is of another type. */
export function sortedKeys<K extends string | number | bigint | boolean>(
  map: ReadonlyMap<K, unknown>,
  keyType: KeyType,
  place: string,
): K[] {
  const keys: K[] = [];
  let inOrder = true;
  let previous: K | undefined;
  for (const key of map.keys()) {
    if (typeof key !== keyType) throw new EncodeError(`a key of this map is a ${keyType}, got ${show(key)}`, place);
    if (previous !== undefined && !(previous < key)) inOrder = false;
    previous = key;
    keys.push(key);
  }
  if (inOrder) return keys;
  if (keys.length <= FEW) return sortFew(keys);
  // By default strings are compared by their code units, and everything else is made a string.
  return keyType === "string" ? keys.sort() : keys.sort((a, b) => (a < b ? -1 : 1));
}

function sortFew<K extends string | number | bigint | boolean>(keys: K[]): K[] {
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as K;
    let at = i;
    while (at > 0 && key < (keys[at - 1] as K)) {
      keys[at] = keys[at - 1] as K;
      at -= 1;
    }
    keys[at] = key;
  }
  return keys;
}

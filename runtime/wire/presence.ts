/**
 * Which optional fields an object has, for messages that have many: to ask an object of a rare shape for a property that
 * it does not have costs V8 more than to write one that it has.
 */

/** A bit for each field, by the name of its property; at most `MASK_BITS` of them. */
export type FieldBits = ReadonlyMap<string, number>;

/** More would make of a mask something else than a small integer. */
const MASK_BITS = 30;
const ALL = 2 ** MASK_BITS - 1;

export function fieldBits(...names: readonly string[]): FieldBits {
  return new Map(names.map((name, index) => [name, 1 << index]));
}

/** Of a plain object the bits of those that are enumerable properties; of any other object, which may compute them, all. */
export function presence(value: object, bits: FieldBits): number {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return ALL;
  let mask = 0;
  for (const name in value) mask |= bits.get(name) ?? 0;
  return mask;
}

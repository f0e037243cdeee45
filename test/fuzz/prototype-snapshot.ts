/** Every property of the prototypes that decoded values, and the decoder itself, have: hostile input must change none. */

const PROTOTYPES: readonly object[] = [
  ...[Object, Array, Map, Set, Date, Function, String, Number, BigInt, Boolean, Symbol, Promise, RegExp, Error],
  ...[ArrayBuffer, DataView, Uint8Array, Float64Array, Object.getPrototypeOf(Uint8Array) as { prototype: object }],
].map(({ prototype }) => prototype);

/** Each property's name and all that its descriptor says, in turn. */
export function prototypeSnapshot(): readonly unknown[] {
  return PROTOTYPES.flatMap((prototype) => [
    Object.getPrototypeOf(prototype),
    ...Reflect.ownKeys(prototype).flatMap((key) => {
      const { value, get, set, enumerable, writable } = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
      return [key, value, get, set, enumerable, writable];
    }),
  ]);
}

export function prototypesAreAs(before: readonly unknown[]): boolean {
  const now = prototypeSnapshot();
  return now.length === before.length && now.every((each, at) => Object.is(each, before[at]));
}

/** Finds what has a number or a name in a list of the schema, which is indexed when it is first asked. */

const indexes = new WeakMap<readonly unknown[], Map<string, ReadonlyMap<unknown, unknown>>>();

/** The first that has the value. */
export function findBy<K extends string, T extends Readonly<Record<K, unknown>>>(list: readonly T[], key: K, value: T[K]): T | undefined {
  const known = indexes.get(list) ?? new Map<string, ReadonlyMap<unknown, unknown>>();
  indexes.set(list, known);
  const index = known.get(key) ?? new Map(list.map((each) => [each[key], each] as const).reverse());
  known.set(key, index);
  // What stands in the index of a list came from the list.
  return index.get(value) as T | undefined;
}

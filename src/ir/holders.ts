/** Which types have something, themselves or in what they hold. */
import { namesUsedBy } from "./names-in.js";
import type { SchemaIndex } from "./schema-index.js";
import type { Declaration } from "./schema.js";

/**
 * A question about a schema that is answered once, since every file of it asks: the full names of the declarations for which `has`
 * holds, and of those that lead to one, at any depth.
 */
export function holdersOf(has: (declaration: Declaration) => boolean): (index: SchemaIndex) => ReadonlySet<string> {
  const known = new WeakMap<SchemaIndex, ReadonlySet<string>>();
  return (index) => {
    const before = known.get(index);
    if (before !== undefined) return before;
    const users = new Map<string, string[]>();
    const holders = new Set<string>();
    for (const declaration of index.schema.files.flatMap(({ declarations }) => declarations)) {
      if (has(declaration)) holders.add(declaration.fullName);
      for (const name of namesUsedBy(declaration)) {
        const list = users.get(name);
        if (list === undefined) users.set(name, [declaration.fullName]);
        else list.push(declaration.fullName);
      }
    }
    // A set is walked in order of insertion, so that what is added on the way is visited too.
    for (const name of holders) for (const user of users.get(name) ?? []) holders.add(user);
    known.set(index, holders);
    return holders;
  };
}

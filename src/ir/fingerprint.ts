/** A short name for what a schema means on the wire and promises there: two sides that agree on it agree on both. */
import { describeWire } from "./describe-wire.js";
import type { SchemaIndex } from "./schema-index.js";
import type { Declaration } from "./schema.js";
import { sha256 } from "./sha256.js";
import { stronglyConnected } from "./strongly-connected.js";

/**
 * 32 hexadecimal digits over the declarations of the given full names and all that they refer to; over the whole schema where no
 * names are given. Names in the source (given `@wireName`), files, the order of declarations, documentation and what only
 * TypeScript sees do not enter; numbers, types, wire names, constraints and the promises of methods do.
 *
 * The first call for a schema takes time linear in its size, and each later one in what is asked for.
 *
 * @throws Error if the schema lacks one of the names.
 */
export function fingerprint(index: SchemaIndex, fullNames?: Iterable<string>): string {
  const hashes = hashesOf(index);
  const declarations =
    fullNames === undefined
      ? [...hashes.keys()].filter(isOnWire)
      : Array.from(fullNames, (name) => index.declaration(name));
  const lines = declarations.map((declaration) => `${declaration.wireName} ${hashes.get(declaration)}`);
  return sha256(lines.sort().join("\n")).slice(0, 32);
}

/** The hash of each declaration and all that it refers to. */
type Hashes = ReadonlyMap<Declaration, string>;

const known = new WeakMap<SchemaIndex, Hashes>();

function hashesOf(index: SchemaIndex): Hashes {
  const hashes = known.get(index) ?? hashAll(index);
  known.set(index, hashes);
  return hashes;
}

/** Declarations that refer to one another are hashed together, and what they refer to before them. */
function hashAll(index: SchemaIndex): Hashes {
  const all = index.schema.files.flatMap((file) => file.declarations);
  const described = new Map(all.map((declaration) => [declaration, describeWire(declaration, index)]));
  const refers = (declaration: Declaration) => described.get(declaration)?.refers ?? [];
  const hashes = new Map<Declaration, string>();
  for (const part of stronglyConnected(all, refers)) {
    const inside = new Set(part);
    const texts = part.map((declaration) => described.get(declaration)?.text ?? "").sort();
    const outside = new Set(
      part.flatMap((declaration) => [...refers(declaration)]).filter((declaration) => !inside.has(declaration)),
    );
    const hash = sha256(JSON.stringify([texts, [...outside].map((declaration) => hashes.get(declaration)).sort()]));
    for (const declaration of part) hashes.set(declaration, hash);
  }
  return hashes;
}

function isOnWire({ kind }: Declaration): boolean {
  return kind !== "const" && kind !== "alias" && kind !== "annotation";
}

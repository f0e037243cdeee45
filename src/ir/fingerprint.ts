/** A short name for what a schema means on the wire and promises there: two sides that agree on it agree on both. */
import { describeWire, type WireDescription } from "./describe-wire.js";
import type { SchemaIndex } from "./schema-index.js";
import type { Declaration } from "./schema.js";
import { sha256 } from "./sha256.js";
import { stronglyConnected } from "./strongly-connected.js";

/**
 * 32 hexadecimal digits over the declarations of the given full names and all that they refer to; over the whole schema where no
 * names are given. Names in the source (given `@wireName`), files, the order of declarations, documentation and what only
 * TypeScript sees do not enter; numbers, types, wire names, constraints and the promises of methods do.
 *
 * Takes time linear in the size of what the declarations lead to, less what was asked about the same schema before.
 *
 * @throws Error if the schema lacks one of the names.
 */
export function fingerprint(index: SchemaIndex, fullNames?: Iterable<string>): string {
  const declarations =
    fullNames === undefined
      ? index.schema.files.flatMap((file) => file.declarations).filter(isOnWire)
      : Array.from(fullNames, (name) => index.declaration(name));
  const hashes = known.get(index) ?? new Map<Declaration, string>();
  known.set(index, hashes);
  addHashes(declarations, index, hashes);
  const lines = declarations.map((declaration) => `${declaration.wireName} ${hashes.get(declaration)}`);
  return sha256(lines.sort().join("\n")).slice(0, 32);
}

/** The hash of each declaration that was asked about, with all that it refers to. */
const known = new WeakMap<SchemaIndex, Map<Declaration, string>>();

/** Declarations that refer to one another are hashed together, and what they refer to before them. */
function addHashes(declarations: readonly Declaration[], index: SchemaIndex, hashes: Map<Declaration, string>): void {
  const described = new Map<Declaration, WireDescription>();
  const describe = (declaration: Declaration): WireDescription => {
    const description = described.get(declaration) ?? describeWire(declaration, index);
    described.set(declaration, description);
    return description;
  };
  const isNew = (declaration: Declaration) => !hashes.has(declaration);
  const refers = (declaration: Declaration) => [...describe(declaration).refers].filter(isNew);
  for (const part of stronglyConnected(declarations.filter(isNew), refers)) {
    const inside = new Set(part);
    const texts = part.map((declaration) => describe(declaration).text).sort();
    const outside = new Set(
      part.flatMap((declaration) => [...describe(declaration).refers]).filter((declaration) => !inside.has(declaration)),
    );
    const hash = sha256(JSON.stringify([texts, [...outside].map((declaration) => hashes.get(declaration)).sort()]));
    for (const declaration of part) hashes.set(declaration, hash);
  }
}

function isOnWire({ kind }: Declaration): boolean {
  return kind !== "const" && kind !== "alias" && kind !== "annotation";
}

/** Resolves what every alias stands for, and refuses those that stand for themselves. */
import type { Collector } from "../diagnostics/collector.js";
import type { TypeRef } from "../ir/schema.js";
import { stronglyConnected } from "../ir/strongly-connected.js";
import type { AliasNode } from "../parser/ast.js";
import { placesAlong, showChain } from "./cycle-chain.js";
import { findCycles } from "./find-cycles.js";
import type { LoadedFile } from "./program.js";
import type { Types } from "./resolve-types.js";
import type { Declared, Symbols } from "./symbols.js";

export function checkAliases(files: readonly LoadedFile[], symbols: Symbols, types: Types, found: Collector): void {
  const aliases = new Map<Declared, AliasNode>();
  for (const file of files) {
    for (const node of file.node.declarations) if (node.kind === "alias") aliases.set(symbols.of(node), node);
  }
  const targets = new Map<Declared, readonly Declared[]>();
  for (const [declared, node] of aliases) {
    const type = types.resolve(node.type, declared.file);
    types.setAlias(declared, type);
    targets.set(declared, aliasesWithin(type, symbols));
  }
  for (const { path, part } of findCycles(aliases.keys(), (alias) => targets.get(alias) ?? [])) {
    const [first] = path;
    if (first === undefined) continue;
    const chain = showChain([...path, first].map((alias) => alias.node.name.text));
    const related = placesAlong(
      path.map((alias) => alias.node.name.span),
      "by way of this alias",
    );
    found.report("RPC2042", first.node.name.span, { name: first.node.name.text, chain }, { related });
    for (const alias of part) types.setAlias(alias, undefined);
  }
  // What an alias stands for comes before it, so each is measured by what is known.
  for (const part of stronglyConnected(aliases.keys(), (alias) => targets.get(alias) ?? [])) {
    for (const alias of part) {
      const node = aliases.get(alias);
      if (node !== undefined) types.measureAlias(alias, node.type);
    }
  }
}

function aliasesWithin(type: TypeRef | undefined, symbols: Symbols): Declared[] {
  switch (type?.kind) {
    case "list":
      return aliasesWithin(type.element, symbols);
    case "map":
      return [...aliasesWithin(type.key, symbols), ...aliasesWithin(type.value, symbols)];
    case "named": {
      const declared = symbols.byFullName(type.name);
      return declared?.node.kind === "alias" ? [declared] : [];
    }
    default:
      return [];
  }
}

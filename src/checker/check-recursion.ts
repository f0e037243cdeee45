/** Refuses messages and structs whose every value would hold another of their own kind, without end. */
import type { Collector } from "../diagnostics/collector.js";
import type { TypeRef } from "../ir/schema.js";
import type { FieldNode, MessageNode, StructNode, UnionNode } from "../parser/ast.js";
import { placesAlong, showChain } from "./cycle-chain.js";
import { findCycles } from "./find-cycles.js";
import type { HeldDepths } from "./held-depths.js";
import type { LoadedFile } from "./program.js";
import type { Types } from "./resolve-types.js";
import type { Declared, Symbols } from "./symbols.js";

type Compound = StructNode | MessageNode | UnionNode;
/** What a compound cannot be without, and the field that holds it. */
type Needs = Map<Declared, Map<Declared, FieldNode>>;

export function checkRecursion(files: readonly LoadedFile[], symbols: Symbols, types: Types, depths: HeldDepths, found: Collector): void {
  const compounds = new Map<Declared, Compound>();
  for (const file of files) {
    for (const node of file.node.declarations) {
      if (node.kind === "struct" || node.kind === "message" || node.kind === "union")
        compounds.set(symbols.of(node), node);
    }
  }

  const always: Needs = new Map();
  const inStructs: Needs = new Map();
  for (const [declared, node] of compounds) {
    const fields = node.kind === "union" ? node.members : node.fields;
    const needs = new Map<Declared, FieldNode>();
    const structNeeds = new Map<Declared, FieldNode>();
    for (const field of fields) {
      if (field.optional) continue;
      const type = types.resolve(field.type, declared.file);
      const direct = heldBy(type, types, false);
      if (direct !== undefined && node.kind !== "union" && direct.node.kind !== "union") needs.set(direct, field);
      const deep = heldBy(type, types, true);
      if (deep !== undefined && node.kind !== "message" && deep.node.kind !== "message") structNeeds.set(deep, field);
    }
    always.set(declared, needs);
    inStructs.set(declared, structNeeds);
  }

  const holders = [...always.keys()].filter(({ node }) => node.kind !== "union");
  depths.check(holders, (declared) => [...(always.get(declared)?.keys() ?? [])], found);
  const reported = new Set<Declared>();
  for (const [needs, begin] of [
    [always, undefined],
    [inStructs, (declared: Declared) => declared.node.kind === "struct"],
  ] as const) {
    for (const { path } of findCycles(compounds.keys(), (node) => [...(needs.get(node)?.keys() ?? [])], begin)) {
      const isNews = path.some((declared) => declared.node.kind !== "union" && !reported.has(declared));
      if (isNews) report(path, needs, found);
      for (const declared of path) reported.add(declared);
    }
  }
}

/** The compound that a value of the type holds at all times; through maps too, where these do not count as an end. */
function heldBy(type: TypeRef | undefined, types: Types, throughMaps: boolean): Declared | undefined {
  let concrete = types.concrete(type);
  while (throughMaps && concrete?.kind === "map") concrete = types.concrete(concrete.value);
  return concrete?.kind === "declared" && concrete.declared.node.kind !== "enum" ? concrete.declared : undefined;
}

function report(cycle: readonly Declared[], needs: Needs, found: Collector): void {
  const [first] = cycle;
  if (first === undefined) return;
  const steps = cycle.map((declared, index) => {
    const field = needs.get(declared)?.get(cycle[index + 1] ?? first);
    return {
      name: `${declared.node.name.text}.${field?.name.text ?? "?"}`,
      span: field?.name.span ?? declared.node.name.span,
    };
  });
  const name = first.node.name.text;
  const breakers = cycle.some((declared) => declared.node.kind === "struct")
    ? "an optional field or a list"
    : "an optional field, a list, a map or a union";
  found.report(
    "RPC2041",
    steps[0]?.span,
    { name, chain: showChain([...steps.map((step) => step.name), name]), kind: first.node.kind, breakers },
    {
      related: placesAlong(
        steps.map((step) => step.span),
        "by way of this field",
      ),
    },
  );
}

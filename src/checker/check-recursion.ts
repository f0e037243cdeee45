/** Refuses messages and structs whose every value would hold another of their own kind, without end. */
import type { Collector } from "../diagnostics/collector.js";
import type { TypeRef } from "../ir/schema.js";
import { stronglyConnected } from "../ir/strongly-connected.js";
import type { FieldNode, MessageNode, StructNode, UnionNode } from "../parser/ast.js";
import { placesAlong, showChain } from "./cycle-chain.js";
import { findCycles } from "./find-cycles.js";
import type { LoadedFile } from "./program.js";
import type { Types } from "./resolve-types.js";
import type { Declared, Symbols } from "./symbols.js";

type Compound = StructNode | MessageNode | UnionNode;
/** What a compound cannot be without, and the field that holds it. */
type Needs = Map<Declared, Map<Declared, FieldNode>>;

/** In one file: beyond what any reader takes, and so few that whatever walks along types may call itself for each. */
const MOST_HELD = 256;

export function checkRecursion(files: readonly LoadedFile[], symbols: Symbols, types: Types, found: Collector): void {
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

  checkDepth(always, found);
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

/** Reports where a chain of what is always there gets too long, and not what stands above in the same chain. */
function checkDepth(needs: Needs, found: Collector): void {
  const depths = new Map<Declared, number>();
  const targets = (declared: Declared): Declared[] => [...(needs.get(declared)?.keys() ?? [])];
  // Parts come behind those that they lead to. In a cycle, which is reported as such, the depth is that of what it leads out to.
  for (const part of stronglyConnected(needs.keys(), targets)) {
    for (const declared of part) {
      const depth = targets(declared).reduce((most, each) => Math.max(most, 1 + (depths.get(each) ?? 0)), 1);
      depths.set(declared, depth);
      const { name } = declared.node;
      if (depth === MOST_HELD + 2) found.report("RPC2049", name.span, { name: name.text, limit: MOST_HELD });
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

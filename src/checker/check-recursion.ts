/** Refuses types whose every value would hold another of its kind, without end. */
import type { Collector } from "../diagnostics/collector.js";
import type { TypeRef } from "../ir/schema.js";
import { valueHeights } from "../ir/value-heights.js";
import type { Span } from "../text/span.js";
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
      if (!isNews) continue;
      report(path, needs, found);
      for (const declared of path) reported.add(declared);
    }
  }
  checkUnionsEnd(compounds, types, reported, found);
}

/** Reports the circles that no member of a union leads out of. What merely leads to one is mended with it. */
function checkUnionsEnd(compounds: ReadonlyMap<Declared, Compound>, types: Types, reported: ReadonlySet<Declared>, found: Collector): void {
  const held: Needs = new Map();
  for (const [declared, node] of compounds) {
    const fields = node.kind === "union" ? node.members : node.fields;
    const ways = fields.map((field) => [field.optional ? undefined : heldBy(types.resolve(field.type, declared.file), types, false), field] as const);
    const lasting = ways.filter((way): way is readonly [Declared, FieldNode] => way[0] !== undefined && compounds.has(way[0]));
    held.set(declared, new Map(node.kind === "union" && lasting.length < ways.length ? [] : lasting));
  }
  const targets = (declared: Declared): Declared[] => [...(held.get(declared)?.keys() ?? [])];
  const heights = valueHeights(compounds.keys(), (declared) => ({ each: declared.node.kind !== "union", targets: targets(declared) }));
  const endless = [...compounds.keys()].filter((declared) => !heights.has(declared));
  const isUnion = ({ node }: Declared): boolean => node.kind === "union";
  for (const { path, part } of findCycles(endless, (declared) => targets(declared).filter((each) => !heights.has(each)), isUnion)) {
    const [union] = path;
    if (union === undefined || !isUnion(union) || part.some((declared) => reported.has(declared))) continue;
    const { chain, spans } = stepsOf(path, held);
    found.report("RPC2050", spans[0], { name: union.node.name.text, chain }, { related: placesAlong(spans, "by way of this field") });
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
  const { chain, spans } = stepsOf(cycle, needs);
  const breakers = cycle.some((declared) => declared.node.kind === "struct")
    ? "an optional field or a list"
    : "an optional field, a list, a map or a union";
  found.report(
    "RPC2041",
    spans[0],
    { name: first.node.name.text, chain, kind: first.node.kind, breakers },
    { related: placesAlong(spans, "by way of this field") },
  );
}

/** The fields along a cycle, in words and in places. */
function stepsOf(cycle: readonly Declared[], needs: Needs): { readonly chain: string; readonly spans: readonly Span[] } {
  const steps = cycle.map((declared, index) => {
    const field = needs.get(declared)?.get(cycle[(index + 1) % cycle.length] as Declared);
    return { name: `${declared.node.name.text}.${field?.name.text ?? "?"}`, span: field?.name.span ?? declared.node.name.span };
  });
  const names = [...steps.map(({ name }) => name), cycle[0]?.node.name.text ?? "?"];
  return { chain: showChain(names), spans: steps.map(({ span }) => span) };
}

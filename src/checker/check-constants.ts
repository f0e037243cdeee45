/** Evaluates every constant, those first that others refer to, and refuses the ones that refer to themselves. */
import type { Collector } from "../diagnostics/collector.js";
import type { ConstNode } from "../parser/ast.js";
import { placesAlong, showChain } from "./cycle-chain.js";
import { findCycles } from "./find-cycles.js";
import type { LoadedFile } from "./program.js";
import type { Names } from "./resolve-names.js";
import type { Types } from "./resolve-types.js";
import type { Declared, Symbols } from "./symbols.js";
import { hasLiterals, referredConstant, type Values } from "./values.js";

export function checkConstants(
  files: readonly LoadedFile[],
  symbols: Symbols,
  names: Names,
  types: Types,
  values: Values,
  found: Collector,
): void {
  const constants = new Map<Declared, ConstNode>();
  const refers = new Map<Declared, Declared>();
  for (const file of files) {
    for (const node of file.node.declarations) {
      if (node.kind !== "const") continue;
      const declared = symbols.of(node);
      constants.set(declared, node);
      const target = referredConstant(node, file, names);
      if (target !== undefined) refers.set(declared, target);
    }
  }

  const done = new Set<Declared>();
  const targets = (declared: Declared) => [refers.get(declared)].filter((target) => target !== undefined);
  for (const { path } of findCycles(constants.keys(), targets)) {
    const [first] = path;
    if (first === undefined) continue;
    const chain = showChain([...path, first].map((declared) => declared.node.name.text));
    const related = placesAlong(
      path.map((declared) => declared.node.name.span),
      "by way of this constant",
    );
    found.report("RPC2083", first.node.name.span, { name: first.node.name.text, chain }, { related });
    for (const declared of path) done.add(declared);
  }

  for (const start of constants.keys()) {
    const chain: Declared[] = [];
    for (let at: Declared | undefined = start; at !== undefined && !done.has(at); at = refers.get(at)) {
      chain.push(at);
      done.add(at);
    }
    for (const declared of chain.reverse()) {
      const node = constants.get(declared);
      if (node !== undefined) values.setConstant(declared, evaluate(node, declared, types, values, found));
    }
  }
}

function evaluate(node: ConstNode, declared: Declared, types: Types, values: Values, found: Collector) {
  const type = types.resolve(node.type, declared.file);
  if (type === undefined) return undefined;
  if (hasLiterals(types, type)) return values.evaluate(node.value, type, declared.file);
  found.report("RPC2082", node.type.span, { what: "A constant", type: types.show(type) });
  return undefined;
}

/** Finds the names that a kit would export twice, beside those that the types themselves would have twice. */
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, SchemaFile } from "../../ir/schema.js";
import type { Span } from "../../text/span.js";
import { declaredName, upperFirst } from "../typescript/names.js";
import { freeName, TakenNames } from "../typescript/taken-names.js";
import { isDrawn } from "./draw-type.js";
import { arbitraryName, kitName, requestName } from "./names.js";

interface Exporter {
  readonly what: string;
  readonly span: Span;
  /** What `@tsName` is to stand before. */
  readonly declaration: Declaration;
}

export function clashesIn(index: SchemaIndex, source: SchemaFile): readonly Diagnostic[] {
  const taken = new Map<string, Exporter>();
  const clashes: Diagnostic[] = [];
  const names = new TakenNames(index, source);
  for (const declaration of source.declarations) {
    for (const [name, what, span] of namesOf(declaration)) {
      const exporter = { what, span, declaration };
      const before = taken.get(name);
      if (before === undefined) {
        taken.set(name, exporter);
        continue;
      }
      // A type has fewer names that would change than a service.
      const { declaration: cured } = before.declaration.kind === "service" ? exporter : before;
      const advice = freeName(`${declaredName(cured)}${upperFirst(cured.kind)}`, (wish) => names.forDeclaration(cured, wish));
      const args = { name, what, otherWhat: before.what, advice, before: `the ${cured.kind} "${cured.name}"` };
      clashes.push(diagnostic("RPC6002", span, args, { related: [{ message: `"${name}" comes from here too`, span: before.span }] }));
    }
  }
  return clashes;
}

function namesOf(declaration: Declaration): (readonly [name: string, what: string, span: Span])[] {
  const { kind, name, span } = declaration;
  const what = `the ${kind} "${name}"`;
  if (isDrawn(declaration)) return [[arbitraryName(declaredName(declaration)), what, span]];
  if (declaration.kind !== "service") return [];
  const requests = declaration.methods.map((method) => [requestName(declaration, method), `the requests of "${name}.${method.name}"`, method.span] as const);
  return [[kitName(declaration), what, span], ...requests];
}

/** Reads the annotations of each declaration, field, member and method: known, in place, once, with arguments that fit. */
import type { Collector } from "../diagnostics/collector.js";
import type { CustomAnnotation, Value } from "../ir/schema.js";
import type { Annotation, AnnotationDeclarationNode, Literal } from "../parser/ast.js";
import { bindArguments, type Parameter } from "./bind-arguments.js";
import {
  builtInAnnotations,
  describePosition,
  targetWords,
  type BuiltInAnnotation,
  type Position,
} from "./built-in-annotations.js";
import { scalarType } from "./built-in-types.js";
import type { LoadedFile } from "./program.js";
import type { Names } from "./resolve-names.js";
import type { Types } from "./resolve-types.js";
import type { Declared } from "./symbols.js";
import type { Values } from "./values.js";

/** A built-in annotation where it stands. `values` holds the arguments that have a type of their own, evaluated. */
export interface AppliedAnnotation {
  readonly node: Annotation;
  readonly literals: ReadonlyMap<string, Literal>;
  readonly values: ReadonlyMap<string, Value>;
}

/** What stands on one thing. */
export interface Applied {
  readonly builtIn: ReadonlyMap<string, AppliedAnnotation>;
  readonly custom: readonly CustomAnnotation[];
}

const nothingApplied: Applied = { builtIn: new Map(), custom: [] };

interface Annotated {
  readonly annotations: readonly Annotation[];
}

export class Annotations {
  readonly #names: Names;
  readonly #types: Types;
  readonly #values: Values;
  readonly #found: Collector;
  readonly #applied = new Map<Annotated, Applied>();

  constructor(names: Names, types: Types, values: Values, found: Collector) {
    this.#names = names;
    this.#types = types;
    this.#values = values;
    this.#found = found;
  }

  /** What `read` made of a node's annotations. */
  of(node: Annotated): Applied {
    return this.#applied.get(node) ?? nothingApplied;
  }

  read(node: Annotated, position: Position, file: LoadedFile): Applied {
    if (node.annotations.length === 0) return nothingApplied;
    const builtIn = new Map<string, AppliedAnnotation>();
    const custom = new Map<Declared, CustomAnnotation>();
    const first = new Map<BuiltInAnnotation | Declared, Annotation>();
    for (const annotation of node.annotations) {
      const meaning =
        builtInAnnotations.get(annotation.name.text) ?? this.#names.resolve(annotation.name, file, "annotation");
      if (meaning === undefined) continue;
      const earlier = first.get(meaning);
      if (earlier !== undefined) {
        const related = [{ message: "first written here", span: earlier.span }];
        this.#found.report("RPC2102", annotation.span, { name: annotation.name.text }, { related });
        continue;
      }
      first.set(meaning, annotation);
      if ("positions" in meaning) {
        const applied = this.#readBuiltIn(annotation, meaning, position, file);
        if (applied !== undefined) builtIn.set(meaning.name, applied);
      } else {
        const applied = this.#readCustom(annotation, meaning, position, file);
        if (applied !== undefined) custom.set(meaning, applied);
      }
    }
    const applied = { builtIn, custom: [...custom.values()] };
    this.#applied.set(node, applied);
    return applied;
  }

  #readBuiltIn(
    node: Annotation,
    meaning: BuiltInAnnotation,
    position: Position,
    file: LoadedFile,
  ): AppliedAnnotation | undefined {
    if (!meaning.built)
      this.#found.report("RPC3009", node.span, { name: meaning.name, instead: meaning.instead ?? "take it out" });
    if (!meaning.positions.includes(position)) {
      this.#refusePosition(node, position, listPlaces(meaning.positions));
      return undefined;
    }
    if (meaning.parameters === "any") return { node, literals: new Map(), values: new Map() };
    const literals = bindArguments(node, meaning.parameters, this.#found);
    if (literals === undefined) return undefined;
    const values = new Map<string, Value>();
    for (const parameter of meaning.parameters) {
      const literal = literals.get(parameter.name);
      const type = scalarType(parameter.type);
      const value = literal && type && this.#values.evaluate(literal, type, file);
      if (value !== undefined) values.set(parameter.name, value);
    }
    return { node, literals, values };
  }

  #readCustom(
    node: Annotation,
    declared: Declared,
    position: Position,
    file: LoadedFile,
  ): CustomAnnotation | undefined {
    const declaration = declared.node as AnnotationDeclarationNode;
    const positions = declaration.targets.flatMap((target) => targetWords.get(target.text) ?? []);
    if (positions.length > 0 && !positions.includes(position)) {
      this.#refusePosition(node, position, listPlaces(positions));
      return undefined;
    }
    const parameters = declaration.parameters.map((field): Parameter => {
      const hasDefault = field.annotations.some((annotation) => annotation.name.text === "default");
      return { name: field.name.text, required: !field.optional && !hasDefault, example: "…" };
    });
    const literals = bindArguments(node, parameters, this.#found);
    if (literals === undefined) return undefined;
    const given: [string, Value][] = [];
    for (const field of declaration.parameters) {
      const literal = literals.get(field.name.text);
      const type = literal && this.#types.resolve(field.type, declared.file);
      const value = literal && type && this.#values.evaluate(literal, type, file);
      if (value !== undefined) given.push([field.name.text, value]);
    }
    return { name: declared.fullName, arguments: Object.fromEntries(given) };
  }

  #refusePosition(node: Annotation, position: Position, places: string): void {
    this.#found.report("RPC2101", node.span, { name: node.name.text, place: describePosition(position), places });
  }
}

function listPlaces(positions: readonly Position[]): string {
  const names = positions.map(describePosition);
  const last = names.pop() ?? "nothing";
  return names.length === 0 ? last : `${names.join(", ")} or ${last}`;
}

/** Checks what annotations ask of a field's values: constraints, its default, and how TypeScript represents it. */
import type { Collector } from "../diagnostics/collector.js";
import { durationText } from "../ir/duration-text.js";
import type { Constraints, Scalar, TypeRef, Value } from "../ir/schema.js";
import type { FieldNode } from "../parser/ast.js";
import { isTypedArrayElement } from "./built-in-types.js";
import { PatternChecker } from "./check-pattern.js";
import type { LoadedFile } from "./program.js";
import type { Applied, AppliedAnnotation } from "./read-annotations.js";
import type { Types } from "./resolve-types.js";
import { hasLiterals, showLiteral, type Values } from "./values.js";

/** What a field's annotations come to. */
export interface FieldFacts {
  readonly default?: Value;
  readonly constraints?: Constraints;
}

export class ConstraintChecker {
  readonly #types: Types;
  readonly #values: Values;
  readonly #found: Collector;
  readonly #patterns: PatternChecker;

  constructor(types: Types, values: Values, found: Collector) {
    this.#types = types;
    this.#values = values;
    this.#found = found;
    this.#patterns = new PatternChecker(found);
  }

  check(field: FieldNode, type: TypeRef, applied: Applied, file: LoadedFile): FieldFacts {
    this.#checkRepresentation(type, applied);
    const min = this.#bound("min", type, applied, file);
    const max = this.#bound("max", type, applied, file);
    if (min !== undefined && max !== undefined && compare(min, max) > 0) {
      this.#found.report("RPC2109", applied.builtIn.get("max")?.node.span, { min: show(min), max: show(max) });
    }
    const length = this.#length(type, applied);
    const pattern = this.#pattern(type, applied);
    const constraints: Constraints = {
      ...(min !== undefined && { min: textOf(min) }),
      ...(max !== undefined && { max: textOf(max) }),
      ...length,
      ...(pattern !== undefined && { pattern }),
    };
    const value = this.#default(field, type, applied, file);
    if (value !== undefined) this.#checkDefault(value, applied, { min, max }, constraints);
    return {
      ...(value !== undefined && { default: value }),
      ...(Object.keys(constraints).length > 0 && { constraints }),
    };
  }

  #checkRepresentation(type: TypeRef, applied: Applied): void {
    const typedArray = applied.builtIn.get("typedArray");
    const number = applied.builtIn.get("number");
    const nanos = applied.builtIn.get("nanos");
    if (!typedArray && !number && !nanos) return;
    const inside = scalarsWithin(type, this.#types);
    const has = (...scalars: Scalar[]) => scalars.some((scalar) => inside.all.has(scalar));
    if (number && !has("i64", "u64")) this.#misfit(number, type, "what holds an i64 or u64");
    if (nanos && !has("timestamp", "duration")) this.#misfit(nanos, type, "what holds a timestamp or a duration");
    if (typedArray && ![...inside.inLists].some(isTypedArrayElement))
      this.#misfit(typedArray, type, "what holds a list of fixed-width numbers");
    if (typedArray && number && (inside.inLists.has("i64") || inside.inLists.has("u64"))) {
      const [first, second] =
        typedArray.node.span.start < number.node.span.start ? [typedArray, number] : [number, typedArray];
      const why = "a typed array of 64-bit integers holds bigints";
      const related = [{ message: "first written here", span: first.node.span }];
      this.#found.report(
        "RPC2107",
        second.node.span,
        { first: first.node.name.text, second: second.node.name.text, why },
        { related },
      );
    }
  }

  #bound(name: "min" | "max", type: TypeRef, applied: Applied, file: LoadedFile): Value | undefined {
    const annotation = applied.builtIn.get(name);
    const literal = annotation?.literals.get("value");
    if (annotation === undefined || literal === undefined) return undefined;
    const concrete = this.#types.concrete(type);
    if (concrete === undefined) return undefined;
    const scalar = concrete.kind === "scalar" ? concrete.scalar : undefined;
    if (scalar === undefined || !(isTypedArrayElement(scalar) || scalar === "duration")) {
      this.#misfit(annotation, type, "numbers and durations");
      return undefined;
    }
    return this.#values.evaluate(literal, { kind: "scalar", scalar }, file);
  }

  #length(type: TypeRef, applied: Applied): Pick<Constraints, "minLength" | "maxLength"> {
    const annotation = applied.builtIn.get("length");
    if (annotation === undefined) return {};
    const concrete = this.#types.concrete(type);
    if (concrete === undefined) return {};
    const fits =
      concrete.kind === "list" ||
      concrete.kind === "map" ||
      (concrete.kind === "scalar" && ["string", "bytes"].includes(concrete.scalar));
    if (!fits) {
      this.#misfit(annotation, type, "strings, bytes, lists and maps");
      return {};
    }
    const [only, ...others] = annotation.node.arguments;
    if (only === undefined) {
      const usage = "@length(min: 1, max: 64)";
      this.#found.report("RPC2103", annotation.node.span, { name: "length", argument: "max", usage });
    } else if (others.length === 0 && only.name === undefined) {
      this.#found.report("RPC2121", annotation.node.span, { value: showLiteral(only.value) });
    }
    const min = numberOf(annotation.values.get("min"));
    const max = numberOf(annotation.values.get("max"));
    if (min !== undefined && max !== undefined && min > max) {
      this.#found.report("RPC2109", annotation.node.span, { min: `${min} long`, max: `${max} long` });
    }
    return { ...(min !== undefined && { minLength: min }), ...(max !== undefined && { maxLength: max }) };
  }

  #pattern(type: TypeRef, applied: Applied): string | undefined {
    const annotation = applied.builtIn.get("pattern");
    const literal = annotation?.literals.get("value");
    const value = annotation?.values.get("value");
    if (annotation === undefined || literal === undefined) return undefined;
    const concrete = this.#types.concrete(type);
    if (concrete !== undefined && !(concrete.kind === "scalar" && concrete.scalar === "string"))
      this.#misfit(annotation, type, "strings");
    if (value?.kind !== "string" || !this.#patterns.check(value.value, literal.span)) return undefined;
    return value.value;
  }

  #default(field: FieldNode, type: TypeRef, applied: Applied, file: LoadedFile): Value | undefined {
    const annotation = applied.builtIn.get("default");
    const literal = annotation?.literals.get("value");
    if (annotation === undefined || literal === undefined) return undefined;
    if (field.optional) this.#found.report("RPC2046", annotation.node.span, { name: field.name.text });
    if (hasLiterals(this.#types, type)) return this.#values.evaluate(literal, type, file);
    this.#found.report("RPC2082", annotation.node.span, { what: "A default", type: this.#types.show(type) });
    return undefined;
  }

  #checkDefault(
    value: Value,
    applied: Applied,
    bounds: { min: Value | undefined; max: Value | undefined },
    constraints: Constraints,
  ): void {
    const breach = (name: string, constraint: string) => {
      const span = applied.builtIn.get("default")?.node.span;
      const other = applied.builtIn.get(name)?.node.span;
      const related = other === undefined ? [] : [{ message: "the constraint is here", span: other }];
      this.#found.report("RPC2110", span, { value: show(value), constraint: `@${name}(${constraint})` }, { related });
    };
    if (bounds.min !== undefined && compare(value, bounds.min) < 0) breach("min", show(bounds.min));
    if (bounds.max !== undefined && compare(value, bounds.max) > 0) breach("max", show(bounds.max));
    if (value.kind !== "string") return;
    const { minLength, maxLength, pattern } = constraints;
    if (minLength !== undefined && value.value.length < minLength) breach("length", `min: ${minLength}`);
    if (maxLength !== undefined && value.value.length > maxLength) breach("length", `max: ${maxLength}`);
    if (pattern !== undefined && !new RegExp(pattern, "u").test(value.value))
      breach("pattern", JSON.stringify(pattern));
  }

  #misfit(annotation: AppliedAnnotation, type: TypeRef, fits: string): void {
    this.#found.report("RPC2108", annotation.node.span, {
      name: annotation.node.name.text,
      type: this.#types.show(type),
      fits,
    });
  }
}

/** The scalars within a type, through lists, maps and aliases; and those which are the elements of lists. */
function scalarsWithin(
  type: TypeRef,
  types: Types,
): { readonly all: ReadonlySet<Scalar>; readonly inLists: ReadonlySet<Scalar> } {
  const all = new Set<Scalar>();
  const inLists = new Set<Scalar>();
  const visit = (part: TypeRef, inList: boolean) => {
    const concrete = types.concrete(part);
    if (concrete?.kind === "scalar") {
      all.add(concrete.scalar);
      if (inList) inLists.add(concrete.scalar);
    } else if (concrete?.kind === "list") {
      visit(concrete.element, true);
    } else if (concrete?.kind === "map") {
      visit(concrete.key, false);
      visit(concrete.value, false);
    }
  };
  visit(type, false);
  return { all, inLists };
}

/** Orders two values of one numeric type. */
function compare(a: Value, b: Value): number {
  if (a.kind === "float" && b.kind === "float") return a.value - b.value;
  const difference = BigInt(textOf(a)) - BigInt(textOf(b));
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function textOf(value: Value): string {
  return value.kind === "int" || value.kind === "duration" || value.kind === "float" ? String(value.value) : "0";
}

function numberOf(value: Value | undefined): number | undefined {
  return value?.kind === "int" ? Number(value.value) : undefined;
}

function show(value: Value): string {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.value);
    case "duration":
      return durationText(BigInt(value.value));
    case "enum":
      return value.member;
    case "list":
      return `[${value.items.map(show).join(", ")}]`;
    default:
      return String(value.value);
  }
}

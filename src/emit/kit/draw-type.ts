/** How values of a schema's types are drawn: what they hold, what is left out, and where nesting ends. */
import { namesIn } from "../../ir/names-in.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, Enum, Field, Method, TypeRef } from "../../ir/schema.js";
import { stronglyConnected } from "../../ir/strongly-connected.js";
import { drawScalar, type Use } from "./draw-scalar.js";
import { Endings } from "./endings.js";
import { fc, options, type Argument, type FastCheckName, type Plan } from "./plan.js";

/** Elements of a list or entries of a map, unless a constraint asks for more. */
const USUAL_LENGTH = 4;
const PLAIN: Use = { int64: "bigint", nanos: false, typedArray: false };

const TYPED_ARRAYS: Readonly<Record<string, FastCheckName>> = {
  i8: "int8Array",
  i16: "int16Array",
  i32: "int32Array",
  i64: "bigInt64Array",
  u8: "uint8Array",
  u16: "uint16Array",
  u32: "uint32Array",
  u64: "bigUint64Array",
  f32: "float32Array",
  f64: "float64Array",
};

/** A declaration that has an arbitrary of its own. */
export type Drawn = Extract<Declaration, { readonly kind: "alias" | "enum" | "struct" | "message" | "union" }>;

export class Drawing {
  readonly #index: SchemaIndex;
  /** Of each declared type, the number of the circle of types that it stands in. */
  readonly #circleOf = new Map<string, number>();
  readonly #recursive = new Set<string>();
  readonly #endings: Endings;
  /** Every declared type, together with those that hold it and that it holds; what a circle holds stands before it. */
  readonly circles: readonly (readonly Drawn[])[];

  constructor(index: SchemaIndex) {
    this.#index = index;
    const drawn = index.schema.files.flatMap(({ declarations }) => declarations.filter(isDrawn));
    const held = new Map(drawn.map((each) => [each.fullName, typesOf(each).flatMap(namesIn)]));
    const circles = stronglyConnected(held.keys(), (name) => held.get(name) ?? []);
    for (const [number, circle] of circles.entries()) {
      for (const name of circle) {
        this.#circleOf.set(name, number);
        if (circle.length > 1 || held.get(name)?.includes(name)) this.#recursive.add(name);
      }
    }
    this.#endings = new Endings(index, drawn);
    this.circles = circles.map((circle) => circle.map((name) => index.declaration(name) as Drawn));
  }

  /** Whether values of the type may hold such values again. */
  isRecursive(name: string): boolean {
    return this.#recursive.has(name);
  }

  declaration(declaration: Drawn): Plan {
    const owner = declaration.fullName;
    switch (declaration.kind) {
      case "alias":
        return this.#type(declaration.type, PLAIN, owner);
      case "enum":
        return drawEnum(declaration);
      case "union":
        return this.#union(declaration.members, owner);
      default:
        return this.fields(declaration.fields, owner);
    }
  }

  /** Of a record; parameters have no `owner` that they could hold again. */
  fields(fields: readonly Field[], owner?: string): Plan {
    const entries = (of: readonly Field[]) => of.map((field) => [memberName(field), this.#field(field, owner)] as const);
    const record = (of: readonly Field[]): Plan =>
      fc("record", { kind: "object", entries: entries(of) }, ...recordOptions(of));
    const closing = fields.filter((field) => field.optional && this.#closesDirectly(field.type, owner));
    if (closing.length === 0) return record(fields);
    return { kind: "bounded", deep: record(fields), flat: record(fields.filter((field) => !closing.includes(field))) };
  }

  /** What a method is asked: its parameters, or the elements of its stream. */
  request({ parameters }: Method): Plan {
    if (parameters.kind === "fields") return this.fields(parameters.fields);
    return fc("array", this.#type(parameters.element, PLAIN, undefined), ...options({ maxLength: USUAL_LENGTH }));
  }

  #field(field: Field, owner: string | undefined): Plan {
    return this.#type(field.type, field, owner);
  }

  #type(type: TypeRef, use: Use, owner: string | undefined): Plan {
    const inner: Use = { ...use, constraints: undefined };
    switch (type.kind) {
      case "scalar":
        return drawScalar(type.scalar, use);
      case "list": {
        const element = this.#index.concrete(type.element);
        const { minLength, maxLength } = use.constraints ?? {};
        const length = { minLength, maxLength: maxLength ?? Math.max(USUAL_LENGTH, (minLength ?? 0) + 1) };
        const typed = use.typedArray && element.kind === "scalar" ? TYPED_ARRAYS[element.scalar] : undefined;
        if (typed !== undefined) {
          const isFloat = typed.startsWith("float");
          return fc(typed, ...options({ ...length, ...(isFloat && { noNaN: true, noDefaultInfinity: true }) }));
        }
        const full = fc("array", this.#type(type.element, inner, owner), ...options(length));
        return this.#bounded(type.element, owner, full, this.#least(type.element, use, full, "list"));
      }
      case "map": {
        const { minLength, maxLength } = use.constraints ?? {};
        const size = { minKeys: minLength, maxKeys: maxLength ?? Math.max(USUAL_LENGTH, (minLength ?? 0) + 1) };
        const [key, value] = [this.#type(type.key, inner, owner), this.#type(type.value, inner, owner)];
        const full = fc("map", key, value, ...options(size));
        return this.#bounded(type.value, owner, full, this.#least(type.value, use, full, "map"));
      }
      case "named":
        return this.#named(type.name, use, owner);
    }
  }

  /** An alias whose values look otherwise here, or are bound by the field, is drawn as what it stands for. */
  #named(name: string, use: Use, owner: string | undefined): Plan {
    const declaration = this.#index.declaration(name);
    const isPlain = use.constraints === undefined && use.int64 === "bigint" && !use.nanos && !use.typedArray;
    if (declaration.kind === "alias" && !isPlain) return this.#type(declaration.type, use, owner);
    return { kind: "reference", type: name, step: this.#closes(name, owner) ? 1 : 0 };
  }

  /** Whether a reference stays in the circle of its owner, so that following it for ever would be possible. */
  #closes(name: string, owner: string | undefined): boolean {
    return owner !== undefined && this.#recursive.has(name) && this.#circleOf.get(name) === this.#circleOf.get(owner);
  }

  #closesDirectly(type: TypeRef, owner: string | undefined): boolean {
    return type.kind === "named" && this.#closes(type.name, owner);
  }

  #bounded(element: TypeRef, owner: string | undefined, deep: Plan, flat: Plan): Plan {
    if (deep === flat || !namesIn(element).some((name) => this.#closes(name, owner))) return deep;
    return { kind: "bounded", deep, flat };
  }

  /** What a list or map is where nesting ends: empty, unless it may not be and its elements end by themselves. */
  #least(element: TypeRef, { constraints }: Use, full: Plan, of: "list" | "map"): Plan {
    return (constraints?.minLength ?? 0) > 0 && this.#endings.has(element) ? full : { kind: "empty", of };
  }

  /** Known members alone: what an unknown one holds is for codecs to keep and not for handlers to act on. */
  #union(members: readonly Field[], owner: string): Plan {
    const oneof = (of: readonly Field[]): Plan => fc("oneof", ...of.map((member) => this.#member(member, owner)));
    const leaving = members.filter((member) => !namesIn(member.type).some((name) => this.#closes(name, owner)));
    if (leaving.length === members.length) return oneof(members);
    const ending = leaving.length > 0 ? leaving : this.#endings.soonest(members);
    return ending.length === members.length ? oneof(members) : { kind: "bounded", deep: oneof(members), flat: oneof(ending) };
  }

  #member(member: Field, owner: string): Plan {
    const entries: [string, Argument][] = [
      ["kind", fc("constant", memberName(member))],
      ["value", this.#field(member, owner)],
    ];
    return fc("record", { kind: "object", entries }, ...recordOptions([]));
  }
}

/** Known numbers mostly; enums are open, so any other may come. */
function drawEnum(declaration: Enum): Plan {
  const known = fc("constantFrom", ...new Set(declaration.members.map(({ number }) => number)));
  const weighted = (weight: number, arbitrary: Plan): Argument => ({ kind: "object", entries: [["weight", weight], ["arbitrary", arbitrary]] });
  const any = fc("integer", ...options({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
  return { kind: "enum", type: declaration.fullName, of: fc("oneof", weighted(9, known), weighted(1, any)) };
}

function recordOptions(fields: readonly Field[]): Argument[] {
  const required = fields.filter((field) => !field.optional).map(memberName);
  const requiredKeys: Argument = { kind: "list", items: required };
  return options({ noNullPrototype: true, requiredKeys: required.length < fields.length ? requiredKeys : undefined });
}

function memberName({ name, tsName }: Field): string {
  return tsName ?? name;
}

export function isDrawn(declaration: Declaration): declaration is Drawn {
  return ["alias", "enum", "struct", "message", "union"].includes(declaration.kind);
}

function typesOf(declaration: Drawn): readonly TypeRef[] {
  switch (declaration.kind) {
    case "alias":
      return [declaration.type];
    case "enum":
      return [];
    case "union":
      return declaration.members.map(({ type }) => type);
    default:
      return declaration.fields.map(({ type }) => type);
  }
}

/** Values of the schema's types as TypeScript writes them, for people to read and for checks to accept. */
import { group, ifBroken, indent, join, line, softline, type Doc } from "../emit/typescript/code-writer/document.js";
import { bigintLiteral, numberLiteral, quote } from "../emit/typescript/code-writer/literal.js";
import { property } from "../emit/typescript/code-writer/shapes.js";
import { mayBeLeftOut } from "../emit/typescript/input-forms.js";
import { declaredName, memberName } from "../emit/typescript/names.js";
import { PLAIN_APPEARANCE, TYPED_ARRAYS, type Appearance } from "../emit/typescript/type-expression.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { Constraints, Declaration, EnumMember, Field, Scalar, SchemaFile, TypeRef } from "../ir/schema.js";

/** Texts that match a pattern, the nicest first. */
export type TextsOf = (pattern: string) => readonly string[];

type Exports = ReadonlyMap<string, SchemaFile>;

/** How a value is asked for: by a field, or by what stands outside of fields. */
interface Use extends Appearance {
  readonly constraints?: Constraints | undefined;
  /** What the value is of, which texts repeat: "id". */
  readonly word: string;
}

/** So many declarations deep, lists and maps stay empty. */
const DEPTH = 3;
/** So many records, and no more, has a program: where each holds two others, they would double from level to level. */
const MOST_RECORDS = 200;
/** A longer list is written as its length and one item. */
const MOST_ITEMS = 8;
/** A longer text is written as its beginning and its length. */
const LONGEST_TEXT = 60;
const NANOS_A_MS = 1_000_000n;
const WHEN = "2026-01-31T12:00:00Z";
const WHEN_NANOS = "1769860800000000000";

export class Samples {
  readonly #index: SchemaIndex;
  readonly #textsOf: TextsOf;
  readonly #exports: Exports;
  /** Names that the values mention, such as those of enums: whoever uses them imports these. */
  readonly names = new Set<string>();
  #records = 0;

  /** `exports` are what names can be imported, each with the file that it is from. */
  constructor(index: SchemaIndex, textsOf: TextsOf, exports: Exports) {
    this.#index = index;
    this.#textsOf = textsOf;
    this.#exports = exports;
  }

  /** An object of the fields; what may be left out is. */
  object(fields: readonly Field[], within: readonly string[] = []): Doc {
    const entries = fields.filter((field) => !mayBeLeftOut(field)).map((field) => property(keyOf(field), this.field(field, within)));
    return objectOnLine(entries);
  }

  field(field: Field, within: readonly string[] = []): Doc {
    return this.#value(field.type, { ...field, word: field.name }, within);
  }

  /** A value that stands in no field: a result, or an element of a stream. */
  value(type: TypeRef, word: string): Doc {
    return this.#value(type, { ...PLAIN_APPEARANCE, word }, []);
  }

  /** Some of them, as an array. */
  list(element: TypeRef, word: string): Doc {
    return listOnLine([this.value(element, word)]);
  }

  /** `within` are the declarations around, which a value must not go into again. */
  #value(type: TypeRef, use: Use, within: readonly string[]): Doc {
    const concrete = this.#index.concrete(type);
    switch (concrete.kind) {
      case "scalar":
        return this.#scalar(concrete.scalar, use);
      case "list":
        return this.#list(concrete.element, use, within);
      case "map": {
        const size = Math.min(this.#size([concrete.key, concrete.value], use, within), MOST_ITEMS);
        const value = Array.from({ length: size }, (_, at) => listOnLine([this.#key(concrete.key, use, at), this.#value(concrete.value, bare(use), within)]));
        return size === 0 ? "new Map()" : ["new Map(", listOnLine(value), ")"];
      }
      case "declared":
        return this.#declared(concrete.declaration, within);
    }
  }

  #list(element: TypeRef, use: Use, within: readonly string[]): Doc {
    const size = this.#size([element], use, within);
    const concrete = this.#index.concrete(element);
    const typedArray = use.typedArray && concrete.kind === "scalar" ? TYPED_ARRAYS[concrete.scalar] : undefined;
    if (size > MOST_ITEMS) {
      if (typedArray !== undefined) return `new ${typedArray}(${size})`;
      const item = this.#value(element, bare(use), within);
      const isObject = concrete.kind === "declared" && concrete.declaration.kind !== "enum";
      return [`Array.from({ length: ${size} }, () => `, isObject ? ["(", item, ")"] : item, ")"];
    }
    const items = Array.from({ length: size }, () => this.#value(element, bare(use), within));
    return typedArray === undefined ? listOnLine(items) : [`new ${typedArray}(`, listOnLine(items), ")"];
  }

  /** One, so that there is something to see; none deep within, or where that would not end. */
  #size(parts: readonly TypeRef[], { constraints = {} }: Use, within: readonly string[]): number {
    const { minLength = 0, maxLength = Infinity } = constraints;
    const closes = within.length > DEPTH || parts.some((part) => this.#leadsTo(part, within));
    return Math.min(Math.max(minLength, closes ? 0 : 1), maxLength);
  }

  #key(type: TypeRef, use: Use, at: number): Doc {
    const concrete = this.#index.concrete(type);
    if (concrete.kind === "declared") {
      const { declaration } = concrete;
      const member = declaration.kind === "enum" ? declaration.members[at % declaration.members.length] : undefined;
      return member === undefined ? "0" : this.#member(declaration, member);
    }
    if (concrete.kind !== "scalar") return quote(String(at));
    if (concrete.scalar === "string") return quote(at === 0 ? "key" : `key${at + 1}`);
    if (concrete.scalar === "bool") return String(at === 0);
    return this.#isBigint(concrete.scalar, use) ? bigintLiteral(String(at + 1)) : String(at + 1);
  }

  #declared(declaration: Declaration, within: readonly string[]): Doc {
    // Of a type that has no end there is no value, and of one with too many records none that anybody would read.
    if (within.includes(declaration.fullName) || (declaration.kind !== "enum" && ++this.#records > MOST_RECORDS)) return "undefined as never";
    const inside = [...within, declaration.fullName];
    switch (declaration.kind) {
      case "enum": {
        // The first says that nothing was said.
        const member = declaration.members.find(({ number, deprecated }) => number !== 0 && deprecated === undefined) ?? declaration.members[0];
        return member === undefined ? "0" : this.#member(declaration, member);
      }
      case "struct":
      case "message":
        return this.object(declaration.fields, inside);
      case "union": {
        const member = declaration.members.find(({ type }) => !this.#leadsTo(type, inside)) ?? declaration.members[0];
        if (member === undefined) return "{}";
        return objectOnLine([`kind: ${quote(memberName(member))}`, property("value", this.field(member, inside))]);
      }
      default:
        throw new Error(`"${declaration.fullName}" is a ${declaration.kind}, not a type`);
    }
  }

  #member(declaration: Declaration, member: EnumMember): Doc {
    const name = declaredName(declaration);
    if (this.#exports.get(name) !== this.#index.fileOf(declaration.fullName)) return String(member.number);
    this.names.add(name);
    return `${name}.${memberName(member)}`;
  }

  /** Whether a value of the type would have to go into one of the declarations again, or into others without end. A list or map may be empty. */
  #leadsTo(type: TypeRef, within: readonly string[]): boolean {
    const root = this.#declaredBy(type);
    if (root === undefined) return false;
    const around = new Set(within);
    // A set is walked in order of insertion, so that what is added on the way is visited too.
    const reached = new Set([root]);
    for (const declaration of reached) {
      if (around.has(declaration.fullName)) continue;
      for (const held of neededBy(declaration)) {
        const next = this.#declaredBy(held);
        if (next !== undefined) reached.add(next);
      }
    }
    const ending = new Set<Declaration>();
    const ends = (of: TypeRef): boolean => {
      const declared = this.#declaredBy(of);
      return declared === undefined || ending.has(declared);
    };
    // What was reached last has its end first, mostly: a chain takes one round.
    const open = [...reached].reverse().filter(({ fullName }) => !around.has(fullName));
    for (let before = -1; before < ending.size; ) {
      before = ending.size;
      for (const declaration of open) {
        const held = neededBy(declaration);
        if (declaration.kind === "union" ? held.some(ends) : held.every(ends)) ending.add(declaration);
      }
    }
    return !ending.has(root);
  }

  #declaredBy(type: TypeRef): Declaration | undefined {
    const concrete = this.#index.concrete(type);
    return concrete.kind === "declared" ? concrete.declaration : undefined;
  }

  #scalar(scalar: Scalar, use: Use): Doc {
    const { constraints = {} } = use;
    switch (scalar) {
      case "bool":
        return "true";
      case "string":
        return this.#string(use);
      case "uuid":
        return quote("0198c5f0-7a3c-7d2e-9b41-5e6f7a8b9c0d");
      case "bytes": {
        const length = Math.min(Math.max(constraints.minLength ?? 0, 3), constraints.maxLength ?? Infinity);
        return length > 8 ? `new Uint8Array(${length})` : `new Uint8Array([${Array.from({ length }, (_, at) => at + 1).join(", ")}])`;
      }
      case "timestamp":
        return use.nanos ? bigintLiteral(WHEN_NANOS) : `new Date(${quote(WHEN)})`;
      case "duration": {
        const nanos = clamped(1_000n * NANOS_A_MS, constraints);
        return use.nanos ? bigintLiteral(String(nanos)) : numberLiteral(Number(nanos) / Number(NANOS_A_MS));
      }
      case "f32":
      case "f64":
        return numberLiteral(clampedFloat(1.5, constraints));
      default: {
        const value = clamped(1n, constraints);
        return this.#isBigint(scalar, use) ? bigintLiteral(String(value)) : numberLiteral(Number(value));
      }
    }
  }

  #isBigint(scalar: Scalar, { int64 }: Use): boolean {
    return (scalar === "i64" || scalar === "u64") && int64 === "bigint";
  }

  #string(use: Use): string {
    const text = this.#text(use);
    const isPadded = text.length > LONGEST_TEXT && use.constraints?.pattern === undefined;
    return isPadded ? `${quote(use.word)}.padEnd(${text.length}, "x")` : quote(text);
  }

  #text({ word, constraints = {} }: Use): string {
    const { pattern, minLength = 0, maxLength = Infinity } = constraints;
    const fits = (text: string): boolean => text.length >= minLength && text.length <= maxLength;
    if (pattern !== undefined) {
      const texts = this.#textsOf(pattern);
      return texts.find(fits) ?? texts[0] ?? word;
    }
    return fits(word) ? word : word.padEnd(minLength, "x").slice(0, Math.min(maxLength, Math.max(minLength, word.length)));
  }
}

/** What a value cannot be without; of a union, what it may be. */
function neededBy(declaration: Declaration): readonly TypeRef[] {
  if (declaration.kind === "union") return declaration.members.map(({ type }) => type);
  return "fields" in declaration ? declaration.fields.filter((field) => !mayBeLeftOut(field)).map(({ type }) => type) : [];
}

/** The same appearance; constraints are of the whole. */
function bare({ constraints: _, ...use }: Use): Use {
  return use;
}

function clamped(wanted: bigint, { min, max }: Constraints): bigint {
  if (min !== undefined && wanted < BigInt(min)) return BigInt(min);
  return max !== undefined && wanted > BigInt(max) ? BigInt(max) : wanted;
}

function clampedFloat(wanted: number, { min, max }: Constraints): number {
  if (min !== undefined && wanted < Number(min)) return Number(min);
  return max !== undefined && wanted > Number(max) ? Number(max) : wanted;
}

function keyOf(field: Field): string {
  const name = memberName(field);
  return /^[\w$]+$/.test(name) ? name : quote(name);
}

/** On one line where it fits. */
function objectOnLine(entries: readonly Doc[]): Doc {
  if (entries.length === 0) return "{}";
  return group("{", indent(line, join([",", line], entries)), ifBroken(","), line, "}");
}

function listOnLine(items: readonly Doc[]): Doc {
  if (items.length === 0) return "[]";
  return group("[", indent(softline, join([",", line], items)), ifBroken(","), softline, "]");
}

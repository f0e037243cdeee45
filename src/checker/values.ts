/** Evaluates literals, constants and members of enums, and fits them to a type. */
import type { Collector } from "../diagnostics/collector.js";
import { closest } from "../diagnostics/did-you-mean.js";
import { integerRange } from "../ir/integer-range.js";
import type { Scalar, TypeRef, Value } from "../ir/schema.js";
import type { ConstNode, EnumNode, Literal, QualifiedName } from "../parser/ast.js";
import { greatestDuration, greatestFloat32 } from "./built-in-types.js";
import type { LoadedFile } from "./program.js";
import type { Names } from "./resolve-names.js";
import type { Types } from "./resolve-types.js";
import type { Declared } from "./symbols.js";

/** Whether values of a type can be written: bools, numbers, strings, durations and enums can. */
export function hasLiterals(types: Types, type: TypeRef | undefined): boolean {
  const concrete = types.concrete(type);
  if (concrete === undefined) return true;
  if (concrete.kind === "declared") return concrete.declared.node.kind === "enum";
  return concrete.kind === "scalar" && !["bytes", "timestamp", "uuid"].includes(concrete.scalar);
}

export class Values {
  readonly #names: Names;
  readonly #types: Types;
  readonly #found: Collector;
  /** Undefined for a constant whose value could not be found. */
  readonly #constants = new Map<Declared, Value | undefined>();

  constructor(names: Names, types: Types, found: Collector) {
    this.#names = names;
    this.#types = types;
    this.#found = found;
  }

  constant(declared: Declared): Value | undefined {
    return this.#constants.get(declared);
  }

  setConstant(declared: Declared, value: Value | undefined): void {
    this.#constants.set(declared, value);
  }

  /** The value of a literal as one of a type; undefined where it is none, which is reported. */
  evaluate(literal: Literal, type: TypeRef, file: LoadedFile): Value | undefined {
    const concrete = this.#types.concrete(type);
    if (concrete === undefined) return undefined;
    if (concrete.kind === "declared") {
      const { node } = concrete.declared;
      if (node.kind === "enum") return this.#enumValue(literal, concrete.declared, node, file);
      return this.#refuse(literal, type);
    }
    if (concrete.kind === "list") return this.#list(literal, type, concrete.element, file);
    if (literal.kind === "list" || concrete.kind === "map") return this.#refuse(literal, type);
    const value = this.#valueOf(literal, file);
    return value && this.#fit(value, literal, type, concrete.scalar);
  }

  #list(literal: Literal, type: TypeRef, element: TypeRef, file: LoadedFile): Value | undefined {
    if (literal.kind !== "list") return this.#refuse(literal, type);
    const items = literal.items.map((item) => this.evaluate(item, element, file));
    const known = items.filter((item) => item !== undefined);
    return known.length === items.length ? { kind: "list", items: known } : undefined;
  }

  #enumValue(literal: Literal, declared: Declared, node: EnumNode, file: LoadedFile): Value | undefined {
    const type: TypeRef = { kind: "named", name: declared.fullName };
    if (literal.kind !== "name") return this.#refuse(literal, type);
    if (literal.name.parts.length === 1) {
      const member = memberValue(declared, node, literal.name.text);
      if (member !== undefined) return member;
      if (this.#names.lookUp(literal.name.text, file).length === 0) {
        this.#reportUnknownMember(literal.name, declared, node);
        return undefined;
      }
    }
    const value = this.#valueOf(literal, file);
    if (value === undefined || (value.kind === "enum" && value.enum === declared.fullName)) return value;
    return this.#refuse(literal, type);
  }

  /** A literal's value before it has a type; a name's is that of its constant or member. */
  #valueOf(literal: Exclude<Literal, { kind: "list" }>, file: LoadedFile): Value | undefined {
    switch (literal.kind) {
      case "bool":
        return { kind: "bool", value: literal.value };
      case "string":
        return { kind: "string", value: literal.value };
      case "int":
        return literal.value === 0n && literal.raw.startsWith("-")
          ? { kind: "int", value: "-0" }
          : { kind: "int", value: String(literal.value) };
      case "float":
        return { kind: "float", value: literal.value };
      case "duration":
        return { kind: "duration", value: String(literal.nanos) };
      case "name":
        return this.#named(literal.name, file);
    }
  }

  #named(name: QualifiedName, file: LoadedFile): Value | undefined {
    const [found] = this.#names.lookUp(name.text, file);
    if (found === undefined && name.parts.length > 1) {
      const owner = name.parts.slice(0, -1).map((part) => part.text);
      const [declared] = this.#names.lookUp(owner.join("."), file);
      if (declared?.node.kind === "enum") {
        const member = memberValue(declared, declared.node, name.parts.at(-1)?.text ?? "");
        if (member === undefined) this.#reportUnknownMember(name, declared, declared.node);
        return member;
      }
    }
    const constant = this.#names.resolve(name, file, "constant");
    return constant && this.#constants.get(constant);
  }

  #reportUnknownMember(name: QualifiedName, declared: Declared, node: EnumNode): void {
    const member = name.parts.at(-1)?.text ?? "";
    const suggestion = closest(
      member,
      node.members.map((known) => known.name.text),
    );
    this.#found.report("RPC2028", name.span, {
      name: member,
      owner: declared.fullName,
      ...(suggestion !== undefined && { suggestion }),
    });
  }

  #fit(value: Value, literal: Literal, type: TypeRef, scalar: Scalar): Value | undefined {
    const integers = integerRange(scalar);
    if (integers !== undefined) {
      if (value.kind !== "int") return this.#refuse(literal, type, wholeNumberHelp(value));
      const whole = BigInt(value.value);
      const [min, max] = integers;
      return whole >= min && whole <= max
        ? { kind: "int", value: String(whole) }
        : this.#outOfRange(literal, type, `${min} to ${max}`);
    }
    switch (scalar) {
      case "f32":
      case "f64": {
        if (value.kind !== "int" && value.kind !== "float") return this.#refuse(literal, type);
        const number = Number(value.value);
        const held = scalar === "f32" ? Math.fround(number) : number;
        if (Number.isFinite(held)) return { kind: "float", value: number };
        const greatest = scalar === "f32" ? greatestFloat32 : Number.MAX_VALUE;
        return this.#outOfRange(literal, type, `-${greatest} to ${greatest}`);
      }
      case "string":
        if (value.kind !== "string") return this.#refuse(literal, type, quoteHelp(literal));
        // The parser refuses such escapes; a source given as a string can hold the half itself.
        return value.value.isWellFormed()
          ? value
          : this.#refuse(literal, type, "it holds half of a character (a lone surrogate)");
      case "duration": {
        if (value.kind !== "duration")
          return this.#refuse(literal, type, "a duration has a unit: `500ms`, `30s`, `1h30m`");
        const nanos = BigInt(value.value);
        if (nanos <= greatestDuration && nanos >= -greatestDuration) return value;
        return this.#outOfRange(literal, type, "no more than 315576000000s (10,000 years) either way");
      }
      case "bool":
        return value.kind === "bool" ? value : this.#refuse(literal, type, "it is `true` or `false`");
      default:
        return this.#refuse(literal, type);
    }
  }

  #refuse(literal: Literal, type: TypeRef, help?: string): undefined {
    this.#found.report("RPC2080", literal.span, {
      value: showLiteral(literal),
      type: this.#types.show(type),
      ...(help !== undefined && { help }),
    });
    return undefined;
  }

  #outOfRange(literal: Literal, type: TypeRef, range: string): undefined {
    this.#found.report("RPC2081", literal.span, { value: showLiteral(literal), type: this.#types.show(type), range });
    return undefined;
  }
}

/** The constant that a constant's value is the name of, and whose value must be known first. */
export function referredConstant(node: ConstNode, file: LoadedFile, names: Names): Declared | undefined {
  if (node.value.kind !== "name") return undefined;
  const [found, ...others] = names.lookUp(node.value.name.text, file);
  return found?.node.kind === "const" && others.length === 0 ? found : undefined;
}

/** A literal as it was written, cut where it is long. */
export function showLiteral(literal: Literal): string {
  const text = literal.kind === "name" ? `"${literal.name.text}"` : literal.kind === "list" ? "A list" : literal.raw;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function memberValue(declared: Declared, node: EnumNode, name: string): Value | undefined {
  const member = node.members.find((known) => known.name.text === name);
  return member && { kind: "enum", enum: declared.fullName, member: name, number: Number(member.number.value) };
}

function wholeNumberHelp(value: Value): string | undefined {
  if (value.kind !== "float" || !Number.isSafeInteger(value.value)) return undefined;
  return `write it as a whole number: \`${value.value}\``;
}

function quoteHelp(literal: Literal): string | undefined {
  return literal.kind === "name" || literal.kind === "list" ? undefined : `write it in quotes: \`"${literal.raw}"\``;
}

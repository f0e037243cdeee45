/** What a schema's names are in protobuf: remembered ones where there are any, else made by its customs. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, Enum, EnumMember, Field } from "../../ir/schema.js";
import { snakeCase } from "../../text/protobuf-names.js";
import { NAME, remembered } from "./remembered.js";
import { TypePaths } from "./type-paths.js";

function fieldName(field: Field): string {
  return rememberedName(field) ?? snakeCase(field.name);
}

function rememberedName({ annotations }: Field): string | undefined {
  const name = remembered(annotations, "name");
  return name !== undefined && NAME.test(name) ? name : undefined;
}

/** Names that `protoc` takes for one, because its JSON would: without regard to case and underscores. */
export function meetingKey(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** The names of fields that stand in one message, in the order of the fields. One that meets another gets a number: `aB` beside `a_b` is `a_b_2`. */
export function fieldNames(fields: readonly Field[]): ReadonlyMap<Field, string> {
  const names = new Map<Field, string>();
  const taken = new Set<string>();
  const isSettled = (field: Field): boolean => rememberedName(field) !== undefined || fieldName(field) === field.name;
  for (const field of [...fields.filter(isSettled), ...fields.filter((each) => !isSettled(each))]) {
    let name = fieldName(field);
    for (let number = 2; taken.has(meetingKey(name)); number += 1) name = `${fieldName(field)}_${number}`;
    taken.add(meetingKey(name));
    names.set(field, name);
  }
  return new Map(fields.map((field) => [field, names.get(field) ?? field.name]));
}

/** The values of an enum share a scope with what stands beside it, so names that meet there get the enum's before them. */
export class ValueNames {
  static readonly #known = new WeakMap<SchemaIndex, ValueNames>();
  readonly #counts = new Map<string, number>();
  readonly #paths: TypePaths;
  readonly #ofEnums = new Map<Enum, ReadonlyMap<EnumMember, string>>();

  /** One for a schema, since every file of it asks. */
  static of(index: SchemaIndex): ValueNames {
    const names = this.#known.get(index) ?? new ValueNames(index);
    this.#known.set(index, names);
    return names;
  }

  private constructor(index: SchemaIndex) {
    this.#paths = TypePaths.of(index);
    for (const file of index.schema.files) {
      for (const declaration of file.declarations) {
        const scope = this.#scopeOf(file.package, declaration);
        this.#count(`${scope}.${this.#paths.nameOf(declaration)}`);
        if (declaration.kind === "enum") for (const { name } of declaration.members) this.#count(`${scope}.${name}`);
        if (declaration.kind === "message") for (const name of fieldNames(declaration.fields).values()) this.#count(`${file.package}.${this.#paths.of(declaration)}.${name}`);
      }
    }
  }

  name(type: Enum, member: EnumMember): string {
    let names = this.#ofEnums.get(type);
    if (names === undefined) this.#ofEnums.set(type, (names = this.#namesOf(type)));
    return names.get(member) ?? member.name;
  }

  /** `protoc` refuses two that are one without their enum's name, case and underscores: the second gets a number. */
  #namesOf(type: Enum): ReadonlyMap<EnumMember, string> {
    const scope = this.#scopeOf(type.fullName.slice(0, -type.name.length - 1), type);
    const names = new Map<EnumMember, string>();
    const taken = new Set<string>();
    for (const member of type.members) {
      const isAlone = (this.#counts.get(`${scope}.${member.name}`) ?? 0) < 2;
      const own = isAlone ? member.name : `${snakeCase(type.name).toUpperCase()}_${member.name}`;
      let name = own;
      for (let number = 2; taken.has(this.#meetingKey(type, name)) || (name !== own && this.#counts.has(`${scope}.${name}`)); number += 1) name = `${own}_${number}`;
      taken.add(this.#meetingKey(type, name));
      names.set(member, name);
    }
    return names;
  }

  #meetingKey(type: Enum, name: string): string {
    const prefix = meetingKey(this.#paths.nameOf(type));
    let at = 0;
    for (const letter of prefix) {
      while (name.charAt(at) === "_") at += 1;
      if (name.charAt(at).toLowerCase() !== letter) return pascal(name);
      at += 1;
    }
    const rest = name.slice(at).replace(/^_+/, "");
    return pascal(rest === "" ? name : rest);
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  #scopeOf(packageName: string, declaration: Declaration): string {
    const outer = this.#paths.outerOf(declaration);
    return outer === "" ? packageName : `${packageName}.${outer}`;
  }
}

/** As `protoc` compares values of enums: a letter behind an underscore is large, and all others are small. */
function pascal(name: string): string {
  return name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join("");
}

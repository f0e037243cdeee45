/** What a schema's names are in protobuf: remembered ones where there are any, else made by its customs. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { CustomAnnotation, Declaration, Enum, EnumMember, Field } from "../../ir/schema.js";
import { REMEMBERING, snakeCase } from "../../text/protobuf-names.js";

export function remembered(annotations: readonly CustomAnnotation[], what: "name" | "type" | "key"): string | undefined {
  const value = annotations.find(({ name }) => name === `${REMEMBERING}.${what}`)?.arguments[what];
  return value?.kind === "string" && value.value !== "" ? value.value : undefined;
}

function fieldName(field: Field): string {
  return remembered(field.annotations, "name") ?? snakeCase(field.name);
}

/** Names that `protoc` takes for one, because its JSON would: without regard to case and underscores. */
export function meetingKey(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** The names of fields that stand in one message, in the order of the fields. One that meets another gets a number: `aB` beside `a_b` is `a_b_2`. */
export function fieldNames(fields: readonly Field[]): ReadonlyMap<Field, string> {
  const names = new Map<Field, string>();
  const taken = new Set<string>();
  const isSettled = (field: Field): boolean => remembered(field.annotations, "name") !== undefined || fieldName(field) === field.name;
  for (const field of [...fields.filter(isSettled), ...fields.filter((each) => !isSettled(each))]) {
    let name = fieldName(field);
    for (let number = 2; taken.has(meetingKey(name)); number += 1) name = `${fieldName(field)}_${number}`;
    taken.add(meetingKey(name));
    names.set(field, name);
  }
  return new Map(fields.map((field) => [field, names.get(field) ?? field.name]));
}

/** Where a declaration stands in its package: "Outer.Inner" if it was nested once, and what is around it is there. */
export function pathOf(declaration: Declaration): string {
  return remembered(declaration.annotations, "name") ?? declaration.name;
}

/** The values of an enum share a scope with what stands beside it, so names that meet there get the enum's before them. */
export class ValueNames {
  static readonly #known = new WeakMap<SchemaIndex, ValueNames>();
  readonly #counts = new Map<string, number>();

  /** One for a schema, since every file of it asks. */
  static of(index: SchemaIndex): ValueNames {
    const names = this.#known.get(index) ?? new ValueNames(index);
    this.#known.set(index, names);
    return names;
  }

  private constructor({ schema }: SchemaIndex) {
    for (const file of schema.files) {
      for (const declaration of file.declarations) {
        const scope = scopeOf(file.package, declaration);
        this.#count(`${scope}.${pathOf(declaration).split(".").at(-1)}`);
        if (declaration.kind === "enum") for (const { name } of declaration.members) this.#count(`${scope}.${name}`);
        if (declaration.kind === "message") for (const name of fieldNames(declaration.fields).values()) this.#count(`${file.package}.${pathOf(declaration)}.${name}`);
      }
    }
  }

  name(type: Enum, member: EnumMember): string {
    const scope = scopeOf(type.fullName.slice(0, -type.name.length - 1), type);
    return (this.#counts.get(`${scope}.${member.name}`) ?? 0) < 2 ? member.name : `${snakeCase(type.name).toUpperCase()}_${member.name}`;
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}

function scopeOf(packageName: string, declaration: Declaration): string {
  return [packageName, ...pathOf(declaration).split(".").slice(0, -1)].join(".");
}

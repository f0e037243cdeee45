/** Two schemas side by side: what stands for what, by the rules by which bytes and names find each other. */
import { SchemaIndex } from "../ir/schema-index.js";
import type { Declaration, Enum, Field, Method, Reserved, Schema, Service, Struct, TypeRef } from "../ir/schema.js";
import { compareTypes, type TypeDifference } from "./compare-types.js";
import { findBy } from "./find-by.js";
import { type Usage, Usages } from "./usage.js";

export interface Pair<T> {
  readonly old: T;
  readonly new: T;
}

/** What holds fields: a message, an error, a union, a struct, or the parameters of a method. */
export interface Holder {
  readonly kind: "message" | "error" | "union" | "struct" | "parameters";
  readonly name: string;
  readonly declared: Pair<Declaration | Method>;
  readonly fields: Pair<readonly Field[]>;
  readonly reserved: Pair<Reserved>;
  readonly usage: Usage;
}

/** A field and what has its number, or its place in a struct, now. */
export interface FieldPair {
  readonly holder: Holder;
  readonly old: Field;
  readonly new: Field;
  readonly difference?: TypeDifference;
}

export interface EnumPair extends Pair<Enum> {
  readonly usage: Usage;
}

export interface StructPair extends Pair<Struct> {
  readonly usage: Usage;
}

export interface MethodPair extends Pair<Method> {
  readonly service: Pair<Service>;
}

export class Delta {
  readonly before: SchemaIndex;
  readonly after: SchemaIndex;
  readonly usages: Usages;
  /** Of one full name and kind. */
  readonly declarations: readonly Pair<Declaration>[];
  readonly removed: readonly Declaration[];
  readonly added: readonly Declaration[];
  readonly #addedByFullName: ReadonlyMap<string, Declaration>;
  readonly services: readonly Pair<Service>[];
  /** Of one path on the wire. */
  readonly methods: readonly MethodPair[];
  /** Those with numbers, which is all but structs. */
  readonly holders: readonly Holder[];
  readonly structs: readonly StructPair[];
  readonly enums: readonly EnumPair[];
  /** Those with numbers. */
  readonly fields: readonly FieldPair[];
  /** Those of structs too: for what does not depend on numbers, such as names and constraints. */
  readonly properties: readonly FieldPair[];
  /** Types of results and of elements of streams. */
  readonly results: readonly (MethodPair & { readonly difference: TypeDifference })[];

  constructor(before: Schema, after: Schema) {
    this.before = new SchemaIndex(before);
    this.after = new SchemaIndex(after);
    this.usages = new Usages(this.before, this.after);
    const [old, fresh] = [declarationsOf(before), declarationsOf(after)];
    const [oldByName, freshByName] = [byName(old), byName(fresh)];
    this.declarations = old.flatMap((each) => pairOf(each, freshByName.get(nameOf(each))));
    this.removed = old.filter((each) => !freshByName.has(nameOf(each)));
    this.added = fresh.filter((each) => !oldByName.has(nameOf(each)));
    this.#addedByFullName = new Map(this.added.map((each) => [each.fullName, each]));
    this.services = this.declarations.filter((pair): pair is Pair<Service> => pair.old.kind === "service");
    this.methods = this.services.flatMap((service) =>
      service.old.methods.flatMap((method) => {
        const other = findBy(service.new.methods, "path", method.path);
        return other === undefined ? [] : [{ service, old: method, new: other }];
      }),
    );
    const matcher = new Matcher(this.before, this.after, this.usages);
    for (const pair of this.declarations) matcher.add(pair.old, pair.new);
    for (const pair of this.methods) matcher.addMethod(pair);
    matcher.run();
    this.holders = matcher.holders;
    this.structs = matcher.structs;
    this.enums = matcher.enums;
    this.fields = matcher.fields;
    this.properties = [...matcher.fields, ...matcher.structFields];
    this.results = matcher.results;
  }

  /** What has the full name of one that was removed, but is of another kind or has another name on the wire. */
  replacementOf({ fullName }: Declaration): Declaration | undefined {
    return this.#addedByFullName.get(fullName);
  }
}

/** Follows what the two schemas refer to in the same places, so that a type that was renamed is still compared. */
class Matcher {
  readonly holders: Holder[] = [];
  readonly structs: StructPair[] = [];
  readonly enums: EnumPair[] = [];
  readonly fields: FieldPair[] = [];
  readonly structFields: FieldPair[] = [];
  readonly results: (MethodPair & { readonly difference: TypeDifference })[] = [];
  readonly #before: SchemaIndex;
  readonly #after: SchemaIndex;
  readonly #usages: Usages;
  readonly #seen = new Set<string>();
  readonly #open: (readonly [Declaration, Declaration])[] = [];

  constructor(before: SchemaIndex, after: SchemaIndex, usages: Usages) {
    this.#before = before;
    this.#after = after;
    this.#usages = usages;
  }

  add(old: Declaration, fresh: Declaration): void {
    const key = `${old.fullName} ${fresh.fullName}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#open.push([old, fresh]);
  }

  addMethod(pair: MethodPair): void {
    const [a, b] = [pair.old.parameters, pair.new.parameters];
    if (a.kind === "fields" && b.kind === "fields") {
      const [fields, reserved] = [{ old: a.fields, new: b.fields }, { old: a.reserved, new: b.reserved }];
      this.#hold({ kind: "parameters", name: `${pair.service.new.name}.${pair.new.name}`, declared: pair, fields, reserved, usage: { sent: true, answered: false } });
    } else if (a.kind === "stream" && b.kind === "stream") this.#result(pair, a.element, b.element);
    if (pair.old.result !== undefined && pair.new.result !== undefined) this.#result(pair, pair.old.result.type, pair.new.result.type);
  }

  run(): void {
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) this.#match(...next);
  }

  #match(old: Declaration, fresh: Declaration): void {
    const [a, b] = [this.#usages.of(old.fullName), this.#usages.of(fresh.fullName)];
    const usage = { sent: a.sent || b.sent, answered: a.answered || b.answered };
    if (old.kind === "enum" && fresh.kind === "enum") this.enums.push({ old, new: fresh, usage });
    else if (old.kind === "struct" && fresh.kind === "struct") {
      const pair = { old, new: fresh, usage };
      this.structs.push(pair);
      this.#lineUp(pair);
    } else if (old.kind === "union" && fresh.kind === "union") {
      this.#hold({ kind: "union", name: fresh.name, declared: { old, new: fresh }, fields: { old: old.members, new: fresh.members }, reserved: { old: old.reserved, new: fresh.reserved }, usage });
    } else if ((old.kind === "message" || old.kind === "error") && old.kind === fresh.kind) {
      this.#hold({ kind: old.kind, name: fresh.name, declared: { old, new: fresh }, fields: { old: old.fields, new: fresh.fields }, reserved: { old: old.reserved, new: fresh.reserved }, usage });
    }
  }

  #hold(holder: Holder): void {
    this.holders.push(holder);
    for (const old of holder.fields.old) {
      const fresh = findBy(holder.fields.new, "number", old.number);
      if (fresh === undefined) continue;
      const difference = this.#compare(old.type, fresh.type);
      this.fields.push({ holder, old, new: fresh, ...(difference !== undefined && { difference }) });
    }
  }

  #lineUp({ old, new: fresh, usage }: StructPair): void {
    const [fields, reserved] = [{ old: old.fields, new: fresh.fields }, { old: NOTHING, new: NOTHING }];
    const holder: Holder = { kind: "struct", name: fresh.name, declared: { old, new: fresh }, fields, reserved, usage };
    for (const [at, field] of old.fields.entries()) {
      const other = fresh.fields[at];
      if (other === undefined) continue;
      const difference = this.#compare(field.type, other.type);
      // One that stands elsewhere now is not the one that took its place.
      if (other.name !== field.name && (findBy(fresh.fields, "name", field.name) !== undefined || findBy(old.fields, "name", other.name) !== undefined)) continue;
      this.structFields.push({ holder, old: field, new: other, ...(difference !== undefined && { difference }) });
    }
  }

  #result(pair: MethodPair, old: TypeRef, fresh: TypeRef): void {
    const difference = this.#compare(old, fresh);
    if (difference !== undefined) this.results.push({ ...pair, difference });
  }

  #compare(old: TypeRef, fresh: TypeRef): TypeDifference | undefined {
    const { difference, pairs } = compareTypes(this.#before, old, this.#after, fresh);
    for (const [a, b] of pairs) this.add(a, b);
    return difference;
  }
}

/** Structs reserve nothing. */
const NOTHING: Reserved = { ranges: [], names: [] };

/** By which declarations of two versions find each other, with their kind. */
function nameOf({ kind, fullName, wireName }: Declaration): string {
  return `${kind} ${kind === "service" || kind === "error" ? wireName : fullName}`;
}

function byName(declarations: readonly Declaration[]): ReadonlyMap<string, Declaration> {
  return new Map(declarations.map((each) => [nameOf(each), each]));
}

function declarationsOf({ files }: Schema): Declaration[] {
  return files.flatMap(({ declarations }) => declarations);
}

function pairOf<T>(old: T, fresh: T | undefined): Pair<T>[] {
  return fresh === undefined ? [] : [{ old, new: fresh }];
}

export function isReserved({ ranges }: Reserved, number: number): boolean {
  return ranges.some(({ from, to }) => from <= number && number <= to);
}

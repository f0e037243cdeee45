/** Random correct programs: every type and annotation that the wire or the form of values depends on, recursion, several files. */
import type { Compound, Declaration, Field, Method, Program, Type } from "./model.js";
import type { Random } from "./random.js";

const SCALARS = [
  "bool",
  "i8",
  "i16",
  "i32",
  "i64",
  "u8",
  "u16",
  "u32",
  "u64",
  "f32",
  "f64",
  "string",
  "bytes",
  "timestamp",
  "duration",
  "uuid",
] as const;
const KEYS = ["bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "string"] as const;
/** Names that generated code may want for itself, or that JavaScript or the language know. */
const NAMES = [
  "value",
  "kind",
  "type",
  "class",
  "tag",
  "unknown",
  "w",
  "r",
  "v",
  "at",
  "position",
  "known",
  "list",
  "map",
  "item",
  "entry",
  "i",
  "n",
  "a",
  "b",
  "c",
  "message",
  "reserved",
  "stream",
  "default",
  "length",
  "prototype",
  "then",
] as const;
/** Members of RpcError that the fields of errors must not have the names of. */
const TAKEN_IN_ERRORS = new Set<string>(["message", "then", "kind"]);

const scalar = (name: string): Type => ({ kind: "scalar", name });

export function randomProgram(random: Random): Program {
  return new ProgramMaker(random).make();
}

/** Makes declarations one after another; each refers to those before it, and to itself where recursion may end. */
export class ProgramMaker {
  readonly #random: Random;
  readonly #declarations: Declaration[] = [];
  #ids: number;

  /** `known` may be referred to; ids are given out from above `lastId`. */
  constructor(random: Random, known: readonly Declaration[] = [], lastId = 0) {
    this.#random = random;
    this.#declarations.push(...known);
    this.#ids = lastId;
  }

  make(): Program {
    const random = this.#random;
    const kinds = [
      "enum",
      "alias",
      "struct",
      "struct",
      "struct",
      "message",
      "message",
      "message",
      "union",
      "error",
    ] as const;
    const count = random.between(3, 9);
    for (let k = 0; k < count; k++) this.#declarations.push(this.#declaration(random.pick(kinds)));
    this.#declarations.push(this.#declaration("message"), this.#service());
    const splits = random.chance(0.3) ? [random.between(1, this.#declarations.length - 1)] : [];
    return { declarations: this.#declarations, splits };
  }

  newId(): string {
    return `${++this.#ids}`;
  }

  #declaration(kind: "enum" | "alias" | Compound["kind"]): Declaration {
    const id = this.newId();
    switch (kind) {
      case "enum":
        return { kind, id, name: `Enum${id}`, members: this.#members() };
      case "alias":
        return { kind, id, name: `Alias${id}`, type: this.type(2) };
      default: {
        const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}${id}`;
        return { kind, id, name, fields: this.#fields(kind, id), reserved: [] };
      }
    }
  }

  #members() {
    const numbers = new Set([0]);
    const count = this.#random.between(1, 4);
    while (numbers.size < count)
      numbers.add(this.#random.pick([1, 2, 3, 63, 64, -1, -64, 2147483647, -2147483648, 1000]));
    return [...numbers].map((number, at) => ({ name: `MEMBER${at}`, number }));
  }

  #fields(kind: Compound["kind"], self: string): Field[] {
    const random = this.#random;
    const count =
      kind === "union" ? random.between(1, 5) : random.chance(0.1) ? 0 : random.between(1, kind === "message" ? 9 : 6);
    const names = random.shuffled(NAMES).filter((name) => kind !== "error" || !TAKEN_IN_ERRORS.has(name));
    let number = 0;
    const fields = names.slice(0, count).map((name, at) => {
      number += random.chance(0.8) ? 1 : random.pick([2, 7, 11, 100, 2000, 300_000]);
      // The first member of a union ends every recursion.
      if (kind === "union" && at === 0)
        return { ...this.field(name, number, "union"), type: this.#leaf(), annotations: [] };
      return this.field(name, number, kind, self);
    });
    return kind === "struct" ? fields : random.shuffled(fields);
  }

  /** `self` is the id of what declares it, if the field may refer back to it. */
  field(name: string, number: number, kind: Compound["kind"], self?: string): Field {
    const random = this.#random;
    const id = this.newId();
    if (self !== undefined && kind !== "error" && random.chance(0.12))
      return this.#recursive(id, name, number, kind, self);
    const optional = kind !== "union" && random.chance(0.3);
    const withDefault = !optional && kind !== "union" && random.chance(0.08) ? this.#defaulted() : undefined;
    if (withDefault !== undefined) return { id, name, number, optional: false, ...withDefault };
    const type = kind === "struct" && random.chance(0.5) ? this.#flatType() : this.type(random.between(0, 3));
    return { id, name, number, type, optional, annotations: this.#annotations(type) };
  }

  #recursive(id: string, name: string, number: number, kind: Compound["kind"], self: string): Field {
    const own: Type = { kind: "named", id: self };
    const annotations: string[] = [];
    const listed: Type = { kind: "list", element: own };
    if (kind === "struct" || this.#random.chance(0.5)) {
      const optional = kind !== "union" && this.#random.chance(0.5);
      return { id, name, number, type: optional ? own : listed, optional, annotations };
    }
    const mapped: Type = { kind: "map", key: scalar(this.#random.pick(KEYS)), value: this.#random.pick([own, listed]) };
    return { id, name, number, type: mapped, optional: false, annotations };
  }

  type(depth: number): Type {
    const random = this.#random;
    if (depth === 0 || random.chance(0.45)) return this.#leaf();
    if (random.chance(0.6)) return { kind: "list", element: this.type(depth - 1) };
    return { kind: "map", key: this.#key(), value: this.type(depth - 1) };
  }

  #leaf(): Type {
    const named = this.#declarations.filter(({ kind }) => kind !== "error" && kind !== "service");
    if (named.length > 0 && this.#random.chance(0.45)) return { kind: "named", id: this.#random.pick(named).id };
    return scalar(this.#random.chance(0.2) ? "string" : this.#random.pick(SCALARS));
  }

  #flatType(): Type {
    return scalar(this.#random.pick(SCALARS.filter((name) => name !== "string" && name !== "bytes")));
  }

  #key(): Type {
    const enums = this.#declarations.filter(({ kind }) => kind === "enum");
    if (enums.length > 0 && this.#random.chance(0.2)) return { kind: "named", id: this.#random.pick(enums).id };
    return scalar(this.#random.pick(KEYS));
  }

  #defaulted(): Pick<Field, "type" | "annotations"> {
    const [name, literals] = this.#random.pick([
      ["bool", ["true", "false"]],
      ["i8", ["-128", "0"]],
      ["u32", ["7", "0", "4294967295"]],
      ["i64", ["-5", "9007199254740993"]],
      ["f64", ["0.5", "-1e3"]],
      ["string", ['"grey"', '""', '"\\u{1F600}"']],
      ["duration", ["250ms", "1h"]],
    ] as const);
    return { type: scalar(name), annotations: [`@default(${this.#random.pick<string>(literals)})`] };
  }

  #annotations(type: Type): string[] {
    const { all, inLists } = this.#scalarsIn(type);
    const found = [];
    const has64 = all.has("i64") || all.has("u64");
    const numeric = [...inLists].some((name) => /^[iuf]\d/.test(name));
    if (numeric && this.#random.chance(0.4)) found.push("@typedArray");
    else if (has64 && this.#random.chance(0.4)) found.push("@number");
    if ((all.has("timestamp") || all.has("duration")) && this.#random.chance(0.4)) found.push("@nanos");
    if (this.#random.chance(0.05)) found.push(`@tsName("renamed${this.newId()}")`);
    return found;
  }

  /** Through lists, maps and aliases. */
  #scalarsIn(type: Type, inList = false): { readonly all: Set<string>; readonly inLists: Set<string> } {
    const all = new Set<string>();
    const inLists = new Set<string>();
    const add = (part: Type, isItem: boolean) => {
      const found = this.#scalarsIn(part, isItem);
      for (const name of found.all) all.add(name);
      for (const name of found.inLists) inLists.add(name);
    };
    switch (type.kind) {
      case "scalar":
        all.add(type.name);
        if (inList) inLists.add(type.name);
        break;
      case "list":
        add(type.element, true);
        break;
      case "map":
        add(type.key, false);
        add(type.value, false);
        break;
      case "named": {
        const declaration = this.#declarations.find(({ id }) => id === type.id);
        if (declaration?.kind === "alias") add(declaration.type, inList);
      }
    }
    return { all, inLists };
  }

  #service(): Declaration {
    const id = this.newId();
    const count = this.#random.between(1, 4);
    return { kind: "service", id, name: `Service${id}`, methods: Array.from({ length: count }, () => this.method()) };
  }

  method(): Method {
    const random = this.#random;
    const id = this.newId();
    const names = random.shuffled(NAMES).filter((name) => name !== "reserved" && name !== "stream");
    const fields = names.slice(0, random.below(4)).map((name, at) => this.field(name, at + 1, "message"));
    return {
      id,
      name: `method${id}`,
      fields,
      reserved: [],
      result: this.type(random.between(0, 2)),
      stream: random.chance(0.2),
    };
  }
}

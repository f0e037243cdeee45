/** The zeros that absent fields read as: expressions, and functions for those of messages and structs. */
import type { Field } from "../../../ir/schema.js";
import type { Doc } from "../code-writer/document.js";
import { block, call, signature } from "../code-writer/shapes.js";
import type { GeneratedFile } from "../generated-file.js";
import { declaredName, memberName, type Names } from "../names.js";
import { runtimeValue } from "../runtime-symbols.js";
import { globalSymbol } from "../symbol.js";
import { entry } from "./assign.js";
import { compactObject } from "./compact-object.js";
import { partName } from "./part-name.js";
import { slotOf, type Layout, type Slot } from "./payload.js";

export class Zeros {
  readonly #file: GeneratedFile;
  readonly #names: Names;
  readonly #layout: Layout;
  /** The functions that were asked for by the full names of their types, in that order. */
  readonly #asked = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #haveZeros = new Map<string, boolean>();
  /** The name of the function for a type, which is printed because it was asked for. */
  readonly #functionName: (fullName: string) => string;

  constructor(file: GeneratedFile, names: Names, layout: Layout) {
    this.#file = file;
    this.#names = names;
    this.#layout = layout;
    this.#functionName = file.question((fullName: string) => this.#nameFor(fullName));
  }

  /** Undefined for a union, and for what cannot be without one: a field of such a type is never absent. */
  expression(slot: Slot): Doc | undefined {
    const payload = this.#layout.payload(slot);
    switch (payload.kind) {
      case "number":
        return payload.zero;
      case "enum":
        return "0";
      case "text":
        return '""';
      case "bytes":
        return ["new ", globalSymbol("Uint8Array"), "(0)"];
      case "flat":
        return this.#flat(payload.method);
      case "typedArray":
        return ["new ", globalSymbol(payload.constructor), "(0)"];
      case "flatList":
      case "structList":
      case "list":
        return "[]";
      case "map":
        return ["new ", globalSymbol("Map"), "()"];
      case "union":
        return undefined;
      case "message":
      case "struct":
      case "flatStruct":
        if (!this.#hasZero(payload.name)) return undefined;
        return call(this.#functionName(payload.name));
    }
  }

  #flat(method: string): Doc {
    switch (method) {
      case "timestamp":
        return ["new ", globalSymbol("Date"), "(0)"];
      case "timestampNanos":
      case "durationNanos":
        return "0n";
      case "duration":
        return "0";
      default:
        return runtimeValue("NIL_UUID");
    }
  }

  /** Types of two packages may have one name. */
  #nameFor(fullName: string): string {
    const known = this.#asked.get(fullName);
    if (known !== undefined) return known;
    const wanted = partName("zero", declaredName(this.#names.index.declaration(fullName)));
    let name = wanted;
    for (let number = 1; this.#taken.has(name); number++) name = `${wanted}$${number}`;
    this.#taken.add(name);
    this.#asked.set(fullName, name);
    return name;
  }

  /** Cached, for every user asks; false while it is being found, since no finite value holds itself. */
  #hasZero(fullName: string): boolean {
    const known = this.#haveZeros.get(fullName);
    if (known !== undefined) return known;
    this.#haveZeros.set(fullName, false);
    const found = this.#requiredFields(fullName).every((field) => {
      const payload = this.#layout.payload(slotOf(field));
      if (payload.kind === "union") return false;
      const isRecord = payload.kind === "message" || payload.kind === "struct" || payload.kind === "flatStruct";
      return !isRecord || this.#hasZero(payload.name);
    });
    this.#haveZeros.set(fullName, found);
    return found;
  }

  #requiredFields(fullName: string): readonly Field[] {
    const declaration = this.#names.index.declaration(fullName);
    if (declaration.kind !== "message" && declaration.kind !== "struct") throw new Error(`"${fullName}" has no fields`);
    return declaration.fields.filter((field) => !field.optional);
  }

  /** Prints the functions that were asked for, and those that they ask for. */
  print(): void {
    // A map is walked in order of insertion, so that what is added on the way is printed too.
    for (const [fullName, name] of this.#asked) {
      this.#file.unit(name, [fullName], () => {
        const entries = this.#requiredFields(fullName).map((field) =>
          entry(memberName(field), this.expression(slotOf(field)) as Doc),
        );
        this.#file.reserve(name);
        this.#file.section(
          block(signature(`function ${name}`, [], [this.#names.type(fullName)]), ["return ", compactObject(...entries), ";"]),
        );
      });
    }
  }
}

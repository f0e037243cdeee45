/** Prints the tables by which types appear in JSON. */
import type { Enum, Field } from "../../../ir/schema.js";
import type { Doc } from "../code-writer/document.js";
import { quote } from "../code-writer/literal.js";
import { call, objectLiteral, propertyOfWhole } from "../code-writer/shapes.js";
import { memberName } from "../names.js";
import { runtimeValue } from "../runtime-symbols.js";
import { globalSymbol } from "../symbol.js";
import { valueExpression } from "../value-expression.js";
import { entry } from "./assign.js";
import type { CodecModule } from "./codec-module.js";
import { compactObject } from "./compact-object.js";
import { slotOf, type Slot } from "./payload.js";

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** What is asked of the module that a table stands in. */
export type JsonModule = Pick<CodecModule, "names" | "layout" | "json">;

/** `json.record(() => ({ … }))`, or of a union. */
export function jsonTable(module: JsonModule, kind: "record" | "union", fields: readonly Field[]): Doc {
  const entries = fields.map((field) => entry(memberName(field), fieldEntry(module, field)));
  if (entries.length === 0) return [word(kind), "(() => ({}))"];
  return [word(kind), "(() => (", objectLiteral(...entries), "))"];
}

function word(name: string): Doc {
  return [runtimeValue("json"), `.${name}`];
}

function fieldEntry(module: JsonModule, field: Field): Doc {
  const type = jsonType(module, slotOf(field));
  const parts: Doc[] = [entry("type", type)];
  if (field.wireName !== memberName(field)) parts.push(propertyOfWhole("name", quote(field.wireName)));
  if (field.optional) parts.push("optional: true");
  if (field.default !== undefined) {
    parts.push(propertyOfWhole("default", valueExpression(module.names, field.default, field.type, field)));
  }
  return parts.length === 1 ? type : compactObject(...parts);
}

/** How what may stand in the slot appears in JSON. */
export function jsonType(module: JsonModule, slot: Slot): Doc {
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "number":
    case "flat":
      return word(payload.method);
    case "text":
      return word("string");
    case "bytes":
      return word("bytes");
    case "enum":
      return enumeration(module, payload.name);
    case "typedArray": {
      const concrete = module.names.index.concrete(slot.type);
      if (concrete.kind !== "list") throw new Error(`a ${concrete.kind} is no typed array`);
      const element = jsonType(module, { type: concrete.element, appearance: slot.appearance });
      return call(word("typedArray"), globalSymbol(payload.constructor), element);
    }
    case "flatList":
    case "structList":
    case "list":
      return call(word("list"), jsonType(module, payload.element));
    case "map":
      return call(word("map"), jsonType(module, payload.key), jsonType(module, payload.value));
    default:
      return module.json(payload.name);
  }
}

/** Of the enum's own object where its names are those of JSON; else of a literal, which prettier keeps within the parentheses. */
function enumeration(module: JsonModule, fullName: string): Doc {
  const declaration = module.names.index.declaration(fullName) as Enum;
  if (hasNamesOfJson(declaration)) return call(word("enumeration"), module.names.value(fullName));
  const members = declaration.members.map((member) => `${literalKey(member.wireName)}: ${member.number}`);
  return [word("enumeration"), "(", objectLiteral(...members), ")"];
}

function hasNamesOfJson(declaration: Enum): boolean {
  const known = answered.get(declaration) ?? declaration.members.every((member) => member.wireName === memberName(member));
  answered.set(declaration, known);
  return known;
}

/** It is asked at every use of an enum. */
const answered = new WeakMap<Enum, boolean>();

/** A key of an object literal. In brackets even `__proto__` is a key like any other. */
function literalKey(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return IDENTIFIER.test(name) ? name : quote(name);
}

/** Expressions and statements that write a value as a payload, behind its tag or as an element. */
import type { Field } from "../../../ir/schema.js";
import type { Doc } from "../code-writer/document.js";
import { call } from "../code-writer/shapes.js";
import { runtimeValue } from "../runtime-symbols.js";
import { globalSymbol } from "../symbol.js";
import type { CodecModule } from "./codec-module.js";
import { slotOf, weighed, type Slot } from "./payload.js";

/** Tags from here on take two bytes or more, and are written before their payload instead of with it. */
const LONG_TAG = 0x80;

/** How many bytes a field may take that is written with its tag and without looking for room; 0 for any other. */
export function simpleFieldBytes(module: CodecModule, field: Field): number {
  const { kind } = module.layout.payload(slotOf(field));
  const isSimple = kind === "number" || kind === "enum" || kind === "text" || kind === "bytes";
  return isSimple && module.layout.tag(field) < LONG_TAG ? 9 : 0;
}

/** As `countPresent` of the reader. */
export function countWritten(module: CodecModule, slot: Slot, place: Doc): Doc[] {
  const weight = module.weights.ofPresent(weighed(slot));
  return weight === 0 ? [] : [statement(call("w.countNodes", String(weight), place))];
}

/** Statements that write a field, or an element where there is no tag. `place` is a string. */
export function writePayload(module: CodecModule, slot: Slot, tag: number | undefined, value: Doc, place: Doc): Doc[] {
  const payload = module.layout.payload(slot);
  const writer = tag === undefined ? "w" : `w.tag(${tag})`;
  switch (payload.kind) {
    case "number":
      return [statement(simple(payload.method, tag, value, place))];
    case "enum":
    case "text":
      return [statement(simple(payload.kind, tag, value, place))];
    case "bytes":
      return [statement(simple("bytes", tag, value, place))];
    case "struct":
    case "structList":
      return [statement(writeBody(module, slot, `${writer}.beginBlock()`, value, place)), "w.endBlock();"];
    default:
      return [statement(writeBody(module, slot, writer, value, place))];
  }
}

/** What the writer has a method for, with its tag and without. */
function simple(method: string, tag: number | undefined, value: Doc, place: Doc): Doc {
  if (tag !== undefined && tag < LONG_TAG) return call(`w.${method}Field`, String(tag), value, place);
  const writer = tag === undefined ? "w" : `w.tag(${tag})`;
  return call(`${writer}.${method === "bytes" ? "byteString" : method}`, value, place);
}

/** An expression that writes what is behind a tag, less the lengths before a struct or structs that are not flat. */
export function writeBody(module: CodecModule, slot: Slot, writer: string, value: Doc, place: Doc): Doc {
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "number":
      return call(`${writer}.${payload.method}`, value, place);
    case "enum":
    case "text":
      return call(`${writer}.${payload.kind}`, value, place);
    case "bytes":
      return call(`${writer}.byteString`, value, place);
    case "flat":
      return call(`w.${payload.method}At`, `${writer}.flat(${payload.width})`, value, place);
    case "flatStruct":
      return call(module.part("put", payload.name), "w", `${writer}.flat(${payload.width})`, value);
    case "message":
    case "union":
    case "struct":
      return call(module.part("write", payload.name), writer, value);
    case "typedArray":
      return call(runtimeValue("writeTypedArray"), writer, value, globalSymbol(payload.constructor), place);
    case "structList":
    case "flatList":
    case "list":
    case "map":
      return call(module.collections.writer(slot), writer, value, place);
  }
}

/** An expression that writes a flat value at an offset that was reserved. */
export function putFlat(module: CodecModule, slot: Slot, at: Doc, value: Doc, place: Doc): Doc {
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "number":
    case "flat":
      return call(`w.${payload.method}At`, at, value, place);
    case "enum":
      return call("w.enumAt", at, value, place);
    case "flatStruct":
      return call(module.part("put", payload.name), "w", at, value);
    default:
      throw new Error(`a ${payload.kind} is not flat`);
  }
}

export function statement(expression: Doc): Doc {
  return [expression, ";"];
}

/** Statements that write a value as a payload, behind its tag or as an element. */
import type { Doc } from "../code-writer/document.js";
import { call } from "../code-writer/shapes.js";
import { runtimeValue } from "../runtime-symbols.js";
import { globalSymbol } from "../symbol.js";
import type { CodecModule } from "./codec-module.js";
import type { Slot } from "./payload.js";

/** `writer` is an expression, such as `w.tag(11)`; `value` one that may be repeated; `place` a string. */
export function writePayload(module: CodecModule, slot: Slot, writer: string, value: Doc, place: Doc): Doc[] {
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "number":
      return [statement(`${writer}.${payload.method}`, value, place)];
    case "enum":
    case "text":
      return [statement(`${writer}.${payload.kind}`, value, place)];
    case "bytes":
      return [statement(`${writer}.byteString`, value, place)];
    case "flat":
      return [statement(`w.${payload.method}At`, `${writer}.flat(${payload.width})`, value, place)];
    case "flatStruct":
      return [statement(module.part("put", payload.name), "w", `${writer}.flat(${payload.width})`, value)];
    case "message":
    case "union":
      return [statement(module.part("write", payload.name), writer, value)];
    case "typedArray":
      return [statement(runtimeValue("writeTypedArray"), writer, value, globalSymbol(payload.constructor), place)];
    case "struct":
    case "structList":
      return [...writeBody(module, slot, `${writer}.beginBlock()`, value, place), "w.endBlock();"];
    case "flatList":
    case "list":
    case "map":
      return writeBody(module, slot, writer, value, place);
  }
}

/** As `writePayload`, but without the lengths that stand before a struct, or a list of structs, that is not flat. */
export function writeBody(module: CodecModule, slot: Slot, writer: string, value: Doc, place: Doc): Doc[] {
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "struct":
      return [statement(module.part("write", payload.name), writer, value)];
    case "structList":
    case "flatList":
    case "list":
    case "map":
      return [statement(module.collections.writer(slot), writer, value, place)];
    default:
      return writePayload(module, slot, writer, value, place);
  }
}

/** Writes a flat value at an offset that was reserved. */
export function putFlat(module: CodecModule, slot: Slot, at: Doc, value: Doc, place: Doc): Doc {
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "number":
    case "flat":
      return statement(`w.${payload.method}At`, at, value, place);
    case "enum":
      return statement("w.enumAt", at, value, place);
    case "flatStruct":
      return statement(module.part("put", payload.name), "w", at, value);
    default:
      throw new Error(`a ${payload.kind} is not flat`);
  }
}

export function statement(callee: Doc, ...args: Doc[]): Doc {
  return [call(callee, ...args), ";"];
}

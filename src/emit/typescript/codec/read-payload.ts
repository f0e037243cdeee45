/** Expressions and statements that read a payload. */
import type { Doc } from "../code-writer/document.js";
import { call } from "../code-writer/shapes.js";
import { runtimeValue } from "../runtime-symbols.js";
import { globalSymbol } from "../symbol.js";
import { assign } from "./assign.js";
import type { CodecModule } from "./codec-module.js";
import { weighed, type Slot } from "./payload.js";

/** What becomes of a value that is read: `list.push(x);` or `name = x;`. */
export type Sink = (value: Doc) => Doc;

export function assignTo(target: string): Sink {
  return (value) => assign(target, value);
}

/** Counts what an optional field that is there, or a member, buys beside what it counts itself. */
export function countPresent(module: CodecModule, slot: Slot): Doc[] {
  const weight = module.weights.ofPresent(weighed(slot));
  return weight === 0 ? [] : [`r.countNodes(${weight});`];
}

/** Statements that read a payload as an element, or as a field that may hold its zero. */
export function readPayload(module: CodecModule, slot: Slot, sink: Sink): Doc[] {
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "flat":
    case "flatStruct":
      return [sink(getFlat(module, slot, `r.flat(${payload.width})`))];
    case "struct":
    case "structList":
      return ["r.openBlock();", sink(readBody(module, slot)), "r.closeBlock();"];
    default:
      return [sink(readBody(module, slot))];
  }
}

/** Statements that read a field that is not optional, and so not there when it holds its zero. */
export function readImplicitField(module: CodecModule, slot: Slot, sink: Sink): Doc[] {
  const payload = module.layout.payload(slot);
  const checked = (check: string, value: Doc): Doc[] => [sink(call(`r.${check}`, value))];
  switch (payload.kind) {
    case "number":
      return [sink(`r.${payload.method}Field()`)];
    case "enum":
      return [sink(["r.i32Field() as ", module.names.type(payload.name)])];
    case "text":
      return [sink("r.textField()")];
    case "bytes":
      return [sink("r.bytesField()")];
    case "typedArray":
    case "flatList":
    case "list":
      return checked("nonEmpty", readBody(module, slot));
    case "map":
      return checked("nonEmptyMap", readBody(module, slot));
    case "flat":
    case "flatStruct":
      return [sink(getFlat(module, slot, `r.flatField(${payload.width})`))];
    case "message":
      return ["r.refuseEmptyMessage();", sink(readBody(module, slot))];
    case "union":
      return [sink(readBody(module, slot))];
    case "struct":
      return ["r.openBlock();", sink(readBody(module, slot)), "r.closeBlockField();"];
    case "structList":
      return ["r.openBlock();", sink(call("r.nonEmpty", readBody(module, slot))), "r.closeBlock();"];
  }
}

/** The value of a payload that is one expression, or of what stands within a block. */
export function readBody(module: CodecModule, slot: Slot): Doc {
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "number":
      return `r.${payload.method}()`;
    case "enum":
      return ["r.i32() as ", module.names.type(payload.name)];
    case "text":
      return "r.text()";
    case "bytes":
      return "r.byteString()";
    case "flat":
    case "flatStruct":
      return getFlat(module, slot, `r.flat(${payload.width})`);
    case "message":
    case "union":
    case "struct":
      return call(module.part("read", payload.name), "r");
    case "typedArray":
      return call(runtimeValue("readTypedArray"), "r", globalSymbol(payload.constructor));
    case "flatList":
    case "structList":
    case "list":
    case "map":
      return call(module.collections.reader(slot), "r");
  }
}

/** The flat value at an offset that `take` gave. */
export function getFlat(module: CodecModule, slot: Slot, at: Doc): Doc {
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "number":
    case "flat":
      return call(`r.${payload.method}At`, at);
    case "enum":
      return [call("r.i32At", at), " as ", module.names.type(payload.name)];
    case "flatStruct":
      return call(module.part("get", payload.name), "r", at);
    default:
      throw new Error(`a ${payload.kind} is not flat`);
  }
}

/** Prints the functions of a module that write and read its lists and maps. */
import { namesIn } from "../../../ir/names-in.js";
import type { Doc } from "../code-writer/document.js";
import { annotated, block, call, generic, signature } from "../code-writer/shapes.js";
import { runtimeType } from "../runtime-symbols.js";
import { globalSymbol } from "../symbol.js";
import { typeExpression, type Form } from "../type-expression.js";
import { assign } from "./assign.js";
import type { CodecModule } from "./codec-module.js";
import { partName } from "./part-name.js";
import { weighed, type Payload, type Slot } from "./payload.js";
import { assignTo, getFlat, readPayload } from "./read-payload.js";
import { putFlat, statement, writeBody, writePayload } from "./write-payload.js";

type FlatList = Extract<Payload, { kind: "flatList" }>;

export class CollectionPrinter {
  readonly #module: CodecModule;

  constructor(module: CodecModule) {
    this.#module = module;
  }

  /** Prints what was asked for, and what that asks for in turn. */
  print(): void {
    const printed = new Set<string>();
    // A map is walked in order of insertion, so that what is added on the way is printed too.
    for (let before = -1; before !== printed.size;) {
      before = printed.size;
      for (const collection of this.#module.collections.asked) {
        const { slot } = collection;
        const write = partName("write", collection.name);
        const read = partName("read", collection.name);
        if (collection.writes && !printed.has(write)) {
          printed.add(write);
          this.#unit(write, slot, (payload) => this.#writer(payload, write));
        }
        if (collection.reads && !printed.has(read)) {
          printed.add(read);
          this.#unit(read, slot, (payload) => this.#reader(slot, payload, read));
        }
      }
    }
  }

  /** Another field that uses the same function may spell its type in another way, so what the slot says is a part of the name. */
  #unit(name: string, slot: Slot, print: (payload: Payload) => Doc): void {
    const { file, layout } = this.#module;
    const { int64, nanos, typedArray } = slot.appearance;
    file.unit(`${name} ${JSON.stringify([slot.type, int64, nanos, typedArray])}`, namesIn(slot.type), () => {
      file.reserve(name);
      file.section(print(layout.payload(slot)));
    });
  }

  #type(slot: Slot, form: Form): Doc {
    return typeExpression(this.#module.names, slot.type, form, slot.appearance);
  }

  #mapType(name: "Map" | "ReadonlyMap", { key, value }: Extract<Payload, { kind: "map" }>, form: Form): Doc {
    return generic(globalSymbol(name), this.#type(key, form), this.#type(value, form));
  }

  #writer(payload: Payload, name: string): Doc {
    const collection =
      payload.kind === "map"
        ? ["map: ", this.#mapType("ReadonlyMap", payload, "init")]
        : ["list: readonly ", this.#type(elementOf(payload), "init"), "[]"];
    const parameters = [["w: ", runtimeType("Writer")], collection, "place: string"];
    return block(signature(`function ${name}`, parameters, ["void"]), ...this.#writing(payload));
  }

  #writing(payload: Payload): Doc[] {
    const module = this.#module;
    switch (payload.kind) {
      case "flatList":
        return [
          `let at = w.flatList(list, ${payload.width}, place);`,
          ...this.#counted(payload, "list.length", (nodes) => `w.countNodes(${nodes}, place);`),
          block(
            overIndex("list"),
            "const item = list[i]!;",
            statement(putFlat(module, payload.element, "at", "item", "place")),
            `at += ${payload.width};`,
          ),
        ];
      case "structList":
        return [
          "w.structList(list, place);",
          block(
            overIndex("list"),
            "const item = list[i]!;",
            statement(writeBody(module, payload.element, "w", "item", "place")),
          ),
        ];
      case "list":
        return [
          statement(call("w.list", "list", String(module.layout.wireType(payload.element)), "place", ...weight(module, payload.element))),
          block(
            overIndex("list"),
            "const item = list[i]!;",
            ...writePayload(module, payload.element, undefined, "item", "place"),
          ),
        ];
      case "map": {
        const types = module.layout.wireType(payload.key) * 16 + module.layout.wireType(payload.value);
        const keyType = module.layout.payload(payload.key);
        const keys = call("w.map", "map", String(types), `"${typeOfKey(keyType)}"`, "place", ...weight(module, payload.value));
        return [
          assign("const keys", keys),
          block(
            overIndex("keys"),
            "const key = keys[i]!;",
            "const value = map.get(key)!;",
            ...writePayload(module, payload.key, undefined, "key", "place"),
            ...writePayload(module, payload.value, undefined, "value", "place"),
          ),
        ];
      }
      default:
        throw new Error(`a ${payload.kind} is not a collection`);
    }
  }

  /** Counts the elements of a list of flat structs, where their bytes are few beside what they buy. */
  #counted({ element }: FlatList, count: string, statement: (nodes: string) => string): Doc[] {
    const weight = this.#module.weights.ofFlatStruct(element.type);
    if (weight === 0) return [];
    if (weight === 1) return [statement(count)];
    return [statement(`${weight} * ${count.includes("/") ? `(${count})` : count}`)];
  }

  #reader(slot: Slot, payload: Payload, name: string): Doc {
    const head = signature(`function ${name}`, [["r: ", runtimeType("Reader")]], [this.#type(slot, "decoded")]);
    return block(head, ...this.#reading(payload));
  }

  #reading(payload: Payload): Doc[] {
    const module = this.#module;
    const listOf = (element: Slot, length: string): Doc =>
      assign("const list", call(["new ", generic(globalSymbol("Array"), this.#type(element, "decoded"))], length));
    switch (payload.kind) {
      case "flatList": {
        const { element, width } = payload;
        return [
          `const length = r.flatListLength(${width});`,
          "const start = r.take(length);",
          ...this.#counted(payload, width === 1 ? "length" : `length / ${width}`, (nodes) => `r.countNodes(${nodes});`),
          listOf(element, `length / ${width}`),
          block(
            overIndex("list"),
            assign("list[i]", getFlat(module, element, width === 1 ? "start + i" : `start + ${width} * i`)),
          ),
          "return list;",
        ];
      }
      case "structList":
        return [
          "const length = r.structList();",
          listOf(payload.element, "length"),
          block(overIndex("list"), assign("list[i]", call(module.part("read", payload.struct), "r"))),
          "return list;",
        ];
      case "list":
        return [
          assign("const length", call("r.list", String(module.layout.wireType(payload.element)), ...weight(module, payload.element))),
          listOf(payload.element, "length"),
          block(overIndex("list"), ...readPayload(module, payload.element, assignTo("list[i]"))),
          "return list;",
        ];
      case "map": {
        const types = module.layout.wireType(payload.key) * 16 + module.layout.wireType(payload.value);
        return [
          assign("const map", ["new ", this.#mapType("Map", payload, "decoded"), "()"]),
          [annotated("let previous", this.#type(payload.key, "decoded"), "undefined"), ";"],
          block(
            ["for (let left = ", call("r.map", String(types), ...weight(module, payload.value)), "; left > 0; left--)"],
            ...readPayload(module, payload.key, (value) => assign("const key", value)),
            "r.ascending(previous === undefined || previous < key);",
            "previous = key;",
            ...readPayload(module, payload.value, (value) => statement(call("map.set", "key", value))),
          ),
          "return map;",
        ];
      }
      default:
        throw new Error(`a ${payload.kind} is not a collection`);
    }
  }
}

/** The head of a loop by index: V8 calls a list's iterator where too much is inlined already. */
function overIndex(list: string): string {
  return `for (let i = 0; i < ${list}.length; i++)`;
}

/** What an element counts among the nodes, where that is not 1. */
function weight(module: CodecModule, slot: Slot): Doc[] {
  const count = module.weights.ofElement(weighed(slot));
  return count === 1 ? [] : [String(count)];
}

function elementOf(payload: Payload): Slot {
  if (!("element" in payload)) throw new Error(`a ${payload.kind} has no elements`);
  return payload.element;
}

function typeOfKey(payload: Payload): string {
  switch (payload.kind) {
    case "text":
      return "string";
    case "number":
      return { "0": "number", "0n": "bigint", false: "boolean", '""': "string" }[payload.zero];
    default:
      return "number";
  }
}

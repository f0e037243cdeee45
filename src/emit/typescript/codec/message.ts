/** Prints how the fields of a message are written and read: messages, errors, parameter lists. */
import type { Field } from "../../../ir/schema.js";
import { group, indent, line, softline, type Doc } from "../code-writer/document.js";
import { quote } from "../code-writer/literal.js";
import { annotated, block, call, condition, propertyOfOperator, pure, signature } from "../code-writer/shapes.js";
import { memberName } from "../names.js";
import { runtimeType, runtimeValue } from "../runtime-symbols.js";
import { globalSymbol } from "../symbol.js";
import { typeExpression } from "../type-expression.js";
import { valueExpression } from "../value-expression.js";
import { assign } from "./assign.js";
import type { CodecModule } from "./codec-module.js";
import { compactObject } from "./compact-object.js";
import { localNames } from "./local-names.js";
import { partName } from "./part-name.js";
import { slotOf, type Payload } from "./payload.js";
import { assignTo, countPresent, readImplicitField, readPayload } from "./read-payload.js";
import { countWritten, simpleFieldBytes, statement, writeBody, writePayload } from "./write-payload.js";

/** The bytes that the writer keeps free for fields written without looking, as `ROOM` in runtime/wire/flat-writer.ts. */
const ROOM = 256;

/** The tags of fields up to number 15 take one byte. */
const LAST_SHORT_TAG = 127;

/** What has numbered fields. */
export interface FieldedShape {
  /** What its functions are called after. */
  readonly base: string;
  /** Before the name of a field, where an error says which. */
  readonly place: string;
  /** The full name on the wire, which unknown fields are kept under. */
  readonly wireName: string;
  readonly fields: readonly Field[];
  /** Its types as they are written and as they are read. */
  readonly init: Doc;
  readonly decoded: Doc;
}

export function printMessage(module: CodecModule, shape: FieldedShape): void {
  const fields = shape.fields.toSorted((a, b) => a.number - b.number);
  for (const constant of presenceConstants(module, shape, fields)) module.file.section(constant);
  module.file.section(writer(module, shape, fields));
  module.file.section(reader(module, shape, fields));
}

function writer(module: CodecModule, shape: FieldedShape, fields: readonly Field[]): Doc {
  const locals = localNames(fields.map(memberName));
  const localOf = (field: Field): string => locals.get(memberName(field)) as string;
  const isLeaf = fields.every((field) => module.layout.isLeaf(slotOf(field)));
  const takesBack = fields.some((field) => isTakenBack(module, field));
  const presences = presencesOf(shape.base, fields);
  const listed = presences.flatMap(({ fields: optional }) => optional);
  const asked = fields.filter((field) => !listed.includes(field));
  return block(
    signature(
      `function ${partName("write", shape.base)}`,
      [
        ["w: ", runtimeType("Writer")],
        ["v: ", shape.init],
      ],
      ["void"],
    ),
    statement(call(isLeaf ? "w.enterLeaf" : "w.enter", "v", quote(shape.wireName), String(module.weights.ofRecord(fields)))),
    assign("const unknown", call("w.keep", unknownFieldsOf("v"), quote(shape.wireName))),
    // Each property is asked for once, for that is dear where objects of many shapes come by.
    ...asked.map((field) => assign(`const ${localOf(field)}`, `v.${memberName(field)}`)),
    ...presences.map(({ mask, bits }) => assign(`const ${mask}`, call(runtimeValue("presence"), "v", bits))),
    ...(takesBack ? ["let start: number;"] : []),
    ...withRoom(
      fields.map((field) => ({
        bytes: simpleFieldBytes(module, field),
        statements: writeField(module, shape, field, localOf(field), presences),
      })),
    ),
    `w.${isLeaf ? "leaveLeaf" : "leave"}(unknown);`,
  );
}

/** What a decoder kept, under a key that no type shows. */
function unknownFieldsOf(value: string): Doc {
  return ["(", value, " as ", runtimeType("Carrier"), ")[", runtimeValue("UNKNOWN_FIELDS"), "]"];
}

/** Asks for room before fields that are written without looking could use it up. */
function withRoom(fields: readonly { readonly bytes: number; readonly statements: Doc[] }[]): Doc[] {
  let left = ROOM;
  return fields.flatMap(({ bytes, statements }) => {
    left -= bytes;
    if (left >= 0) return statements;
    left = ROOM - bytes;
    return ["w.room();", ...statements];
  });
}

/** From so many optional fields on it is dearer to ask for each than to look which there are. */
const MANY = 12;
/** As `MASK_BITS` in runtime/wire/presence.ts. */
const MASK_BITS = 30;

/** A variable that says which of some optional fields are there, and the constant that names them. */
interface Presence {
  readonly mask: string;
  readonly bits: string;
  readonly fields: readonly Field[];
}

function presencesOf(base: string, fields: readonly Field[]): Presence[] {
  const optional = fields.filter((field) => field.optional);
  if (optional.length < MANY) return [];
  const count = Math.ceil(optional.length / MASK_BITS);
  return Array.from({ length: count }, (_, index) => ({
    mask: `has${index || ""}`,
    bits: `has${base}${index || ""}`,
    fields: optional.slice(index * MASK_BITS, (index + 1) * MASK_BITS),
  }));
}

/** The constants by which a writer looks which optional fields there are. */
function presenceConstants(module: CodecModule, shape: FieldedShape, fields: readonly Field[]): Doc[] {
  return presencesOf(shape.base, fields).map(({ bits, fields: optional }) => {
    module.file.reserve(bits);
    const names = optional.map((field) => quote(memberName(field)));
    return [assign(`const ${bits}`, pure(call(runtimeValue("fieldBits"), ...names)))];
  });
}

function writeField(
  module: CodecModule,
  shape: FieldedShape,
  field: Field,
  local: string,
  presences: readonly Presence[],
): Doc[] {
  const presence = presences.find(({ fields }) => fields.includes(field));
  const value = presence === undefined ? local : `v.${memberName(field)}`;
  const slot = slotOf(field);
  const place = quote(`${shape.place}.${memberName(field)}`);
  const tag = module.layout.tag(field);
  const write = (of: Doc): Doc[] => writePayload(module, slot, tag, of, place);
  const writePresent = (of: Doc): Doc[] => [...countWritten(module, slot, place), ...write(of)];
  if (presence !== undefined) {
    const bit = `${presence.mask} & ${2 ** presence.fields.indexOf(field)}`;
    return [guarded(test([bit, " &&", line, `${value} !== undefined`]), writePresent(value))];
  }
  if (field.optional) return [guarded(condition(value, "!==", "undefined"), writePresent(value))];
  if (field.default !== undefined) {
    const fallback = valueExpression(module.names, field.default, field.type, field);
    return write(orElse(value, fallback));
  }
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "union":
      return write(value);
    case "bytes":
      return [guarded(test(call("w.hasBytes", value, place)), write(value))];
    case "number":
      if (payload.method === "f32") return [guarded(test(call("w.isNonZeroF32", value, place)), write(value))];
      if (payload.method === "f64") return [guarded(test(["!", call("Object.is", value, "0")]), write(value))];
      return [guarded(condition(value, "!==", payload.zero), write(value))];
    case "enum":
      return [guarded(condition(value, "!==", "0"), write(value))];
    case "text":
      return [guarded(condition(value, "!==", '""'), write(value))];
    case "list":
    case "flatList":
    case "structList":
      return [guarded(test(call("w.hasItems", value, place)), write(value))];
    case "map":
      return [guarded(test(call("w.hasEntries", value, place)), write(value))];
    case "typedArray":
      return [
        guarded(test(call(runtimeValue("hasElements"), value, globalSymbol(payload.constructor), place)), write(value)),
      ];
    default:
      return [
        assign("start", payload.kind === "message" || payload.kind === "struct" ? "w.attempt()" : "w.offset()"),
        statement(
          writeBody(
            module,
            slot,
            payload.kind === "struct" ? `w.tag(${tag}).beginBlock()` : `w.tag(${tag})`,
            value,
            place,
          ),
        ),
        statement(takeBack(payload, "start", tag, module.weights.ofZero(field), place)),
      ];
  }
}

/** Whether it takes writing a field to see that it holds its zero. */
function isTakenBack(module: CodecModule, field: Field): boolean {
  if (field.optional || field.default !== undefined) return false;
  const { kind } = module.layout.payload(slotOf(field));
  return kind === "flat" || kind === "flatStruct" || kind === "message" || kind === "struct";
}

/** Takes a field back that turned out to hold its zero. */
function takeBack(payload: Payload, start: string, tag: number, weight: number, place: Doc): Doc {
  switch (payload.kind) {
    case "flat":
    case "flatStruct":
      return call("w.omitZero", start, String(payload.width));
    case "message":
      return call("w.omitEmpty", start, String(tag), String(weight), place);
    case "struct":
      return call("w.endBlockOrOmit", start, place);
    default:
      throw new Error(`a ${payload.kind} is known to be zero before it is written`);
  }
}

/** `value ?? fallback` as an argument. */
export function orElse(value: Doc, fallback: Doc): Doc {
  return group(value, " ??", indent(line, fallback));
}

/** `if (test)`, to stand before a statement. */
function test(expression: Doc): Doc {
  return group("if (", indent(softline, expression), softline, ")");
}

/** On one line where it fits, as prettier does it. */
export function guarded(head: Doc, statements: readonly Doc[]): Doc {
  const [only] = statements;
  return statements.length === 1 && only !== undefined ? group(head, indent(line, only)) : block(head, ...statements);
}

function reader(module: CodecModule, shape: FieldedShape, fields: readonly Field[]): Doc {
  const locals = localNames(fields.map(memberName));
  const localOf = (field: Field): string => locals.get(memberName(field)) as string;
  const isLeaf = fields.every((field) => module.layout.isLeaf(slotOf(field)));
  const lastTag = Math.max(0, ...fields.map((field) => module.layout.tag(field)));
  const isShort = lastTag <= LAST_SHORT_TAG;
  const nextTag = isShort ? "r.shortTag()" : "r.varint()";
  const unknown = call(`r.${isLeaf ? "unknownOfLeaf" : "unknown"}`, "tag", "previous", "unknown", quote(numberRanges(fields)));
  return block(
    signature(`function ${partName("read", shape.base)}`, [["r: ", runtimeType("Reader")]], [shape.decoded]),
    statement(call(isLeaf ? "r.enterLeaf" : "r.enter", String(module.weights.ofRecord(fields)))),
    ...fields.map((field) => declaration(module, field, localOf(field))),
    ["let unknown: ", runtimeType("UnknownRuns"), " | undefined;"],
    "let previous = 0;",
    `let tag = ${nextTag};`,
    block(
      "for (;;)",
      ...fields.map((field) => {
        const tag = module.layout.tag(field);
        const sink = assignTo(localOf(field));
        const isImplicit = !field.optional && field.default === undefined;
        const read = isImplicit ? readImplicitField : readPayload;
        const count = field.optional ? countPresent(module, slotOf(field)) : [];
        return block(`if (tag === ${tag})`, ...count, ...read(module, slotOf(field), sink), `previous = ${tag};`, `tag = ${nextTag};`);
      }),
      "if (tag === 0) break;",
      ...(isShort ? ["tag = r.wholeTag(tag);"] : []),
      [
        block("do", assign("unknown", unknown), "previous = tag;", "tag = r.tag(tag);"),
        ` while (tag > ${lastTag});`,
      ],
    ),
    ...(isLeaf ? [] : ["r.leave();"]),
    ...result(module, shape, localOf),
    guarded(condition("unknown", "!==", "undefined"), [
      statement(call("r.keepUnknown", "value", "unknown", quote(shape.wireName))),
    ]),
    "return value;",
  );
}

/** The numbers of fields as ranges, such as "1-7, 9". */
export function numberRanges(fields: readonly Field[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const number of fields.map((field) => field.number).sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.to === number - 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
}

/** A variable that holds the zero of its type where that costs nothing to make. */
function declaration(module: CodecModule, field: Field, local: string): Doc {
  const payload = module.layout.payload(slotOf(field));
  const type = typeExpression(module.names, field.type, "decoded", field);
  if (!field.optional) {
    if (payload.kind === "text") return assign(`let ${local}`, '""');
    if (payload.kind === "number") return assign(`let ${local}`, payload.zero);
    if (payload.kind === "enum") return [annotated(`let ${local}`, type), " = 0;"];
  }
  return [annotated(`let ${local}`, type, "undefined"), ";"];
}

/** The object: what is always there in one literal, so that it has one shape, then what may be absent. */
function result(module: CodecModule, shape: FieldedShape, localOf: (field: Field) => string): Doc[] {
  const required = shape.fields.filter((field) => !field.optional);
  const missing = required.filter((field) => module.zeros.expression(slotOf(field)) === undefined);
  const entry = (field: Field): Doc => {
    const key = memberName(field);
    const local = localOf(field);
    const payload = module.layout.payload(slotOf(field));
    const isReady =
      payload.kind === "text" || payload.kind === "number" || payload.kind === "enum" || missing.includes(field);
    if (isReady) return key === local ? key : `${key}: ${local}`;
    return propertyOfOperator(key, group(`${local} ??`, line, module.zeros.expression(slotOf(field)) as Doc));
  };
  return [
    ...missing.map((field) => {
      const fail = statement(call("r.fail", quote(`${shape.place}.${memberName(field)} is missing`)));
      return guarded(condition(localOf(field), "===", "undefined"), [fail]);
    }),
    assign(annotated("const value", shape.decoded), compactObject(...required.map(entry))),
    ...shape.fields
      .filter((field) => field.optional)
      .map((field) => {
        const keep = assign(`value.${memberName(field)}`, localOf(field));
        return guarded(condition(localOf(field), "!==", "undefined"), [keep]);
      }),
  ];
}

/** Prints how a struct is written and read: at fixed offsets where it is flat, in order where it is not. */
import type { Field, Struct } from "../../../ir/schema.js";
import { group, indent, line, type Doc } from "../code-writer/document.js";
import { quote } from "../code-writer/literal.js";
import { annotated, block, call, condition, signature } from "../code-writer/shapes.js";
import { declaredName, memberName } from "../names.js";
import { runtimeType } from "../runtime-symbols.js";
import { typeExpression } from "../type-expression.js";
import { valueExpression } from "../value-expression.js";
import { assign, entry } from "./assign.js";
import type { CodecModule } from "./codec-module.js";
import { compactObject } from "./compact-object.js";
import { localNames } from "./local-names.js";
import { guarded, orElse } from "./message.js";
import { partName } from "./part-name.js";
import { slotOf } from "./payload.js";
import { assignTo, countPresent, getFlat, readBody, readPayload, type Sink } from "./read-payload.js";
import { countWritten, putFlat, statement, writeBody, writePayload } from "./write-payload.js";

export function printStruct(module: CodecModule, struct: Struct): void {
  const isFlat = module.layout.flatWidth({ kind: "named", name: struct.fullName }) !== undefined;
  module.file.section(isFlat ? put(module, struct) : writer(module, struct));
  module.file.section(isFlat ? get(module, struct) : reader(module, struct));
}

/** `at`, or `at + 8`. */
function offset(base: string, bytes: number): string {
  return bytes === 0 ? base : `${base} + ${bytes}`;
}

/** A field's value as it is written; a field with a default may have been left out. */
function given(module: CodecModule, field: Field): Doc {
  const value = `v.${memberName(field)}`;
  if (field.default === undefined) return value;
  return orElse(value, valueExpression(module.names, field.default, field.type, field));
}

function widthOf(module: CodecModule, field: Field): number | undefined {
  return field.optional ? undefined : module.layout.flatWidth(field.type);
}

function put(module: CodecModule, struct: Struct): Doc {
  const base = declaredName(struct);
  const parameters = [["w: ", runtimeType("Writer")], "at: number", ["v: ", module.names.init(struct.fullName)]];
  let at = 0;
  const fields = struct.fields.map((field) => {
    const written = putFlat(
      module,
      slotOf(field),
      offset("at", at),
      given(module, field),
      quote(`${base}.${memberName(field)}`),
    );
    at += widthOf(module, field) ?? 0;
    return statement(written);
  });
  return block(
    signature(`function ${partName("put", base)}`, parameters, ["void"]),
    statement(call("w.object", "v", quote(struct.wireName))),
    ...(fields.length === 0 ? ["w.emptyAt(at);"] : fields),
  );
}

function get(module: CodecModule, struct: Struct): Doc {
  const base = declaredName(struct);
  let at = 0;
  const entries = struct.fields.map((field) => {
    const value = getFlat(module, slotOf(field), offset("at", at));
    at += widthOf(module, field) ?? 0;
    return entry(memberName(field), value);
  });
  return block(
    signature(
      `function ${partName("get", base)}`,
      [["r: ", runtimeType("Reader")], "at: number"],
      [module.names.type(struct.fullName)],
    ),
    ...(entries.length === 0 ? ["r.emptyAt(at);"] : []),
    ["return ", compactObject(...entries), ";"],
  );
}

/** Fields in order; those that are flat and stand side by side are written and read as one. */
type Run =
  | {
      readonly kind: "flat";
      readonly fields: readonly { readonly field: Field; readonly offset: number }[];
      readonly width: number;
    }
  | { readonly kind: "single"; readonly field: Field };

function runsOf(module: CodecModule, fields: readonly Field[]): Run[] {
  const runs: Run[] = [];
  for (const field of fields) {
    const width = widthOf(module, field);
    const last = runs.at(-1);
    if (width === undefined) {
      runs.push({ kind: "single", field });
    } else if (last?.kind === "flat") {
      runs[runs.length - 1] = {
        kind: "flat",
        fields: [...last.fields, { field, offset: last.width }],
        width: last.width + width,
      };
    } else {
      runs.push({ kind: "flat", fields: [{ field, offset: 0 }], width });
    }
  }
  return runs;
}

function writer(module: CodecModule, struct: Struct): Doc {
  const base = declaredName(struct);
  const place = (field: Field): string => quote(`${base}.${memberName(field)}`);
  let runs = 0;
  const body = runsOf(module, struct.fields).flatMap((run): Doc[] => {
    if (run.kind === "single") return writeSingle(module, run.field, place(run.field));
    const at = runs++ === 0 ? "at" : `at${runs}`;
    return [
      `const ${at} = w.take(${run.width});`,
      ...run.fields.map((each) =>
        statement(
          putFlat(module, slotOf(each.field), offset(at, each.offset), given(module, each.field), place(each.field)),
        ),
      ),
    ];
  });
  return block(
    signature(
      `function ${partName("write", base)}`,
      [
        ["w: ", runtimeType("Writer")],
        ["v: ", module.names.init(struct.fullName)],
      ],
      ["void"],
    ),
    statement(call("w.enter", "v", quote(struct.wireName), String(module.weights.ofRecord(struct.fields)))),
    ...body,
    "w.close();",
  );
}

/** An inner struct stands there by itself; an optional field behind a byte that says whether it is there. */
function writeSingle(module: CodecModule, field: Field, place: Doc): Doc[] {
  const slot = slotOf(field);
  const value = `v.${memberName(field)}`;
  if (!field.optional) return writeInStruct(module, field, given(module, field), place);
  const isFlat = module.layout.flatWidth(field.type) !== undefined;
  const write = isFlat
    ? [statement(putFlat(module, slot, `w.take(${module.layout.flatWidth(field.type)})`, value, place))]
    : writeInStruct(module, field, value, place);
  return [
    statement(call("w.bool", group(value, " !==", indent(line, "undefined")), place)),
    guarded(condition(value, "!==", "undefined"), [...countWritten(module, slot, place), ...write]),
  ];
}

function writeInStruct(module: CodecModule, field: Field, value: Doc, place: Doc): Doc[] {
  const slot = slotOf(field);
  const isStruct = module.layout.payload(slot).kind === "struct";
  return isStruct
    ? [statement(writeBody(module, slot, "w", value, place))]
    : writePayload(module, slot, undefined, value, place);
}

function reader(module: CodecModule, struct: Struct): Doc {
  const base = declaredName(struct);
  const type = module.names.type(struct.fullName);
  const locals = localNames(struct.fields.map(memberName));
  const localOf = (field: Field): string => locals.get(memberName(field)) as string;
  let runs = 0;
  const body = runsOf(module, struct.fields).flatMap((run): Doc[] => {
    if (run.kind === "single") return readSingle(module, run.field, localOf(run.field));
    const at = runs++ === 0 ? "at" : `at${runs}`;
    return [
      `const ${at} = r.take(${run.width});`,
      ...run.fields.map((each) =>
        assign(`const ${localOf(each.field)}`, getFlat(module, slotOf(each.field), offset(at, each.offset))),
      ),
    ];
  });
  const entries = struct.fields
    .filter((field) => !field.optional)
    .map((field) =>
      memberName(field) === localOf(field) ? memberName(field) : `${memberName(field)}: ${localOf(field)}`,
    );
  return block(
    signature(`function ${partName("read", base)}`, [["r: ", runtimeType("Reader")]], [type]),
    statement(call("r.enter", String(module.weights.ofRecord(struct.fields)))),
    ...body,
    "r.leave();",
    assign(annotated("const value", type), compactObject(...entries)),
    ...struct.fields
      .filter((field) => field.optional)
      .map((field) =>
        guarded(condition(localOf(field), "!==", "undefined"), [assign(`value.${memberName(field)}`, localOf(field))]),
      ),
    "return value;",
  );
}

function readSingle(module: CodecModule, field: Field, local: string): Doc[] {
  const slot = slotOf(field);
  const type = typeExpression(module.names, field.type, "decoded", field);
  const width = module.layout.flatWidth(field.type);
  if (!field.optional) {
    const isBlock = module.layout.payload(slot).kind === "structList";
    if (!isBlock) return readInStruct(module, field, assignTo(`const ${local}`));
    return [[annotated(`let ${local}`, type), ";"], ...readInStruct(module, field, assignTo(local))];
  }
  const read =
    width === undefined
      ? readInStruct(module, field, assignTo(local))
      : [assign(local, getFlat(module, slot, `r.take(${width})`))];
  return [[annotated(`let ${local}`, type, "undefined"), ";"], guarded("if (r.bool())", [...countPresent(module, slot), ...read])];
}

function readInStruct(module: CodecModule, field: Field, sink: Sink): Doc[] {
  const slot = slotOf(field);
  const isStruct = module.layout.payload(slot).kind === "struct";
  return isStruct ? [sink(readBody(module, slot))] : readPayload(module, slot, sink);
}

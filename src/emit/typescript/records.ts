/** What has fields, as interfaces: messages, structs, parameter lists, as they are read and as they may be written. */
import type { Field } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { annotated, assignment, block } from "./code-writer/shapes.js";
import { docComment } from "./doc-comment.js";
import type { GeneratedFile } from "./generated-file.js";
import { inputOfFieldsDiffers, mayBeLeftOut } from "./input-forms.js";
import { derivedNames, memberName, type Names } from "./names.js";
import { typeExpression, unitNote, type Form } from "./type-expression.js";
import { valueText } from "./value-expression.js";

export interface RecordShape {
  /** What the interface is called, and its input form after it. */
  readonly base: string;
  readonly doc?: string;
  readonly deprecated?: string;
  readonly fields: readonly Field[];
}

/** Prints both interfaces; the second is an alias of the first where they are the same. */
export function printRecord(file: GeneratedFile, names: Names, record: RecordShape): void {
  file.reserve(record.base);
  const members = record.fields.flatMap((field) => [
    ...docComment(field, unitNote(names, field.type, field)),
    fieldSignature(names, field, { optional: field.optional, form: "decoded", input: false }),
  ]);
  file.section(...docComment(record), block(`export interface ${record.base}`, ...members));
  if (inputOfFieldsDiffers(names.index, record.fields)) printInput(file, names, record, "init");
  else printSameInput(file, record.base);
}

/** Prints the interface of what a caller may write; the values within have the form `nested`. */
export function printInput(file: GeneratedFile, names: Names, record: RecordShape, nested: Form): void {
  const name = derivedNames.init(record.base);
  file.reserve(name);
  const members = record.fields.flatMap((field) => [
    ...docComment(field, [...unitNote(names, field.type, field), ...defaultNote(field)]),
    fieldSignature(names, field, { optional: mayBeLeftOut(field), form: nested, input: true }),
  ]);
  file.section(`/** ${record.base} as a caller may write it. */`, block(`export interface ${name}`, ...members));
}

function defaultNote(field: Field): readonly string[] {
  return field.default === undefined ? [] : [`Default: ${valueText(field.default)}.`];
}

/** Prints the input form of a type that is written as it is read. */
export function printSameInput(file: GeneratedFile, base: string): void {
  const name = derivedNames.init(base);
  file.reserve(name);
  file.section(`/** ${base} as a caller may write it. */`, [assignment(`export type ${name}`, [base]), ";"]);
}

interface FieldUse {
  readonly optional: boolean;
  readonly form: Form;
  /** An input may also say `undefined` for what it leaves out. */
  readonly input: boolean;
}

function fieldSignature(names: Names, field: Field, use: FieldUse): Doc {
  const type = typeExpression(names, field.type, use.form, field);
  const key = memberName(field);
  if (!use.optional) return [annotated(key, type), ";"];
  return [annotated(`${key}?`, ...(use.input ? [type, "undefined"] : [type])), ";"];
}

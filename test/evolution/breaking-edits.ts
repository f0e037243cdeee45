/** Edits after which one program does not read all data of the other, and how that shows. */
import type { Field, Type } from "../random/model.js";
import { type FieldHolder, hasDefault, type ProgramEditor, scalarOf } from "./program-editor.js";

export interface Break {
  readonly what: string;
  /** The compound or method whose own values show it. */
  readonly holder: string;
  /** What its values say in old and in new programs; absent where only a refusal shows the break. */
  readonly property?: { readonly before: string; readonly after: string };
  readonly reader: "old" | "new";
  /** For some value: a DecodeError; a value that says something else; either. */
  readonly shows: "refused" | "misread" | "either";
}

/** Changes the program; undefined where it has no place for the edit. */
export type BreakingEdit = (editor: ProgramEditor) => Break | undefined;

interface Place {
  readonly holder: FieldHolder;
  readonly field: Field;
}

const evolving = ["message", "error", "parameters"] as const;

function place(
  editor: ProgramEditor,
  kinds: readonly FieldHolder["kind"][],
  fits: (field: Field) => boolean,
): Place | undefined {
  const places = editor.holders(...kinds).flatMap((holder) => holder.fields.map((field) => ({ holder, field })));
  const fitting = places.filter(({ field }) => fits(field));
  return fitting.length === 0 ? undefined : editor.random.pick(fitting);
}

const scalar = (name: string): Type => ({ kind: "scalar", name });
const isVarint = (field: Field): boolean => /^(bool|[iu](8|16|32))$/.test(scalarOf(field) ?? "");
const same = (name: string) => ({ before: name, after: name });

const renumber: BreakingEdit = (editor) => {
  const found = place(
    editor,
    evolving,
    (field) => field.type.kind === "scalar" && !field.annotations.some((text) => text.startsWith("@tsName")),
  );
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setField(holder, { ...field, number: editor.freeNumber(holder) });
  return {
    what: `renumbered ${field.name}`,
    holder: holder.id,
    property: same(field.name),
    reader: "new",
    shows: "misread",
  };
};

const renumberMember: BreakingEdit = (editor) => {
  const found = place(editor, ["union"], () => true);
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setField(holder, { ...field, number: editor.freeNumber(holder) });
  return {
    what: `renumbered the member ${field.name}`,
    holder: holder.id,
    property: same("kind"),
    reader: "new",
    shows: "misread",
  };
};

/** A type of another wire type. */
function otherType(editor: ProgramEditor, field: Field): Type {
  const isEnum = editor.named(field.type)?.kind === "enum" || editor.named(field.type)?.kind === "alias";
  return isVarint(field) || isEnum ? scalar("f64") : scalar("bool");
}

/** Whether a field ever has bytes that another type would refuse. An alias may stand for anything. */
function isOnWire(editor: ProgramEditor, field: Field): boolean {
  const declaration = editor.named(field.type);
  if (declaration?.kind === "alias") return false;
  if (field.optional || (declaration?.kind !== "message" && declaration?.kind !== "struct")) return true;
  return declaration.fields.some((inner) => isOnWire(editor, inner));
}

const retype: BreakingEdit = (editor) => {
  const found = place(editor, [...evolving, "union"], (field) => isOnWire(editor, field));
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setField(holder, { ...field, type: otherType(editor, field), annotations: [] });
  return { what: `changed the type of ${field.name}`, holder: holder.id, reader: "new", shows: "refused" };
};

const reuseNumber: BreakingEdit = (editor) => {
  const found = place(editor, evolving, (field) => isOnWire(editor, field));
  if (found === undefined) return undefined;
  const { holder, field } = found;
  const id = editor.newId();
  const other = { ...field, id, name: `other${id}`, type: otherType(editor, field), annotations: [] };
  editor.setFields(
    holder,
    holder.fields.map((each) => (each.id === field.id ? other : each)),
  );
  return {
    what: `gave the number of ${field.name} to ${other.name}`,
    holder: holder.id,
    reader: "new",
    shows: "refused",
  };
};

const addUnionField: BreakingEdit = (editor) => {
  const unions = editor.holders("union");
  if (unions.length === 0) return undefined;
  const union = editor.random.pick(unions);
  const after = editor.holders(...evolving).filter(({ id }) => editor.positionOf(id) > editor.positionOf(union.id));
  if (after.length === 0) return undefined;
  const holder = editor.random.pick(after);
  const id = editor.newId();
  const type: Type = { kind: "named", id: union.id };
  const field: Field = {
    id,
    name: `added${id}`,
    number: editor.freeNumber(holder),
    type,
    optional: false,
    annotations: [],
  };
  editor.setFields(holder, [...holder.fields, field]);
  return {
    what: `added a union ${field.name} that is not optional`,
    holder: holder.id,
    reader: "new",
    shows: "refused",
  };
};

const removeUnionField: BreakingEdit = (editor) => {
  const found = place(editor, evolving, (field) => !field.optional && editor.named(field.type)?.kind === "union");
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setFields(
    holder,
    holder.fields.filter(({ id }) => id !== field.id),
  );
  return {
    what: `removed the union ${field.name} that is not optional`,
    holder: holder.id,
    reader: "old",
    shows: "refused",
  };
};

const changeStruct: BreakingEdit = (editor) => {
  const structs = editor.holders("struct").filter(({ fields }) => fields.length > 0);
  if (structs.length === 0) return undefined;
  const holder = editor.random.pick(structs);
  const { fields } = holder;
  const result = (what: string, changed: readonly Field[]): Break => {
    editor.setFields(holder, changed);
    return { what: `${what} of a struct`, holder: holder.id, reader: "new", shows: "either" };
  };
  const last = fields.at(-1) as Field;
  switch (editor.random.below(4)) {
    case 0: {
      const id = editor.newId();
      const added: Field = { id, name: `added${id}`, number: 0, type: scalar("u32"), optional: false, annotations: [] };
      return result("added a field", [...fields, added]);
    }
    case 1:
      return fields.length > 1 ? result("removed the last field", fields.slice(0, -1)) : undefined;
    case 2:
      if (last.optional || hasDefault(last)) return undefined;
      return result("made the last field optional", [...fields.slice(0, -1), { ...last, optional: true }]);
    default: {
      const [first, second] = fields;
      if (first === undefined || second === undefined || JSON.stringify(first.type) === JSON.stringify(second.type))
        return undefined;
      return result("swapped two fields", [second, first, ...fields.slice(2)]);
    }
  }
};

const isPlainScalar = (field: Field): boolean => field.type.kind === "scalar" && !hasDefault(field);

const makeRequired: BreakingEdit = (editor) => {
  const found = place(editor, evolving, (field) => field.optional && isPlainScalar(field));
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setField(holder, { ...field, optional: false });
  return { what: `${field.name} is optional no more`, holder: holder.id, reader: "new", shows: "refused" };
};

const makeOptional: BreakingEdit = (editor) => {
  const found = place(editor, evolving, (field) => !field.optional && isPlainScalar(field));
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setField(holder, { ...field, optional: true });
  return { what: `${field.name} became optional`, holder: holder.id, reader: "old", shows: "refused" };
};

const removeDefault: BreakingEdit = (editor) => {
  const found = place(editor, evolving, hasDefault);
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setField(holder, { ...field, annotations: [] });
  return { what: `${field.name} has no default any more`, holder: holder.id, reader: "new", shows: "refused" };
};

const addDefault: BreakingEdit = (editor) => {
  const found = place(editor, evolving, (field) => !field.optional && !hasDefault(field) && scalarOf(field) === "u32");
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setField(holder, { ...field, annotations: [...field.annotations, "@default(7)"] });
  return { what: `${field.name} got a default`, holder: holder.id, reader: "old", shows: "refused" };
};

const WIDER: Readonly<Record<string, string>> = { u8: "u16", u16: "u32", i8: "i16", i16: "i32" };
const NARROWER: Readonly<Record<string, string>> = { u16: "u8", u32: "u16", i16: "i8", i32: "i16" };

/** New programs read what old ones wrote, but not the other way round. */
const widen: BreakingEdit = (editor) => {
  const found = place(editor, evolving, (field) => !hasDefault(field) && WIDER[scalarOf(field) ?? ""] !== undefined);
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setField(holder, { ...field, type: scalar(WIDER[scalarOf(field) ?? ""] ?? "") });
  return { what: `widened ${field.name}`, holder: holder.id, reader: "old", shows: "refused" };
};

const narrow: BreakingEdit = (editor) => {
  const found = place(editor, evolving, (field) => !hasDefault(field) && NARROWER[scalarOf(field) ?? ""] !== undefined);
  if (found === undefined) return undefined;
  const { holder, field } = found;
  editor.setField(holder, { ...field, type: scalar(NARROWER[scalarOf(field) ?? ""] ?? "") });
  return { what: `narrowed ${field.name}`, holder: holder.id, reader: "new", shows: "refused" };
};

export const breakingEdits: readonly BreakingEdit[] = [
  renumber,
  renumberMember,
  retype,
  reuseNumber,
  addUnionField,
  removeUnionField,
  changeStruct,
  changeStruct,
  makeRequired,
  makeOptional,
  removeDefault,
  addDefault,
  widen,
  narrow,
];

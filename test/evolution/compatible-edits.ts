/** Edits after which old and new programs read each other's data, and give back unharmed what they do not know. */
import type { Field, Type } from "../random/model.js";
import { hasDefault, type ProgramEditor, scalarOf } from "./program-editor.js";

export interface Edited {
  readonly what: string;
  readonly isAlwaysWritten?: boolean;
  /** Rules of `breaking` that forbid it all the same: what JSON, handlers and later versions suffer from, bytes do not show. */
  readonly forbidden?: readonly string[];
}

/** Changes the program, and says how; undefined where it has no place for the edit. */
export type CompatibleEdit = (editor: ProgramEditor) => Edited | undefined;

const evolving = ["message", "error", "parameters"] as const;
const numbered = [...evolving, "union"] as const;

/** Types that have a zero whatever they refer to. */
const hasZero = ({ kind }: Type): boolean => kind !== "named";

const addField: CompatibleEdit = (editor) => {
  const { random } = editor;
  const holder = random.pick(editor.holders(...evolving));
  const made = editor
    .maker(editor.positionOf(holder.id))
    .field(`added${editor.newId()}`, editor.freeNumber(holder), "message");
  const field: Field = { ...made, optional: made.optional || !hasZero(made.type) };
  editor.setFields(holder, random.shuffled([...holder.fields, field]));
  return {
    what: `added ${field.optional ? "an optional" : "a"} field ${field.name}`,
    isAlwaysWritten: hasDefault(field),
  };
};

const removeField: CompatibleEdit = (editor) => {
  const places = editor.holders(...evolving).flatMap((holder) => holder.fields.map((field) => ({ holder, field })));
  const fitting = places.filter(({ field }) => field.optional || hasZero(field.type));
  if (fitting.length === 0) return undefined;
  const { holder, field } = editor.random.pick(fitting);
  const isReserved = editor.random.chance(0.5);
  editor.setFields(
    holder,
    holder.fields.filter(({ id }) => id !== field.id),
    isReserved ? [...holder.reserved, field.number] : holder.reserved,
  );
  const what = `removed ${field.name} ${isReserved ? "and reserved its number" : "without a reservation"}`;
  return { what, isAlwaysWritten: hasDefault(field), forbidden: isReserved ? [] : ["field-removed-number-free"] };
};

const renameField: CompatibleEdit = (editor) => {
  const holders = editor.holders(...numbered, "struct").filter(({ fields }) => fields.length > 0);
  if (holders.length === 0) return undefined;
  const holder = editor.random.pick(holders);
  const field = editor.random.pick(holder.fields);
  const name = `renamed${editor.newId()}`;
  editor.setField(holder, { ...field, name });
  return { what: `renamed ${field.name} to ${name}`, forbidden: ["field-json-name"] };
};

const reorderFields: CompatibleEdit = (editor) => {
  const holder = editor.random.pick(editor.holders(...numbered));
  editor.setFields(holder, editor.random.shuffled(holder.fields));
  return { what: "reordered fields" };
};

const renameType: CompatibleEdit = (editor) => {
  const declarations = editor.program.declarations.filter(({ kind }) => kind !== "error" && kind !== "service");
  if (declarations.length === 0) return undefined;
  const declaration = editor.random.pick(declarations);
  const name = `Renamed${editor.newId()}`;
  editor.replace({ ...declaration, name });
  return { what: `renamed ${declaration.name} to ${name}` };
};

const addEnumMember: CompatibleEdit = (editor) => {
  const enums = editor.declarationsOf("enum");
  if (enums.length === 0) return undefined;
  const owner = editor.random.pick(enums);
  const number = editor.random.between(2000, 9000);
  if (owner.members.some((member) => member.number === number)) return undefined;
  editor.replace({ ...owner, members: [...owner.members, { name: `ADDED${editor.newId()}`, number }] });
  return { what: `added ${number} to ${owner.name}` };
};

const removeEnumMember: CompatibleEdit = (editor) => {
  const enums = editor.declarationsOf("enum").filter(({ members }) => members.length > 1);
  if (enums.length === 0) return undefined;
  const owner = editor.random.pick(enums);
  const gone = editor.random.pick(owner.members.filter(({ number }) => number !== 0));
  editor.replace({ ...owner, members: owner.members.filter(({ number }) => number !== gone.number) });
  return { what: `removed ${gone.number} from ${owner.name}`, forbidden: ["enum-number-free"] };
};

const addMember: CompatibleEdit = (editor) => {
  const unions = editor.holders("union");
  if (unions.length === 0) return undefined;
  const holder = editor.random.pick(unions);
  const number = editor.random.between(400_000, 500_000);
  const member = editor.maker(editor.positionOf(holder.id)).field(`added${editor.newId()}`, number, "union");
  editor.setFields(holder, [...holder.fields, member]);
  return { what: `added a member ${member.name}` };
};

const removeMember: CompatibleEdit = (editor) => {
  const unions = editor.holders("union").filter(({ fields }) => fields.length > 1);
  if (unions.length === 0) return undefined;
  const holder = editor.random.pick(unions);
  const lowest = Math.min(...holder.fields.map(({ number }) => number));
  const gone = editor.random.pick(holder.fields.filter(({ number }) => number !== lowest));
  editor.setFields(
    holder,
    holder.fields.filter(({ id }) => id !== gone.id),
  );
  const forbidden = ["union-member-removed", "field-removed-number-free"];
  return { what: `removed the member ${gone.name}`, forbidden };
};

const addMethod: CompatibleEdit = (editor) => {
  const service = editor.random.pick(editor.declarationsOf("service"));
  const method = editor.maker(editor.positionOf(service.id)).method();
  editor.replace({ ...service, methods: editor.random.shuffled([...service.methods, method]) });
  return { what: `added the method ${method.name}` };
};

const nameType: CompatibleEdit = (editor) => {
  const holders = editor
    .holders(...numbered, "struct")
    .filter(({ fields }) => fields.some(({ type }) => type.kind === "scalar"));
  if (holders.length === 0) return undefined;
  const holder = editor.random.pick(holders);
  const field = editor.random.pick(holder.fields.filter(({ type }) => type.kind === "scalar"));
  const id = editor.newId();
  editor.setField(holder, { ...field, type: { kind: "named", id } });
  editor.insert({ kind: "alias", id, name: `Alias${id}`, type: field.type }, editor.positionOf(holder.id));
  return { what: `gave the type of ${field.name} a name` };
};

/** Bytes and a list of u8 are the same on the wire. */
const respellBytes: CompatibleEdit = (editor) => {
  const places = editor
    .holders(...numbered, "struct")
    .flatMap((holder) => holder.fields.map((field) => ({ holder, field })));
  const fitting = places.filter(({ field }) => scalarOf(field) === "bytes");
  if (fitting.length === 0) return undefined;
  const { holder, field } = editor.random.pick(fitting);
  editor.setField(holder, { ...field, type: { kind: "list", element: { kind: "scalar", name: "u8" } } });
  return { what: `made the bytes ${field.name} a list of u8`, forbidden: ["bytes-spelling"] };
};

export const compatibleEdits: readonly CompatibleEdit[] = [
  addField,
  addField,
  addField,
  removeField,
  removeField,
  renameField,
  reorderFields,
  renameType,
  addEnumMember,
  removeEnumMember,
  addMember,
  addMember,
  removeMember,
  addMethod,
  nameType,
  respellBytes,
];

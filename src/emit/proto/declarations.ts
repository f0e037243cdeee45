/** Messages, enums, structs, unions and errors as text of protobuf. */
import type { Declaration, Enum, Field, Message, Reserved, Union } from "../../ir/schema.js";
import { camelCase, jsonName, snakeCase } from "../../text/protobuf-names.js";
import { fieldNames, meetingKey } from "./names.js";
import type { ProtoFile } from "./proto-file.js";
import { NAME, remembered } from "./remembered.js";

type Reserving = Pick<Message, "reserved" | "span">;
type Nest = ReadonlyMap<string, readonly Declaration[]>;

export function printDeclaration(declaration: Declaration, proto: ProtoFile, nested: Nest, inline: ReadonlyMap<string, Union>): string[] {
  const name = proto.paths.nameOf(declaration);
  if (proto.paths.isForgotten(declaration)) proto.leave('what "@proto.name" remembers', declaration.span);
  const head = ["", ...commentLines(declaration.doc), ...(declaration.kind === "error" ? [`// An error with the status ${declaration.code}.`] : [])];
  const inner = (nested.get(proto.paths.of(declaration)) ?? []).flatMap((each) => indent(printDeclaration(each, proto, nested, inline)));
  const deprecated = declaration.deprecated === undefined ? [] : ["  option deprecated = true;"];
  switch (declaration.kind) {
    case "enum":
      return [...head, `enum ${name} {`, ...deprecated, ...enumLines(declaration, proto), "}"];
    case "message":
      return [...head, `message ${name} {`, ...deprecated, ...messageLines(declaration, proto, inline), ...inner, "}"];
    case "error":
      return [...head, `message ${name} {`, ...deprecated, ...fieldLines(declaration.fields, declaration.name, proto), ...reservedLines(declaration, proto), "}"];
    case "struct":
      return [...head, `message ${name} {`, ...deprecated, ...fieldLines(declaration.fields, declaration.name, proto), "}"];
    case "union":
      return [...head, `message ${name} {`, ...deprecated, ...indent(oneofLines(oneofName(declaration), declaration, proto)), ...reservedLines(declaration, proto), "}"];
    default:
      return [];
  }
}

/**
 * Unions that can stand as a oneof in the one field that has them: at the smallest number, the others being reserved around it,
 * with names that nothing around it has, and called so that the way here gives it the name that it has.
 */
export function inlineUnions(message: Message, proto: ProtoFile, uses: ReadonlyMap<string, number>): Map<string, Union> {
  const found = new Map<string, Union>();
  const oneofs = fieldNames(message.fields);
  const taken = new Set([...oneofs.values(), ...message.fields.map(({ wireName }) => wireName)].map(meetingKey));
  for (const field of message.fields) {
    const type = proto.input.index.concrete(field.type);
    if (type.kind !== "declared" || type.declaration.kind !== "union") continue;
    const union = type.declaration;
    const numbers = union.members.map(({ number }) => number);
    const isApart = numbers.every((number) => number === field.number || isReserved(number, message.reserved));
    const isPlain = union.members.every(({ type: of }) => !["list", "map"].includes(proto.input.index.concrete(of).kind));
    const names = new Set([...fieldNames(union.members).values(), ...union.members.map(({ wireName }) => wireName)].map(meetingKey));
    const isNamedApart = [...names].every((name) => !taken.has(name));
    // A oneof has no name in JSON that would tell what it is called here.
    const back = camelCase(oneofs.get(field) ?? field.name);
    const comesBack = back === field.name || message.fields.some(({ name }) => name === back);
    if (!comesBack || uses.get(union.fullName) !== 1 || field.number !== Math.min(...numbers) || !isApart || !isNamedApart || !isPlain) continue;
    for (const name of names) taken.add(name);
    found.set(`${message.fullName}.${field.name}`, union);
  }
  return found;
}

function isReserved(number: number, { ranges }: Reserved): boolean {
  return ranges.some(({ from, to }) => from <= number && number <= to);
}

function messageLines(message: Message, proto: ProtoFile, inline: ReadonlyMap<string, Union>): string[] {
  const freed = new Set<number>();
  const lines = [...fieldNames(message.fields)].flatMap(([field, name]) => {
    const union = inline.get(`${message.fullName}.${field.name}`);
    if (union === undefined) return linesOfField(field, name, message.name, proto);
    for (const { number } of union.members) freed.add(number);
    return indent([...commentLines(union.doc ?? field.doc), ...oneofLines(name, union, proto)]);
  });
  return [...lines, ...reservedLines(message, proto, freed)];
}

function oneofName(union: Union): string {
  const names = new Set(fieldNames(union.members).values());
  let name = "value";
  while (names.has(name)) name += "_";
  return name;
}

function oneofLines(oneof: string, union: Union, proto: ProtoFile): string[] {
  const members = [...fieldNames(union.members)].flatMap(([member, name]) => {
    const { label, type } = proto.fieldType(member, union.name);
    const needsMessage = label !== "" || type.startsWith("map<");
    const single = needsMessage ? proto.wrap(`${union.name}${member.name}`, "values", member.type) : type;
    return [...indent(commentLines(member.doc)), `  ${single} ${name} = ${member.number}${optionsOf(member, name)};`];
  });
  return [`oneof ${oneof} {`, ...members, "}"];
}

export function fieldLines(fields: readonly Field[], owner: string, proto: ProtoFile): string[] {
  return [...fieldNames(fields)].flatMap(([field, name]) => linesOfField(field, name, owner, proto));
}

function linesOfField(field: Field, name: string, owner: string, proto: ProtoFile): string[] {
  const { label, type } = proto.fieldType(field, owner);
  const known = remembered(field.annotations, "name");
  if (known !== undefined && known !== name) proto.leave('what "@proto.name" remembers', field.span);
  if (field.default !== undefined) proto.leave("a default", field.span);
  if (field.constraints !== undefined) proto.leave("a constraint", field.span);
  if (field.sensitive) proto.leave("that a field is sensitive", field.span);
  return indent([...commentLines(field.doc), `${label}${type} ${name} = ${field.number}${optionsOf(field, name)};`]);
}

function optionsOf(field: Field, name: string): string {
  const options = [
    ...(field.deprecated === undefined ? [] : ["deprecated = true"]),
    ...(field.wireName === jsonName(name) ? [] : [`json_name = ${JSON.stringify(field.wireName)}`]),
  ];
  return options.length === 0 ? "" : ` [${options.join(", ")}]`;
}

/** The first value of an enum is its 0. */
function enumLines(type: Enum, proto: ProtoFile): string[] {
  const members = [...type.members.filter(({ number }) => number === 0), ...type.members.filter(({ number }) => number !== 0)];
  const lines = members.flatMap((member) => [
    ...commentLines(member.doc),
    `${proto.valueNames.name(type, member)} = ${member.number}${member.deprecated === undefined ? "" : " [deprecated = true]"};`,
  ]);
  return [...indent(lines), ...reservedLines(type, proto, undefined, (name) => name)];
}

function reservedLines({ reserved: { ranges, names: all }, span }: Reserving, proto: ProtoFile, freed: ReadonlySet<number> = new Set(), nameOf = snakeCase): string[] {
  const names = all.filter((name) => NAME.test(name));
  if (names.length < all.length) proto.leave("that what could not be a name there is reserved", span);
  const parts = ranges.flatMap(({ from, to }) => without(from, to, freed)).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  return [
    ...(parts.length > 0 ? [`  reserved ${parts.join(", ")};`] : []),
    ...(names.length > 0 ? [`  reserved ${names.map((name) => JSON.stringify(nameOf(name))).join(", ")};`] : []),
  ];
}

function without(from: number, to: number, freed: ReadonlySet<number>): [number, number][] {
  const parts: [number, number][] = [];
  let start = from;
  for (const number of [...freed].filter((each) => each >= from && each <= to).sort((a, b) => a - b)) {
    if (number > start) parts.push([start, number - 1]);
    start = number + 1;
  }
  if (start <= to) parts.push([start, to]);
  return parts;
}

export function commentLines(doc: string | undefined): string[] {
  return doc === undefined || doc === "" ? [] : doc.split("\n").map((line) => `// ${line}`.trimEnd());
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}

/** Messages, enums and the unions that oneofs become, as text of our language. */
import { camelCase, jsonName, snakeCase } from "../text/protobuf-names.js";
import { defaultOf } from "./defaults.js";
import { docLines, reservedLine } from "./print-parts.js";
import type { IdlFile } from "./idl-file.js";
import { Taken } from "./naming.js";
import type { ProtoEnum, ProtoField, ProtoMessage } from "./proto-file.js";
import { leadsBack } from "./required-cycles.js";
import { unusualScalars } from "../text/protobuf-scalars.js";

type Range = readonly [from: number, to: number];

export function printMessage(message: ProtoMessage, idl: IdlFile): string[] {
  const { file, names } = idl;
  const taken = new Taken();
  const lines: string[] = [];
  const after: string[] = [];
  const ranges: Range[] = [...message.reserved.ranges, ...message.extensionRanges];
  const done = new Set<string>();
  for (const field of message.fields) {
    if (field.oneof === undefined) {
      lines.push(...printField(field, message, idl, taken, "?"));
      continue;
    }
    const oneof = message.oneofs.find(({ name }) => name === field.oneof);
    if (oneof === undefined || done.has(oneof.name)) continue;
    done.add(oneof.name);
    const members = message.fields.filter((each) => each.oneof === oneof.name);
    const smallest = Math.min(...members.map(({ number }) => number));
    for (const { number } of members) if (number !== smallest) ranges.push([number, number]);
    const union = names.idlName(file, oneof.path);
    const own = new Taken();
    const { name, remembered } = fieldName(oneof.name, idl, taken);
    idl.leave(oneof.options, oneof);
    lines.push(`${remembered}${name}?: ${union} = ${smallest};`);
    after.push("", ...docLines(oneof.doc), `union ${union} {`, ...members.flatMap((each) => printField(each, message, idl, own, "")), "}");
  }
  const reservedNames = message.reserved.names.map(camelCase);
  const nested = message.nested.flatMap((each) => (each.kind === "message" ? printMessage(each, idl) : printEnum(each, idl)));
  return [
    "",
    ...docLines(message.doc),
    `${annotations(message, idl)}${nestedName(message, idl)}message ${names.idlName(file, message.path)} {`,
    ...lines,
    ...reservedLine(ranges, reservedNames.filter((name) => !taken.has(name))),
    "}",
    ...after,
    ...nested,
  ];
}

/** `mark` is what says that a field may be absent; a union's members carry none. */
function printField(field: ProtoField, message: ProtoMessage, idl: IdlFile, taken: Taken, mark: "?" | ""): string[] {
  const at = idl.span(field);
  const base = idl.type(field.type, message.path, at);
  const type = field.mapKey !== undefined ? `map<${idl.type(field.mapKey, message.path, at)}, ${base}>` : field.presence === "repeated" ? `${base}[]` : base;
  const { name, remembered } = fieldName(field.name, idl, taken);
  const wrapper = idl.isWrapper(field.type, message.path) ? idl.remember("type", `google.protobuf.${field.type.replace(/^.*\./, "")}`) : "";
  const scalar = unusualScalars.has(field.type) ? idl.remember("type", field.type) : "";
  const given = defaultOf(field, message, idl);
  const isMessage = given === undefined && field.presence === "implicit" && idl.isMessage(field.type, message.path);
  const isEndless = field.presence === "required" && leadsBack(field, message, idl.file, idl.names);
  const optional = mark === "?" && given === undefined && (field.presence === "explicit" || isMessage || isEndless) ? "?" : "";
  if (isEndless) idl.collector.report("RPC8013", at, { field: field.path, message: message.path });
  else if (field.presence === "required") idl.collector.report("RPC8008", at, { field: field.path });
  const key = field.mapKey !== undefined && unusualScalars.has(field.mapKey) ? idl.remember("key", field.mapKey) : "";
  const carried = new Set(["default", "json_name"]);
  const head = `${given === undefined ? "" : `@default(${given}) `}${annotations(field, idl, carried)}${wireName(field, name, message)}${remembered}${wrapper}${scalar}${key}`;
  return [...docLines(field.doc), `${head}${name}${optional}: ${type} = ${field.number};`];
}

/** JSON calls a field by the name that it has here, unless protobuf's does not. Names that meet in protobuf's JSON are left apart. */
function wireName(field: ProtoField, here: string, message: ProtoMessage): string {
  const json = jsonOf(field);
  const meets = message.fields.some((each) => each !== field && jsonOf(each) === json);
  return json === here || meets ? "" : `@wireName(${JSON.stringify(json)}) `;
}

function jsonOf({ options, name }: ProtoField): string {
  const given = options.find((option) => option.name === "json_name")?.value;
  return typeof given === "string" ? given : jsonName(name);
}

function fieldName(name: string, idl: IdlFile, taken: Taken): { readonly name: string; readonly remembered: string } {
  const claimed = taken.claim(camelCase(name), name);
  return { name: claimed, remembered: snakeCase(claimed) === name ? "" : idl.remember("name", name) };
}

export function printEnum(type: ProtoEnum, idl: IdlFile): string[] {
  const { file, names } = idl;
  const byNumber = new Map<number, string>();
  const lines: string[] = [];
  for (const value of type.values) {
    const first = byNumber.get(value.number);
    if (first !== undefined) {
      idl.collector.report("RPC8006", idl.span(value), { alias: value.path, kept: first });
      continue;
    }
    byNumber.set(value.number, value.name);
    lines.push(...docLines(value.doc), `${annotations(value, idl)}${value.name} = ${value.number};`);
  }
  const reserved = [...type.reserved.ranges];
  if (!byNumber.has(0)) {
    const member = zeroName(type);
    lines.unshift(`${idl.remember("name", "")}${member} = 0;`);
    idl.collector.report("RPC8007", idl.span(type), { name: type.path, member });
  }
  return [
    "",
    ...docLines(type.doc),
    `${annotations(type, idl, new Set(["allow_alias"]))}${nestedName(type, idl)}enum ${names.idlName(file, type.path)} {`,
    ...lines,
    ...reservedLine(byNumber.has(0) ? reserved : withoutZero(reserved), type.reserved.names.filter((name) => !type.values.some((value) => value.name === name))),
    "}",
  ];
}

function withoutZero(ranges: readonly Range[]): Range[] {
  return ranges.flatMap(([from, to]): Range[] => (from > 0 || to < 0 ? [[from, to]] : [...(from < 0 ? [[from, -1] as const] : []), ...(to > 0 ? [[1, to] as const] : [])]));
}

function zeroName(type: ProtoEnum): string {
  const taken = new Taken();
  for (const { name } of type.values) taken.claim(name);
  return taken.claim("UNSPECIFIED", `${snakeCase(type.name).toUpperCase()}_UNSPECIFIED`);
}

/** Remembers where a nested type stood. */
function nestedName(type: ProtoMessage | ProtoEnum, idl: IdlFile): string {
  return idl.names.idlName(idl.file, type.path) === type.path ? "" : idl.remember("name", type.path);
}

/** `@deprecated`; what else was said is noted as left, but for what `carried` names. */
export function annotations(
  owner: { readonly options: readonly { readonly name: string; readonly value: unknown }[]; readonly offset: number; readonly name: string },
  idl: IdlFile,
  carried: ReadonlySet<string> = new Set(),
): string {
  idl.leave(
    owner.options.filter(({ name }) => name !== "deprecated" && !carried.has(name)),
    owner,
  );
  return owner.options.some(({ name, value }) => name === "deprecated" && value === true) ? '@deprecated("") ' : "";
}

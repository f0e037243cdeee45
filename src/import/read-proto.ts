/** Reads a .proto file with protobufjs (proto2, proto3 and editions) into plain data. */
import protobuf from "protobufjs";
import { errorText } from "../diagnostics/error-text.js";
import type { SourceFile } from "../text/source-file.js";
import { placesOf, type Places } from "./places.js";
import type { Presence, ProtoEnum, ProtoField, ProtoFile, ProtoMessage, ProtoOption, ProtoReserved, ProtoService } from "./proto-file.js";

export type ReadProto =
  | { readonly file: ProtoFile }
  | { readonly reason: string; readonly line: number }
  /** Written in what protobuf does not have. */
  | { readonly syntax: string; readonly offset: number };

/** What may stand behind `syntax =`. Editions have a word of their own, and the parser knows which there are. */
const SYNTAXES: ReadonlySet<string> = new Set(["proto2", "proto3"]);

/** The features that a scope hands down to what stands in it. */
interface Scope {
  readonly syntax: string;
  readonly presence: Presence;
  readonly places: Places;
}

export function readProto(source: SourceFile, name: string): ReadProto {
  const places = placesOf(source.text);
  const { keyword, name: syntax = "proto2", offset = 0 } = places.syntax ?? {};
  if (keyword === "syntax" && !SYNTAXES.has(syntax)) return { syntax, offset };
  const root = new protobuf.Root();
  let parsed: protobuf.IParserResult;
  try {
    parsed = protobuf.parse(source.text, root, { keepCase: true, alternateCommentMode: true });
  } catch (error) {
    const message = errorText(error);
    const line = /\(line (\d+)\)$/.exec(message)?.[1];
    return { reason: message.replace(/ \(line \d+\)$/, ""), line: Number(line ?? 1) };
  }
  const packageName = parsed.package ?? "";
  const namespace = packageName === "" ? root : (root.lookup(packageName) as protobuf.Namespace);
  const options = optionsOf(namespace);
  const scope: Scope = { syntax, places, presence: presenceOf(options) ?? (syntax === "proto3" ? "implicit" : "explicit") };
  return {
    file: {
      source,
      name,
      package: packageName,
      imports: places.imports,
      head: places.head,
      options,
      declarations: namespace.nestedArray.flatMap((each): (ProtoMessage | ProtoEnum | ProtoService)[] => {
        if (each instanceof protobuf.Type) return [messageOf(each, "", scope)];
        if (each instanceof protobuf.Enum) return [enumOf(each, "", scope)];
        return each instanceof protobuf.Service ? [serviceOf(each, scope)] : [];
      }),
      extensions: extensionsOf(namespace, "", scope),
    },
  };
}

function named(object: protobuf.ReflectionObject, outer: string, { places }: Scope) {
  const path = outer === "" ? object.name : `${outer}.${object.name}`;
  return { name: object.name, path, doc: object.comment ?? undefined, options: optionsOf(object), offset: places.of(path) };
}

function messageOf(type: protobuf.Type, outer: string, above: Scope): ProtoMessage {
  const head = named(type, outer, above);
  const scope = { ...above, presence: presenceOf(head.options) ?? above.presence };
  const own = type.fieldsArray.filter((field) => !field.name.startsWith("."));
  return {
    kind: "message",
    ...head,
    fields: own.map((field) => fieldOf(field, head.path, scope)),
    oneofs: type.oneofsArray.filter((each) => !isSynthetic(each)).map((each) => named(each, head.path, scope)),
    nested: type.nestedArray.flatMap((each): (ProtoMessage | ProtoEnum)[] => {
      if (each instanceof protobuf.Type) return [messageOf(each, head.path, scope)];
      return each instanceof protobuf.Enum ? [enumOf(each, head.path, scope)] : [];
    }),
    extensions: extensionsOf(type, head.path, scope),
    extensionRanges: ((type.extensions ?? []) as unknown[]).filter(isRange),
    reserved: reservedOf(type.reserved),
  };
}

function isSynthetic(oneof: protobuf.OneOf): boolean {
  return oneof.fieldsArray.length === 1 && oneof.fieldsArray[0]?.options?.["proto3_optional"] === true;
}

function fieldOf(field: protobuf.Field, outer: string, scope: Scope): ProtoField {
  const head = named(field, outer, scope);
  const oneof = field.partOf !== null && !isSynthetic(field.partOf) ? field.partOf.name : undefined;
  return {
    ...head,
    options: head.options.filter((option) => option.name !== "proto3_optional"),
    number: field.id,
    type: field.type,
    mapKey: field instanceof protobuf.MapField ? field.keyType : undefined,
    presence: presence(field, head.options, scope),
    oneof,
  };
}

function presence(field: protobuf.Field, options: readonly ProtoOption[], scope: Scope): Presence {
  const rule = (field as { rule?: string }).rule;
  if (rule === "repeated" || field instanceof protobuf.MapField) return "repeated";
  if (rule === "required") return "required";
  const isOptional = field.options?.["proto3_optional"] === true || field.partOf !== null;
  return presenceOf(options) ?? (isOptional || scope.syntax === "proto2" ? "explicit" : scope.presence);
}

function presenceOf(options: readonly ProtoOption[]): Presence | undefined {
  for (const { name, value } of options) {
    const found = name === "features.field_presence" ? value : name === "features" ? (value as Record<string, unknown>)["field_presence"] : undefined;
    if (found === "IMPLICIT") return "implicit";
    if (found === "LEGACY_REQUIRED") return "required";
    if (found === "EXPLICIT") return "explicit";
  }
  return undefined;
}

function enumOf(type: protobuf.Enum, outer: string, scope: Scope): ProtoEnum {
  const head = named(type, outer, scope);
  const valuesOptions = (type as { valuesOptions?: Record<string, unknown> }).valuesOptions ?? {};
  return {
    kind: "enum",
    ...head,
    values: Object.entries(type.values).map(([name, number]) => ({
      name,
      path: `${head.path}.${name}`,
      number,
      doc: type.comments[name] ?? undefined,
      options: flat(valuesOptions[name]),
      offset: scope.places.of(`${head.path}.${name}`),
    })),
    reserved: reservedOf(type.reserved as unknown[] | undefined),
  };
}

function serviceOf(service: protobuf.Service, scope: Scope): ProtoService {
  const head = named(service, "", scope);
  return {
    kind: "service",
    ...head,
    methods: service.methodsArray.map((method) => ({
      ...named(method, head.path, scope),
      request: method.requestType,
      requestStream: method.requestStream === true,
      response: method.responseType,
      responseStream: method.responseStream === true,
    })),
  };
}

function extensionsOf(namespace: protobuf.NamespaceBase, outer: string, scope: Scope): ProtoField[] {
  return namespace.nestedArray.filter((each) => each instanceof protobuf.Field).map((field) => fieldOf(field, outer, scope));
}

function optionsOf(object: protobuf.ReflectionObject): ProtoOption[] {
  const nested = flat(object.parsedOptions);
  const seen = new Set(nested.map(({ name }) => name));
  // Simple options stand in `options` alone in some places, and aggregates in `parsedOptions` alone in others.
  const rest = flat(object.options).filter(({ name }) => !seen.has(name) && !seen.has(name.replace(/(?<=^\([^)]*\)|^\w+)\..*$/, "")));
  return [...nested, ...rest];
}

function flat(options: unknown): ProtoOption[] {
  if (Array.isArray(options)) return options.flatMap(flat);
  if (typeof options !== "object" || options === null) return [];
  return Object.entries(options).map(([name, value]) => ({ name, value: value as unknown }));
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value);
}

function reservedOf(reserved: readonly unknown[] | undefined): ProtoReserved {
  const all = reserved ?? [];
  return { ranges: all.filter(isRange), names: all.filter((each) => typeof each === "string") };
}

/** The codec module of a file: how each type is written and read, its codec, then its services' descriptors. */
import { fingerprint } from "../../ir/fingerprint.js";
import type { Declaration, ErrorType, Field, Message, SchemaFile, Service, Struct, Union } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { annotated, assignment, call, generic, pure } from "./code-writer/shapes.js";
import { callWithFunctions } from "./codec/assign.js";
import { printRecordCheck, printUnionCheck, reachesConstraint } from "./codec/checks.js";
import { CodecModule } from "./codec/codec-module.js";
import { CollectionPrinter } from "./codec/collection-printer.js";
import { jsonTable } from "./codec/json-table.js";
import { VARIABLES } from "./codec/local-names.js";
import { printMessage } from "./codec/message.js";
import { partName } from "./codec/part-name.js";
import { declaredCodec, payloadCodec } from "./codec/payload-codec.js";
import { printStruct } from "./codec/struct.js";
import { printUnion } from "./codec/union.js";
import { printDescriptors } from "./descriptors.js";
import type { GeneratedFile } from "./generated-file.js";
import { declaredName, derivedNames, memberName, type Names } from "./names.js";
import { runtimeType, runtimeValue } from "./runtime-symbols.js";
import { discreetly, sensitivePlaces } from "./sensitive.js";

export function printCodecs(file: GeneratedFile, names: Names, source: SchemaFile): void {
  const module = new CodecModule(file, names, source);
  for (const base of source.declarations.flatMap(basesOf)) {
    const parts = (["write", "read", "put", "get", "check", "zero"] as const).map((part) => partName(part, base));
    file.reserve(...parts, derivedNames.codec(base));
    module.collections.reserve(base);
  }
  file.reserve(...VARIABLES);
  for (const declaration of source.declarations) {
    file.unit(declaration.fullName, [declaration.fullName], () => printDeclaration(module, declaration));
  }
  for (const declaration of source.declarations) {
    if (declaration.kind !== "service") continue;
    file.unit(`service ${declaration.fullName}`, [declaration.fullName], () => printService(module, declaration));
  }
  new CollectionPrinter(module).print();
  module.zeros.print();
  module.patterns.print(file);
}

/** What the functions and constants of a declaration are called after. */
function basesOf(declaration: Declaration): string[] {
  if (declaration.kind !== "service") return [declaredName(declaration)];
  return declaration.methods.map((method) => derivedNames.params(declaredName(declaration), memberName(method)));
}

function printDeclaration(module: CodecModule, declaration: Declaration): void {
  switch (declaration.kind) {
    case "message":
      return printMessageCodec(module, declaration);
    case "error":
      return printErrorCodec(module, declaration);
    case "struct":
      return printStructCodec(module, declaration);
    case "union":
      return printUnionCodec(module, declaration);
    default:
  }
}

function printMessageCodec(module: CodecModule, message: Message): void {
  const base = declaredName(message);
  const init = module.names.init(message.fullName);
  const decoded = module.names.type(message.fullName);
  printMessage(module, { ...message, base, place: base, init, decoded });
  printRecordCheck(module, base, init, message.fields);
  printBodyCodec(module, message, message.fields, decoded, init);
}

/** Of an error's fields: they are read as they may be written. */
function printErrorCodec(module: CodecModule, error: ErrorType): void {
  const base = declaredName(error);
  const init = module.names.init(error.fullName);
  printMessage(module, { ...error, base, place: base, init, decoded: init });
  printRecordCheck(module, base, init, error.fields);
  printBodyCodec(module, error, error.fields, init, init);
}

function printUnionCodec(module: CodecModule, union: Union): void {
  const base = declaredName(union);
  const init = module.names.init(union.fullName);
  printUnion(module, union);
  printUnionCheck(module, base, init, union.members);
  printBodyCodec(module, union, union.members, module.names.type(union.fullName), init);
}

function printStructCodec(module: CodecModule, struct: Struct): void {
  const base = declaredName(struct);
  const init = module.names.init(struct.fullName);
  const decoded = module.names.type(struct.fullName);
  const width = module.layout.flatWidth({ kind: "named", name: struct.fullName });
  printStruct(module, struct);
  printRecordCheck(module, base, init, struct.fields);
  if (width === undefined) {
    printBodyCodec(module, struct, struct.fields, decoded, init);
    return;
  }
  const parts = [
    String(width),
    partName("put", base),
    partName("get", base),
    pure(jsonTable(module, "record", struct.fields)),
  ];
  const check = reachesConstraint(module, struct.fields) ? [partName("check", base)] : [];
  const type = generic(runtimeType("FlatCodec"), decoded, init);
  printCodec(module, struct, type, runtimeValue("flatCodec"), struct.fields, [...parts, ...check]);
}

function printBodyCodec(
  module: CodecModule,
  declaration: Message | Struct | Union | ErrorType,
  fields: Message["fields"],
  decoded: Doc,
  init: Doc,
): void {
  const base = declaredName(declaration);
  const kind = declaration.kind === "union" ? "union" : "record";
  const parts = [partName("write", base), partName("read", base), pure(jsonTable(module, kind, fields))];
  const check = reachesConstraint(module, fields) ? [partName("check", base)] : [];
  const type = generic(runtimeType("BodyCodec"), decoded, init);
  printCodec(module, declaration, type, runtimeValue("bodyCodec"), fields, [...parts, ...check]);
}

function printCodec(
  module: CodecModule,
  declaration: Declaration,
  type: Doc,
  factory: Doc,
  fields: readonly Field[],
  args: readonly Doc[],
): void {
  const base = declaredName(declaration);
  const places = sensitivePlaces(module.names.index, { place: base, fields });
  const codec = discreetly(module.file, base, places, pure(callWithFunctions(factory, ...args)));
  module.file.section(`/** Bytes and JSON of ${base}. */`, [
    assignment(annotated(`export const ${derivedNames.codec(base)}`, type), codec),
    ";",
  ]);
}

function printService(module: CodecModule, service: Service): void {
  const { file, names } = module;
  for (const method of service.methods) {
    if (method.parameters.kind === "stream") continue;
    const { fields } = method.parameters;
    const base = derivedNames.params(declaredName(service), memberName(method));
    const init = names.paramsInit(service, method);
    const place = `${declaredName(service)}.${memberName(method)}`;
    printMessage(module, { base, place, wireName: method.path, fields, init, decoded: names.params(service, method) });
    printRecordCheck(module, base, init, fields);
  }
  printDescriptors(file, names, service, {
    payloadCodec: (payload) => payloadCodec(module, payload),
    errorDescriptor: (fullName) => pure(call(runtimeValue("errorDescriptor"), names.value(fullName), declaredCodec(module, fullName))),
    fingerprint: () => fingerprint(names.index, [service.fullName]),
  });
}

/** The protobuf emitter: a .proto file (proto3) for each file of the schema, with the names and numbers that it has. */
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Declaration, Field, SchemaFile, TypeRef, Union } from "../../ir/schema.js";
import type { EmitInput, Emitter, EmitResult } from "../emitter.js";
import { commentLines, inlineUnions, printDeclaration } from "./declarations.js";
import { pathOf, REMEMBERING } from "./names.js";
import { ProtoFile } from "./proto-file.js";
import { printService } from "./services.js";

export const proto: Emitter = {
  name: "proto",
  summary: "protobuf (proto3): messages and services, as far as it can say them",
  emit,
};

/** Numbers that protobuf keeps for itself. */
const KEPT = { from: 19_000, to: 19_999 };

function emit(input: EmitInput): EmitResult {
  const { file, outputBase } = input;
  if (file.package === REMEMBERING) return { outputs: [], diagnostics: [] };
  const proto = new ProtoFile(input);
  const uses = usesOf(input.index.schema.files);
  const inline = new Map<string, Union>();
  for (const each of file.declarations) if (each.kind === "message") for (const [name, union] of inlineUnions(each, proto, uses)) inline.set(name, union);
  const gone = new Set([...inline.values()].map(({ fullName }) => fullName));
  const nested = nestedIn(file);
  const inner = new Set([...nested.values()].flat());
  const body = file.declarations.flatMap((each) => {
    if (inner.has(each) || gone.has(each.fullName)) return [];
    if (each.kind === "const") proto.leave("a constant");
    return each.kind === "service" ? printService(each, proto) : printDeclaration(each, proto, nested, inline);
  });
  const lines = ['syntax = "proto3";', "", ...commentLines(file.doc), `package ${file.package};`];
  const imports = proto.importLines.length > 0 ? ["", ...proto.importLines] : [];
  const text = [...lines, ...imports, ...body, ...proto.madeLines, ""].join("\n");
  return { outputs: [{ path: `${outputBase(file.path)}.proto`, text }], diagnostics: [...keptNumbers(file), ...proto.diagnostics] };
}

/** What stands in what, by the path of the outer one. A nested name whose outer message is not in the file stands alone. */
function nestedIn(file: SchemaFile): Map<string, Declaration[]> {
  const paths = new Set(file.declarations.filter(({ kind }) => kind === "message").map(pathOf));
  const nested = new Map<string, Declaration[]>();
  for (const each of file.declarations) {
    const outer = pathOf(each).split(".").slice(0, -1).join(".");
    if (outer !== "" && paths.has(outer)) nested.set(outer, [...(nested.get(outer) ?? []), each]);
  }
  return nested;
}

/** How often each type is named, in the whole schema. */
function usesOf(files: readonly SchemaFile[]): Map<string, number> {
  const uses = new Map<string, number>();
  const count = (type: TypeRef): void => {
    if (type.kind === "named") uses.set(type.name, (uses.get(type.name) ?? 0) + 1);
    if (type.kind === "list") count(type.element);
    if (type.kind === "map") count(type.value);
  };
  for (const each of files.flatMap(({ declarations }) => declarations)) {
    if (each.kind === "alias") count(each.type);
    for (const field of fieldsOf(each)) count(field.type);
    if (each.kind !== "service") continue;
    for (const { parameters, result } of each.methods) {
      if (parameters.kind === "stream") count(parameters.element);
      if (result !== undefined) count(result.type);
    }
  }
  return uses;
}

function fieldsOf(declaration: Declaration): readonly Field[] {
  switch (declaration.kind) {
    case "message":
    case "error":
    case "struct":
      return declaration.fields;
    case "union":
      return declaration.members;
    case "service":
      return declaration.methods.flatMap(({ parameters }) => (parameters.kind === "fields" ? parameters.fields : []));
    default:
      return [];
  }
}

function keptNumbers(file: SchemaFile): Diagnostic[] {
  return file.declarations.flatMap(fieldsOf).flatMap(({ name, number, span }) => (number >= KEPT.from && number <= KEPT.to ? [diagnostic("RPC8021", span, { name, number })] : []));
}

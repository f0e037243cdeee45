/** The protobuf emitter: a .proto file (proto3) for each file of the schema, with the names and numbers that it has. */
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Declaration, SchemaFile, Union } from "../../ir/schema.js";
import { REMEMBERING } from "../../text/protobuf-names.js";
import type { EmitInput, Emitter, EmitResult } from "../emitter.js";
import { commentLines, inlineUnions, printDeclaration } from "./declarations.js";
import { ProtoFile } from "./proto-file.js";
import { printService } from "./services.js";
import { fieldsOf, usesOf } from "./uses.js";

export const proto: Emitter = {
  name: "proto",
  summary: "protobuf (proto3): messages and services, as far as it can say them",
  readsWholeSchema: true,
  emit,
};

/** Numbers that protobuf keeps for itself. */
const KEPT = { from: 19_000, to: 19_999 };

function emit(input: EmitInput): EmitResult {
  const { file, outputBase } = input;
  if (file.package === REMEMBERING) return { outputs: [], diagnostics: [] };
  const proto = new ProtoFile(input);
  const uses = usesOf(input.index);
  const inline = new Map<string, Union>();
  for (const each of file.declarations) if (each.kind === "message") for (const [name, union] of inlineUnions(each, proto, uses)) inline.set(name, union);
  const gone = new Set([...inline.values()].map(({ fullName }) => fullName));
  const nested = nestedIn(file, proto);
  const inner = new Set([...nested.values()].flat());
  const body = file.declarations.flatMap((each) => {
    if (inner.has(each) || gone.has(each.fullName)) return [];
    if (each.kind === "const") proto.leave("a constant", each.span);
    return each.kind === "service" ? printService(each, proto) : printDeclaration(each, proto, nested, inline);
  });
  const lines = ['syntax = "proto3";', "", ...commentLines(file.doc), `package ${file.package};`];
  const imports = proto.importLines.length > 0 ? ["", ...proto.importLines] : [];
  const text = [...lines, ...imports, ...body, ...proto.madeLines, ""].join("\n");
  return { outputs: [{ path: `${outputBase(file.path)}.proto`, text }], diagnostics: [...keptNumbers(file), ...proto.diagnostics] };
}

/** What stands in what, by the path of the outer one. */
function nestedIn(file: SchemaFile, { paths }: ProtoFile): Map<string, Declaration[]> {
  const nested = new Map<string, Declaration[]>();
  for (const each of file.declarations) {
    const outer = paths.outerOf(each);
    if (outer !== "") nested.set(outer, [...(nested.get(outer) ?? []), each]);
  }
  return nested;
}

function keptNumbers(file: SchemaFile): Diagnostic[] {
  return file.declarations.flatMap(fieldsOf).flatMap(({ name, number, span }) => (number >= KEPT.from && number <= KEPT.to ? [diagnostic("RPC8021", span, { name, number })] : []));
}

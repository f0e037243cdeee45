/** From protobuf: .proto files in, .idl files out, and a finding for whatever could not be carried over. Pure. */
import { Collector } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { format } from "../format/format.js";
import { SourceFile } from "../text/source-file.js";
import { ANNOTATIONS_FILE, annotationsIdl } from "./annotations-idl.js";
import { IdlFile, idlPath } from "./idl-file.js";
import { loadProtos, type ReadProtoSource } from "./load-protos.js";
import { NameTable, packageOf } from "./name-table.js";
import { printEnum, printMessage } from "./print-messages.js";
import { printService } from "./print-services.js";
import type { ProtoField, ProtoFile, ProtoMessage } from "./proto-file.js";

export interface ImportedProtos {
  /** By path below the output folder: each root, and each file that one of them refers to. */
  readonly outputs: readonly { readonly path: string; readonly text: string }[];
  readonly diagnostics: readonly Diagnostic[];
  /** By the path that findings call them. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** `roots` are import names, such as "google/api/http.proto". */
export function importProtos(roots: readonly string[], read: ReadProtoSource): ImportedProtos {
  const collector = new Collector();
  const { files, failed, sources } = loadProtos(roots, read, collector);
  const names = new NameTable([...files.values()], collector);
  const outputs = new Map<string, string>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const file = files.get(name);
    const path = idlPath(name);
    if (file === undefined || outputs.has(path)) continue;
    const idl = new IdlFile(file, names, failed, collector, (needed) => queue.push(needed));
    const text = printFile(idl);
    outputs.set(path, layOut(path, text));
    if (text.includes(ANNOTATIONS_FILE)) outputs.set(ANNOTATIONS_FILE, layOut(ANNOTATIONS_FILE, annotationsIdl));
  }
  return {
    outputs: [...outputs].map(([path, text]) => ({ path, text })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    diagnostics: collector.sorted(),
    sources,
  };
}

function printFile(idl: IdlFile): string {
  const { file, collector } = idl;
  if (file.package === "") collector.report("RPC8011", file.source.span(0, 0), { package: packageOf(file) });
  const body = file.declarations.flatMap((each) => {
    if (each.kind === "message") return printMessage(each, idl);
    return each.kind === "enum" ? printEnum(each, idl) : printService(each, idl);
  });
  idl.leave(file.options, { offset: 0, name: "" });
  idl.reportOptions();
  for (const each of extensionsOf(file)) collector.report("RPC8005", idl.span(each), { name: each.path });
  const head = file.head.map((line) => `// ${line}`.trimEnd());
  return [...head, ...(head.length > 0 ? [""] : []), `package ${packageOf(file)};`, "", ...idl.importLines(), ...body, ""].join("\n");
}

function extensionsOf(file: ProtoFile): ProtoField[] {
  const within = (message: ProtoMessage): ProtoField[] => [
    ...message.extensions,
    ...message.nested.flatMap((each) => (each.kind === "message" ? within(each) : [])),
  ];
  return [...file.extensions, ...file.declarations.flatMap((each) => (each.kind === "message" ? within(each) : []))];
}

/** Text that our own parser refuses is a mistake of the importer's; it is handed on, for `check` to say where. */
function layOut(path: string, text: string): string {
  return format(new SourceFile(path, text)).text ?? text;
}

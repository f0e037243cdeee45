/** Reads .proto files and what they import, through a function that it is given. */
import { diagnostic, type Collector } from "../diagnostics/collector.js";
import { SourceFile } from "../text/source-file.js";
import type { ProtoFile } from "./proto-file.js";
import { readProto } from "./read-proto.js";
import { wellKnownFiles } from "./well-known.js";

/** Gives the text of an import name, and the path that findings call it; undefined where no include path has it. */
export type ReadProtoSource = (name: string) => { readonly path: string; readonly text: string } | undefined;

export interface LoadedProtos {
  /** By import name: the roots and all that they import. */
  readonly files: ReadonlyMap<string, ProtoFile>;
  /** By the path that findings call them. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export function loadProtos(roots: readonly string[], read: ReadProtoSource, collector: Collector): LoadedProtos {
  const files = new Map<string, ProtoFile>();
  const sources = new Map<string, SourceFile>();
  const tried = new Set<string>();
  const queue: { readonly name: string; readonly from?: ProtoFile; readonly offset: number }[] = roots.map((name) => ({ name, offset: 0 }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { name, from, offset } = next;
    if (tried.has(name)) continue;
    tried.add(name);
    const builtIn = wellKnownFiles.get(name);
    const found = read(name) ?? (builtIn === undefined ? undefined : { path: name, text: builtIn });
    if (found === undefined) {
      // Options are declared by extending descriptor.proto, and neither is carried over.
      if (name === "google/protobuf/descriptor.proto") continue;
      const span = from === undefined ? { file: name, start: 0, end: 0 } : from.source.span(offset, offset + "import".length);
      collector.add([diagnostic("RPC8002", span, { name })]);
      continue;
    }
    const source = new SourceFile(found.path, found.text);
    sources.set(found.path, source);
    const result = readProto(source, name);
    if ("reason" in result) {
      const start = lineStart(source.text, result.line);
      collector.report("RPC8001", source.span(start, start + source.line(result.line).length), { reason: result.reason });
      continue;
    }
    files.set(name, result.file);
    for (const imported of result.file.imports) queue.push({ name: imported.name, from: result.file, offset: imported.offset });
  }
  return { files, sources };
}

function lineStart(text: string, line: number): number {
  let at = 0;
  for (let left = line - 1; left > 0; left -= 1) at = text.indexOf("\n", at) + 1;
  return at;
}

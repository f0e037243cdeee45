/** Reads .proto files and what they import, through a function that it is given. */
import { placesAlong, showChain } from "../checker/cycle-chain.js";
import { findCycles } from "../checker/find-cycles.js";
import type { Collector } from "../diagnostics/collector.js";
import { SourceFile } from "../text/source-file.js";
import { unreadNames } from "./places.js";
import type { ProtoFile } from "./proto-file.js";
import { readProto } from "./read-proto.js";
import { wellKnownFiles } from "./well-known.js";

/** What stands behind an import name. `path` is what findings call it. */
export type ProtoSource =
  | { readonly path: string; readonly text: string }
  /** Something that cannot be read: why, as the end of a sentence. */
  | { readonly path: string; readonly reason: string }
  /** Nothing, but below a folder that is no include path there is a file of that name. */
  | { readonly folder: string };

/** Gives what an import name means, undefined where no include path has it. `from` is the path of the file that imports it. */
export type ReadProtoSource = (name: string, from: string | undefined) => ProtoSource | undefined;

export interface LoadedProtos {
  /** By import name: the roots and all that they import. */
  readonly files: ReadonlyMap<string, ProtoFile>;
  /** Import names that could not be read, which a finding says. */
  readonly failed: ReadonlySet<string>;
  /** By the path that findings call them. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export function loadProtos(roots: readonly string[], read: ReadProtoSource, collector: Collector): LoadedProtos {
  const files = new Map<string, ProtoFile>();
  const sources = new Map<string, SourceFile>();
  const failed = new Set<string>();
  const loaded = new Set<string>();
  const queue: { readonly name: string; readonly from?: ProtoFile; readonly offset: number }[] = roots.map((name) => ({ name, offset: 0 }));
  // An array is walked in order, so that what is added on the way is visited too.
  for (const { name, from, offset } of queue) {
    if (loaded.has(name)) continue;
    const builtIn = wellKnownFiles.get(name);
    const given = read(name, from?.source.path);
    const found = (given === undefined || "folder" in given) && builtIn !== undefined ? { path: name, text: builtIn } : given;
    const place = from === undefined ? { file: name, start: 0, end: 0 } : from.source.span(offset, offset + name.length + 2);
    if (found === undefined || "folder" in found) {
      // Options are declared by extending descriptor.proto, and neither is carried over.
      if (name === "google/protobuf/descriptor.proto") continue;
      collector.report("RPC8002", place, { name, folder: found?.folder });
      failed.add(name);
      continue;
    }
    if ("reason" in found) {
      collector.report("RPC7004", place, { path: found.path, reason: found.reason });
      failed.add(name);
      continue;
    }
    loaded.add(name);
    const source = new SourceFile(found.path, found.text);
    sources.set(found.path, source);
    const result = readProto(source, name);
    if ("syntax" in result) {
      collector.report("RPC8015", source.span(result.offset, result.offset + result.syntax.length + 2), { syntax: result.syntax });
      failed.add(name);
      continue;
    }
    if ("reason" in result) {
      const start = lineStart(source.text, result.line);
      collector.report("RPC8001", source.span(start, start + source.line(result.line).length), { reason: result.reason });
      failed.add(name);
      continue;
    }
    for (const at of unreadNames(source.text)) collector.report("RPC8014", source.span(at, at + "__proto__".length), {});
    files.set(name, result.file);
    for (const imported of result.file.imports) queue.push({ name: imported.name, from: result.file, offset: imported.offset });
  }
  reportCycles(files, new Set(roots), collector);
  return { files, failed, sources };
}

/** One finding for each knot of files, at an import that is part of it; the others of its cycle are told beside. */
function reportCycles(files: ReadonlyMap<string, ProtoFile>, roots: ReadonlySet<string>, collector: Collector): void {
  const importedBy = (name: string) => (files.get(name)?.imports ?? []).map((each) => each.name);
  for (const { path } of findCycles(files.keys(), importedBy, (name) => roots.has(name))) {
    const spans = path.flatMap((name, at) => {
      const file = files.get(name);
      const next = path[(at + 1) % path.length];
      const found = file?.imports.find((each) => each.name === next);
      return file === undefined || found === undefined ? [] : [file.source.span(found.offset, found.offset + found.name.length + 2)];
    });
    const chain = showChain([...path, ...path.slice(0, 1)]);
    collector.report("RPC8016", spans[0], { chain }, { related: placesAlong(spans, "by way of this import") });
  }
}

function lineStart(text: string, line: number): number {
  let at = 0;
  for (let left = line - 1; left > 0; left -= 1) at = text.indexOf("\n", at) + 1;
  return at;
}

/** Reads and parses the roots of a program and everything that they import. */
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { FileNode } from "../parser/ast.js";
import { SourceFile } from "../text/source-file.js";
import { showChain } from "./cycle-chain.js";
import { normalisePath, resolveImport } from "./import-paths.js";
import type { LoadedFile, LoadedImport, Program } from "./program.js";

/** Why something that is there cannot be read, as the end of a sentence: "it is a directory". */
export interface ReadFailure {
  readonly reason: string;
}

/** The text at a path; undefined where nothing is. Paths are normalised and have forward slashes. */
export type ReadSource = (path: string) => string | undefined | ReadFailure;

export type ParseSource = (source: SourceFile) => { readonly file: FileNode; readonly diagnostics: readonly Diagnostic[] };

export interface LoadResult {
  readonly program: Program;
  /** By path: every text that was read, for showing diagnostics. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** What parsing found, and every import that failed. */
  readonly diagnostics: readonly Diagnostic[];
  /** Roots that could not be read; without a reason, nothing is there. They are no part of the program. */
  readonly unreadRoots: readonly { readonly path: string; readonly reason?: string }[];
}

interface OpenFile extends LoadedFile {
  readonly imports: (LoadedImport & { file?: LoadedFile })[];
}

export function loadProgram(roots: readonly string[], read: ReadSource, parse: ParseSource): LoadResult {
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, SourceFile>();
  const files = new Map<string, OpenFile | undefined | ReadFailure>();

  function open(path: string): OpenFile | undefined | ReadFailure {
    if (files.has(path)) return files.get(path);
    const text = read(path);
    const file = typeof text === "string" ? parseFile(path, text) : text;
    files.set(path, file);
    return file;
  }

  function parseFile(path: string, text: string): OpenFile {
    const source = new SourceFile(path, text);
    const parsed = parse(source);
    sources.set(path, source);
    diagnostics.push(...parsed.diagnostics);
    const broken = parsed.diagnostics.some((found) => found.severity === "error");
    return { path, node: parsed.file, imports: [], lostNames: broken ? lostNames(source, parsed.file) : new Set() };
  }

  const reached = new Set<OpenFile>();
  const unreadRoots: { path: string; reason?: string }[] = [];
  for (const path of new Set(roots.map(normalisePath))) {
    const file = open(path);
    if (file === undefined) unreadRoots.push({ path });
    else if ("reason" in file) unreadRoots.push({ path, reason: file.reason });
    else reached.add(file);
  }
  const rootFiles = [...reached];
  for (const file of reached) {
    for (const node of file.node.imports) {
      const path = resolveImport(file.path, node.path.value);
      const entry: LoadedImport & { file?: LoadedFile } = { node, path };
      file.imports.push(entry);
      if (path === file.path) {
        diagnostics.push(diagnostic("RPC2007", node.path.span, { path: node.path.value }));
        continue;
      }
      const target = open(path);
      if (target === undefined) {
        diagnostics.push(diagnostic("RPC2004", node.path.span, { path: node.path.value, resolved: path }));
      } else if ("reason" in target) {
        diagnostics.push(diagnostic("RPC2005", node.path.span, { path: node.path.value, reason: target.reason }));
      } else {
        entry.file = target;
        reached.add(target);
      }
    }
  }
  const ordered = new Set<LoadedFile>();
  for (const root of rootFiles) orderFrom(root, ordered, diagnostics);
  return { program: { files: [...ordered] }, sources, diagnostics, unreadRoots };
}

/** Depth first from `root`, without recursion: imports before importers, and a finding for each import that closes a cycle. */
function orderFrom(root: LoadedFile, done: Set<LoadedFile>, diagnostics: Diagnostic[]): void {
  if (done.has(root)) return;
  const path: { readonly file: LoadedFile; next: number }[] = [{ file: root, next: 0 }];
  const open = new Set<LoadedFile>([root]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const imported = top.file.imports[top.next];
    if (imported === undefined) {
      path.pop();
      open.delete(top.file);
      done.add(top.file);
      continue;
    }
    top.next += 1;
    const target = imported.file;
    if (target === undefined || done.has(target)) continue;
    if (!open.has(target)) {
      open.add(target);
      path.push({ file: target, next: 0 });
      continue;
    }
    const cycle = path.slice(path.findIndex((entry) => entry.file === target)).map((entry) => entry.file.path);
    diagnostics.push(diagnostic("RPC2006", imported.node.path.span, { chain: showChain([...cycle, target.path]) }));
  }
}

const declarationHead = /\b(?:const|alias|enum|struct|message|union|error|service|annotation)\s+([A-Za-z_][A-Za-z0-9_]*)/g;

function lostNames(source: SourceFile, file: FileNode): ReadonlySet<string> {
  const lost = new Set<string>();
  for (const match of source.text.matchAll(declarationHead)) if (match[1] !== undefined) lost.add(match[1]);
  for (const declaration of file.declarations) lost.delete(declaration.name.text);
  return lost;
}

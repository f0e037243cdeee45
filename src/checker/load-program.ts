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

/** A file that a program has by another path, which leads to it as well: by a symbolic link, say. */
export interface SameSource {
  /** The path that the program has it by: a root's, or that which was asked for first. */
  readonly sameAs: string;
}

/** The text at a path; undefined where nothing is. Paths are normalised and have forward slashes. */
export type ReadSource = (path: string) => string | undefined | ReadFailure | SameSource;

export type ParseSource = (source: SourceFile) => {
  readonly file: FileNode;
  readonly diagnostics: readonly Diagnostic[];
};

export interface LoadResult {
  readonly program: Program;
  /** By path: every text that was read, for showing diagnostics. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** What parsing found, and every import that failed. */
  readonly diagnostics: readonly Diagnostic[];
  /** Roots that could not be read; without a reason, nothing is there. They are no part of the program. */
  readonly unreadRoots: readonly { readonly path: string; readonly reason?: string }[];
}

/** A file while its imports are being followed. */
interface OpenFile extends LoadedFile {
  readonly imports: LoadedImport[];
}

export function loadProgram(roots: readonly string[], read: ReadSource, parse: ParseSource): LoadResult {
  const loader = new ProgramLoader(read, parse);
  const unreadRoots: { path: string; reason?: string }[] = [];
  const reached = new Set<OpenFile>();
  for (const path of new Set(roots.map(normalisePath))) {
    const file = loader.open(path);
    if (file === undefined) unreadRoots.push({ path });
    else if ("reason" in file) unreadRoots.push({ path, reason: file.reason });
    else reached.add(file);
  }
  const rootFiles = [...reached];
  for (const file of reached) for (const target of loader.followImports(file)) reached.add(target);
  const ordered = new Set<LoadedFile>();
  for (const root of rootFiles) orderFrom(root, ordered, loader.diagnostics);
  return { program: { files: [...ordered] }, sources: loader.sources, diagnostics: loader.diagnostics, unreadRoots };
}

class ProgramLoader {
  readonly sources = new Map<string, SourceFile>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #read: ReadSource;
  readonly #parse: ParseSource;
  readonly #opened = new Map<string, OpenFile | ReadFailure | undefined>();

  constructor(read: ReadSource, parse: ParseSource) {
    this.#read = read;
    this.#parse = parse;
  }

  /** Reads and parses what is at a path, the first time. */
  open(path: string): OpenFile | ReadFailure | undefined {
    if (this.#opened.has(path)) return this.#opened.get(path);
    const read = this.#read(path);
    const file = typeof read === "string" ? this.#parseFile(new SourceFile(path, read)) : read !== undefined && "sameAs" in read ? this.open(read.sameAs) : read;
    this.#opened.set(path, file);
    return file;
  }

  /** Opens the imports of a file, and returns those that could be read. The others are reported, each path once. */
  followImports(file: OpenFile): OpenFile[] {
    const targets: OpenFile[] = [];
    const failed = new Set<string>();
    for (const node of file.node.imports) {
      const written = node.path.value;
      const path = resolveImport(file.path, written);
      const target = this.open(path);
      if (target !== undefined && !("reason" in target) && target !== file) {
        file.imports.push({ node, path: target.path, file: target });
        targets.push(target);
        continue;
      }
      file.imports.push({ node, path: target === file ? file.path : path });
      if (failed.has(path)) continue;
      failed.add(path);
      if (target === undefined)
        this.diagnostics.push(diagnostic("RPC2004", node.path.span, { path: written, resolved: path }));
      else if (!("reason" in target)) this.diagnostics.push(diagnostic("RPC2007", node.path.span, { path: written }));
      else this.diagnostics.push(diagnostic("RPC2005", node.path.span, { path: written, reason: target.reason }));
    }
    return targets;
  }

  #parseFile(source: SourceFile): OpenFile {
    const { file, diagnostics } = this.#parse(source);
    this.sources.set(source.path, source);
    for (const found of diagnostics) this.diagnostics.push(found);
    const isWhole = !diagnostics.some((found) => found.severity === "error");
    return {
      path: source.path,
      node: file,
      imports: [],
      isWhole,
      lostNames: isWhole ? new Set() : lostNames(source, file),
    };
  }
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

const declarationHead =
  /\b(?:const|alias|enum|struct|message|union|error|service|annotation)\s+([A-Za-z_][A-Za-z0-9_]*)/g;

function lostNames(source: SourceFile, file: FileNode): ReadonlySet<string> {
  const lost = new Set<string>();
  for (const match of source.text.matchAll(declarationHead)) if (match[1] !== undefined) lost.add(match[1]);
  for (const declaration of file.declarations) lost.delete(declaration.name.text);
  return lost;
}

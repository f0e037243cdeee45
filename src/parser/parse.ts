/** Text to syntax tree. Whatever the text, it takes bounded time and comes back with a tree and its findings. */
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../text/source-file.js";
import type { Comment, FileNode } from "./ast.js";
import { Findings } from "./findings.js";
import { Grammar } from "./grammar/grammar.js";
import { DocComments, type DocLine } from "./lexer/doc-comments.js";
import { lex } from "./lexer/lexer.js";

export interface ParsedFile {
  /** What could be read. Declarations and members that could not are left out, each with a finding. */
  readonly file: FileNode;
  /** In the order of the text. */
  readonly diagnostics: Diagnostic[];
}

/** In UTF-16 code units: room for ten thousand messages, and little enough that no text takes long. */
export const LENGTH_LIMIT = 4 * 1024 * 1024;

let grammar: Grammar | undefined;

export function parse(source: SourceFile): ParsedFile {
  if (source.text.length > LENGTH_LIMIT) return refuseLength(source);
  const lexical = new Findings();
  const syntactic = new Findings();
  const lexed = lex(source, lexical);
  const docs = new DocComments(source, lexed.docs);
  grammar ??= new Grammar();
  const file = grammar.parse(source, lexed, docs, syntactic);
  const strays = [...docs.rest(), ...lexed.trailingDocs];
  // Where something was broken off, its docs are left over too: that would be a second finding for one mistake.
  if (lexical.count + syntactic.count === 0)
    for (const line of strays) lexical.report("RPC1012", source.span(line.start, line.end), {});
  const comments = [...lexed.comments, ...strays.map((line) => commentOf(source, line))];
  return {
    file: { ...file, comments: strays.length === 0 ? comments : comments.sort((a, b) => a.span.start - b.span.start) },
    diagnostics: lexical.mergedWith(syntactic),
  };
}

function refuseLength(source: SourceFile): ParsedFile {
  return {
    file: {
      path: source.path,
      packages: [],
      imports: [],
      declarations: [],
      comments: [],
      span: source.span(0, source.text.length),
    },
    diagnostics: [diagnostic("RPC7011", source.span(0, 0), { length: source.text.length, limit: LENGTH_LIMIT })],
  };
}

function commentOf(source: SourceFile, line: DocLine): Comment {
  return { text: line.text, span: source.span(line.start, line.end) };
}

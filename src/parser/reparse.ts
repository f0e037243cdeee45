/** Parses the next version of a text by parsing what changed: the declarations around it, and none of the others. */
import { SourceFile } from "../text/source-file.js";
import type { Span } from "../text/span.js";
import type { Comment, DeclarationNode } from "./ast.js";
import { LENGTH_LIMIT, parse, type ParsedFile } from "./parse.js";

/** A text and what was parsed from it. */
export interface Version extends ParsedFile {
  readonly source: SourceFile;
}

/**
 * What `parse(source)` gives, from the version before. Only where both are without findings, and the change lies behind
 * the head of the file, between ends of lines that are between declarations; elsewhere all is parsed.
 */
export function reparse(source: SourceFile, before: Version): ParsedFile {
  return reparsed(source, before) ?? parse(source);
}

function reparsed(source: SourceFile, { source: old, file, diagnostics }: Version): ParsedFile | undefined {
  if (diagnostics.length > 0 || source.text.length > LENGTH_LIMIT) return undefined;
  const { declarations, comments } = file;
  const same = sharedEnds(old.text, source.text);
  const heads = [...file.packages, ...file.imports].map(({ span }) => span.end);
  const headEnd = lineEnd(old.text, heads.reduce((last, end) => Math.max(last, end), 0));

  // The last declaration that ends before the change, and the first that begins behind it, each with the rest of its line.
  let first = declarations.findIndex(({ span }) => (lineEnd(old.text, span.end) ?? Infinity) > same.head);
  if (first === -1) first = declarations.length;
  let start = first === 0 ? headEnd : lineEnd(old.text, declarations[first - 1]?.span.end ?? 0);
  while (start === undefined && first > 0) {
    first -= 1;
    start = first === 0 ? headEnd : lineEnd(old.text, declarations[first - 1]?.span.end ?? 0);
  }
  const oldTail = old.text.length - same.tail;
  let last = first;
  let end: number | undefined = start;
  // The line break before what is kept must be there still.
  while (end === undefined || end <= oldTail) {
    if (last === declarations.length) {
      end = old.text.length;
      break;
    }
    end = lineEnd(old.text, declarations[last]?.span.end ?? 0);
    last += 1;
  }
  if (start === undefined || headEnd === undefined || start < headEnd || start > same.head) return undefined;

  const by = source.text.length - old.text.length;
  // Blanks for what stands before, so that places are right.
  const middle = parse(new SourceFile(source.path, " ".repeat(start - 1) + "\n" + source.text.slice(start, end + by)));
  if (middle.diagnostics.length > 0 || middle.file.packages.length > 0 || middle.file.imports.length > 0) return undefined;
  const from = start;
  const to = end;
  return {
    file: {
      ...file,
      declarations: [...declarations.slice(0, first), ...middle.file.declarations, ...moved<DeclarationNode>(declarations.slice(last), by)],
      comments: [
        ...comments.filter(({ span }) => span.start < from),
        ...middle.file.comments,
        ...moved<Comment>(comments.filter(({ span }) => span.start >= to), by),
      ],
      span: { ...file.span, end: file.span.end + by },
    },
    diagnostics: [],
  };
}

/** How much two texts have in common at their beginnings and, behind that, at their ends. */
function sharedEnds(a: string, b: string): { readonly head: number; readonly tail: number } {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a.charCodeAt(head) === b.charCodeAt(head)) head += 1;
  let tail = 0;
  while (tail < most - head && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail)) tail += 1;
  return { head, tail };
}

/** The beginning of the next line, if there are only blanks up to it. */
function lineEnd(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) return at + 1;
    if (code !== 32 && code !== 9 && code !== 13) return undefined;
  }
  return undefined;
}

/** Copies of nodes, as they would be so many units further on. */
function moved<Node extends object>(nodes: readonly Node[], by: number): readonly Node[] {
  return by === 0 ? nodes : nodes.map((node) => move(node, by));
}

function move<Node extends object>(node: Node, by: number): Node {
  if (isSpan(node)) return { file: node.file, start: node.start + by, end: node.end + by } as unknown as Node;
  if (Array.isArray(node)) return node.map((item: object) => move(item, by)) as unknown as Node;
  const copy = { ...node };
  for (const key in copy) {
    const part = copy[key];
    if (typeof part === "object" && part !== null) copy[key] = move(part, by);
  }
  return copy;
}

function isSpan(node: object): node is Span {
  return "file" in node && "start" in node;
}

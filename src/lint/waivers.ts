/** Comments that waive rules: `// lint-ignore RULE, RULE: reason`, and `// lint-ignore-file RULE: reason`. */
import type { Comment, FileNode } from "../parser/ast.js";
import type { SourceFile } from "../text/source-file.js";
import type { Span } from "../text/span.js";
import type { DeclarationSubject, LintedFile, LintProgram } from "./program.js";

export interface Waiver {
  readonly comment: Comment;
  /** The rules, each with its own place. */
  readonly slugs: readonly { readonly slug: string; readonly span: Span }[];
  /** Empty where none is given. */
  readonly reason: string;
  /** What it covers: the file, the line that it ends, or the declaration or member below it in its block, documentation included. */
  readonly start: number;
  readonly end: number;
}

const OPENING = /^(?:\/\/|\/\*)\s*lint-ignore(-file)?(?![\w-])/;

export function waiversIn(program: LintProgram, file: LintedFile): Waiver[] {
  const comments = file.node.comments.flatMap((comment) => {
    const match = OPENING.exec(comment.text);
    return match === null ? [] : [{ comment, match }];
  });
  if (comments.length === 0) return [];
  const nodes = [...program.namedIn(file).map(({ node }) => node), ...file.node.imports, ...file.node.packages];
  nodes.sort((a, b) => a.span.start - b.span.start);
  return comments.flatMap(({ comment, match }) => {
    const [opening, whole] = match;
    const [names = "", ...reason] = comment.text.slice(opening.length).replace(/\*\/$/, "").split(":");
    // No rule is called so: it is a comment on waivers.
    if (names.includes("*")) return [];
    const covered = whole === undefined ? coveredBy(nodes, file.source, comment) : { start: 0, end: Infinity };
    const from = comment.span.start + opening.length;
    const slugs = [...names.matchAll(/[^\s,]+/g)].map(({ 0: slug, index }) => {
      return { slug, span: { file: comment.span.file, start: from + index, end: from + index + slug.length } };
    });
    return [{ comment, slugs, reason: reason.join(":").trim(), ...covered }];
  });
}

type Covered = Pick<DeclarationSubject["node"], "span" | "doc" | "name"> | FileNode["imports" | "packages"][number];

/** The nodes are in the order of their places. */
function coveredBy(nodes: readonly Covered[], source: SourceFile, { span }: Comment): { readonly start: number; readonly end: number } {
  const { line, column } = source.position(span.start);
  const isBehindCode = source.line(line).slice(0, column - 1).trim() !== "";
  if (isBehindCode) {
    const start = span.start - (column - 1);
    return { start, end: start + source.line(line).length };
  }
  const next = lowerBound(nodes, span.end, (each) => each.span.start);
  const around = enclosing(nodes, next, span);
  // Between the annotations of a declaration and its name.
  if (around !== undefined && "name" in around && around.name.span.start > span.start) return around.span;
  const below = nodes[next];
  if (below === undefined || below.span.end > (around?.span.end ?? Infinity)) return { start: span.start, end: span.start };
  const doc = "doc" in below ? below.doc : undefined;
  return { start: Math.min(span.start, doc?.span.start ?? span.start), end: below.span.end };
}

/** The innermost node around a place, before which `next` nodes begin. */
function enclosing(nodes: readonly Covered[], next: number, { start, end }: Span): Covered | undefined {
  for (let at = next - 1; at >= 0; at--) {
    const node = nodes[at];
    if (node !== undefined && node.span.start < start && node.span.end > end) return node;
  }
  return undefined;
}

/** How many of them, which are in order, come before a place. */
export function lowerBound<T>(items: readonly T[], place: number, placeOf: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeOf(items[middle] as T) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

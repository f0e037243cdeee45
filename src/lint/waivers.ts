/** Comments that waive rules: `// lint-ignore RULE, RULE: reason`, and `// lint-ignore-file RULE: reason`. */
import type { Comment } from "../parser/ast.js";
import type { Span } from "../text/span.js";
import type { LintedFile, LintProgram } from "./program.js";

export interface Waiver {
  readonly comment: Comment;
  /** The rules, each with its own place. */
  readonly slugs: readonly { readonly slug: string; readonly span: Span }[];
  /** Empty where none is given. */
  readonly reason: string;
  /** What it covers: the file, the line that it ends, or the declaration or member below it, documentation included. */
  readonly start: number;
  readonly end: number;
}

const OPENING = /^(?:\/\/|\/\*)\s*lint-ignore(-file)?(?![\w-])/;

export function waiversIn(program: LintProgram, file: LintedFile): Waiver[] {
  return file.node.comments.flatMap((comment) => {
    const match = OPENING.exec(comment.text);
    if (match === null) return [];
    const [opening, whole] = match;
    const [names = "", ...reason] = comment.text.slice(opening.length).replace(/\*\/$/, "").split(":");
    // No rule is called so: it is a comment on waivers.
    if (names.includes("*")) return [];
    const covered = whole === undefined ? coveredBy(program, file, comment) : { start: 0, end: Infinity };
    const from = comment.span.start + opening.length;
    const slugs = [...names.matchAll(/[^\s,]+/g)].map(({ 0: slug, index }) => {
      return { slug, span: { file: comment.span.file, start: from + index, end: from + index + slug.length } };
    });
    return [{ comment, slugs, reason: reason.join(":").trim(), ...covered }];
  });
}

function coveredBy(program: LintProgram, { source, node }: LintedFile, { span }: Comment): { readonly start: number; readonly end: number } {
  const { line, column } = source.position(span.start);
  const isBehindCode = source.line(line).slice(0, column - 1).trim() !== "";
  if (isBehindCode) {
    const start = span.start - (column - 1);
    return { start, end: start + source.line(line).length };
  }
  const below = [...program.named.filter((subject) => subject.file.node === node).map((subject) => subject.node), ...node.imports, ...node.packages]
    .filter((each) => each.span.start >= span.end)
    .sort((a, b) => a.span.start - b.span.start)[0];
  if (below === undefined) return { start: span.start, end: span.start };
  const doc = "doc" in below ? below.doc : undefined;
  return { start: Math.min(span.start, doc?.span.start ?? span.start), end: below.span.end };
}

/** Text to tokens: comments and docs set aside, and everything reported that no grammar rule will ever see. */
import { Lexer, type IToken } from "chevrotain";
import type { SourceFile } from "../../text/source-file.js";
import type { Comment } from "../ast.js";
import type { Findings } from "../findings.js";
import type { DocLine } from "./doc-comments.js";
import { inDoubleQuotes } from "./string-literal.js";
import {
  Garbage,
  HashComment,
  Identifier,
  SingleQuotedString,
  UnterminatedComment,
  UnterminatedString,
  vocabulary,
} from "./tokens.js";

export interface LexedFile {
  readonly tokens: IToken[];
  readonly comments: Comment[];
  /** The `///` lines that are the first thing on their lines. */
  readonly docs: readonly DocLine[];
  /** The `///` lines behind something else, which document nothing. */
  readonly trailingDocs: readonly DocLine[];
  /** Ascending offsets of what was reported here: a parse error next to one has been explained already. */
  readonly damage: readonly number[];
}

let lexer: Lexer | undefined;

export function lex(source: SourceFile, findings: Findings): LexedFile {
  lexer ??= new Lexer(vocabulary, { positionTracking: "onlyOffset", ensureOptimizations: true, skipValidations: true });
  const { tokens, groups } = lexer.tokenize(source.text);
  const damaged = groups["damage"] ?? [];
  for (const token of damaged) reportDamage(source, token, findings);
  const lines = (groups["docs"] ?? []).map((token) => ({
    text: token.image,
    start: token.startOffset,
    end: endOf(token),
  }));
  return {
    tokens,
    comments: (groups["comments"] ?? []).map((token) => ({
      text: token.image,
      span: source.span(token.startOffset, endOf(token)),
    })),
    docs: lines.filter((line) => opensLine(source.text, line.start)),
    trailingDocs: lines.filter((line) => !opensLine(source.text, line.start)),
    damage: [...damaged.map((token) => token.startOffset), ...reportTokens(source, tokens, findings)].sort(
      (a, b) => a - b,
    ),
  };
}

/** Where a token ends; tokens carry only their start. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** Whether only blanks stand before `offset` on its line. */
export function opensLine(text: string, offset: number): boolean {
  for (let at = offset - 1; at >= 0; at--) {
    const char = text.charAt(at);
    if (char === "\n") return true;
    if (char !== " " && char !== "\t" && char !== "\r") return false;
  }
  return true;
}

function reportDamage(source: SourceFile, token: IToken, findings: Findings): void {
  const { startOffset: start, tokenType, image } = token;
  if (tokenType === UnterminatedComment) findings.report("RPC1003", source.span(start, start + 2), {});
  else if (tokenType === HashComment) findings.report("RPC1010", source.span(start, endOf(token)), {});
  else if (tokenType === Garbage) {
    const character = String.fromCodePoint(image.codePointAt(0) ?? 0);
    findings.report("RPC1001", source.span(start, start + character.length), { character });
  }
}

/**
 * Reports the faulty tokens that stay in the stream, and says where those are that have swallowed what comes after
 * them.
 */
function reportTokens(source: SourceFile, tokens: readonly IToken[], findings: Findings): number[] {
  const damage: number[] = [];
  const foreign = /[^\u0000-\u007f]/.test(source.text);
  for (const token of tokens) {
    const start = token.startOffset;
    if (token.tokenType === UnterminatedString) {
      findings.report("RPC1004", source.span(start, endOf(token)), {});
      damage.push(start);
    } else if (token.tokenType === SingleQuotedString) {
      findings.report("RPC1009", source.span(start, endOf(token)), { written: inDoubleQuotes(token.image) });
    } else if (foreign && token.tokenType === Identifier) {
      const at = token.image.search(/[^\u0000-\u007f]/);
      if (at === -1) continue;
      const character = String.fromCodePoint(token.image.codePointAt(at) ?? 0);
      findings.report("RPC1002", source.span(start + at, start + at + character.length), {
        name: token.image,
        character,
      });
      damage.push(start);
    }
  }
  return damage;
}

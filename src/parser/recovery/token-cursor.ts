/** How recovery looks at the tokens around the parser: a step back, any number ahead, and over what it gives up. */
import { EOF, tokenMatcher, type IToken, type TokenType } from "chevrotain";
import { endOf } from "../lexer/lexer.js";
import { Identifier } from "../lexer/tokens.js";

export interface TokenCursor {
  /** The text of the file. */
  readonly text: string;
  /** 1 is the next token, 2 the one behind it, 0 the last that was read; past either end, the end of the file. */
  peek(ahead: number): IToken;
  /** Gives up the next token. */
  skip(): void;
}

export function isName(token: IToken): boolean {
  return tokenMatcher(token, Identifier);
}

export function isType(token: IToken, ...types: readonly TokenType[]): boolean {
  for (let at = 0; at < types.length; at++) {
    const type = types[at];
    if (type !== undefined && tokenMatcher(token, type)) return true;
  }
  return false;
}

/** Where the next token begins: the end of the text behind the last one. */
export function nextStart(cursor: TokenCursor): number {
  const next = cursor.peek(1);
  return next.tokenType === EOF ? cursor.text.length : next.startOffset;
}

/** Where the last token ends: the start of the text before the first one. */
export function previousEnd(cursor: TokenCursor): number {
  const previous = cursor.peek(0);
  return previous.tokenType === EOF ? 0 : endOf(previous);
}

/** Whether the next token stands on a later line than the last one. The first token does, and the end of the file. */
export function nextOpensLine(cursor: TokenCursor): boolean {
  if (cursor.peek(0).tokenType === EOF || cursor.peek(1).tokenType === EOF) return true;
  return cursor.text.slice(previousEnd(cursor), nextStart(cursor)).includes("\n");
}

/** Reads a token as one of another type: what it was meant to be. The mistake has been reported. */
export function mend(token: IToken, type: TokenType): void {
  token.tokenType = type;
  if (type.tokenTypeIdx !== undefined) token.tokenTypeIdx = type.tokenTypeIdx;
}

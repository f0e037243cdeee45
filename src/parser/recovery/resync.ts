/**
 * Where reading goes on after a mistake: at the end of the broken member, list item or declaration, and never farther.
 */
import { EOF, type TokenType } from "chevrotain";
import {
  Comma,
  LeftBrace,
  LeftBracket,
  LeftParen,
  RightBrace,
  RightBracket,
  RightParen,
  Semicolon,
} from "../lexer/tokens.js";
import { resemblesDeclaration, startsDeclaration, startsMember } from "./shapes.js";
import { isType, nextOpensLine, type TokenCursor } from "./token-cursor.js";

/**
 * Up to and with the `;` that ends the broken member, or up to the `}`, member or declaration before which it was
 * broken off.
 */
export function toEndOfMember(cursor: TokenCursor): void {
  while (cursor.peek(1).tokenType !== EOF) {
    const type = cursor.peek(1).tokenType;
    if (type === RightBrace) return;
    if (nextOpensLine(cursor) && (startsMember(cursor) || startsDeclaration(cursor))) return;
    if (type === LeftBrace) return skipPair(cursor, LeftBrace, RightBrace);
    cursor.skip();
    if (type === Semicolon) return;
  }
}

/** Up to the `,` or the closing mark behind the broken item; not over the end of the member. */
export function toEndOfItem(cursor: TokenCursor): void {
  let depth = 0;
  while (cursor.peek(1).tokenType !== EOF) {
    const type = cursor.peek(1).tokenType;
    if (isType(cursor.peek(1), Semicolon, LeftBrace, RightBrace)) return;
    if (depth === 0 && isType(cursor.peek(1), Comma, RightParen, RightBracket)) return;
    if (nextOpensLine(cursor) && startsDeclaration(cursor)) return;
    if (type === LeftParen || type === LeftBracket) depth++;
    if (type === RightParen || type === RightBracket) depth--;
    cursor.skip();
  }
}

/** Up to the next declaration that stands where one may begin, or what was meant as one. */
export function toNextDeclaration(cursor: TokenCursor): void {
  while (cursor.peek(1).tokenType !== EOF) {
    if ((nextOpensLine(cursor) || isType(cursor.peek(0), Semicolon, RightBrace)) && startsDeclaration(cursor)) return;
    if (atMargin(cursor) && resemblesDeclaration(cursor)) return;
    cursor.skip();
  }
}

/** Over a pair of marks and all between them. An unclosed pair ends before a declaration at the start of a line. */
export function skipPair(cursor: TokenCursor, open: TokenType, close: TokenType): void {
  let depth = 0;
  while (cursor.peek(1).tokenType !== EOF) {
    const type = cursor.peek(1).tokenType;
    if (depth > 0 && atMargin(cursor) && startsDeclaration(cursor)) return;
    cursor.skip();
    if (type === open) depth++;
    else if (type === close && --depth <= 0) return;
  }
}

/** Whether the next token is at the very start of its line, where only declarations stand. */
function atMargin(cursor: TokenCursor): boolean {
  return cursor.text.charAt(cursor.peek(1).startOffset - 1) === "\n";
}

/**
 * What the next tokens look like, as far as recovery and contextual keywords need to know. Nothing here reads a token.
 */
import { EOF, type IToken, type TokenType } from "chevrotain";
import {
  Alias,
  AnnotationKeyword,
  At,
  Colon,
  Comma,
  Const,
  Dot,
  Enum,
  Equals,
  ErrorKeyword,
  Greater,
  Import,
  LeftBrace,
  LeftBracket,
  LeftParen,
  Less,
  Message,
  NumberLiteral,
  On,
  Package,
  Question,
  Reserved,
  RightBracket,
  RightParen,
  Semicolon,
  Service,
  Stream,
  StringLiteral,
  Struct,
  Throws,
  Union,
} from "../lexer/tokens.js";
import { isName, isType, type TokenCursor } from "./token-cursor.js";

/** No shape is looked for farther ahead, so that looking from every token of a long file stays linear. */
const LOOKAHEAD_LIMIT = 100;

/** The keywords of declarations that have a body in braces. */
export const blockKeywords: readonly TokenType[] = [Message, Struct, Enum, Union, ErrorKeyword, Service];

const builtInTypes = new Set(
  "bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 string bytes timestamp duration uuid int32 int64 uint32 uint64 double float".split(
    " ",
  ),
);
const labels = new Set(["optional", "required", "repeated", "singular"]);

/**
 * `message Foo {`, `const N:`, `import "…"` and so on, behind any annotations; a misspelt keyword before a name and a
 * brace too.
 */
export function startsDeclaration(cursor: TokenCursor): boolean {
  const at = behindAnnotations(cursor);
  const first = cursor.peek(at);
  const second = cursor.peek(at + 1);
  if (second.tokenType === Colon || !isName(first)) return false;
  if (isType(second, LeftBrace)) return blockKeywords.includes(first.tokenType);
  if (isType(second, StringLiteral)) return first.tokenType === Import;
  if (!isName(second)) return false;
  const third = cursor.peek(at + 2);
  if (isType(third, LeftBrace)) return true;
  if (first.tokenType === Const) return isType(third, Colon, Equals);
  if (first.tokenType === Alias) return isType(third, Equals, Colon) && !isType(cursor.peek(at + 3), NumberLiteral);
  if (first.tokenType === AnnotationKeyword) return isType(third, LeftParen, On);
  return first.tokenType === Package && isType(third, Dot, Semicolon);
}

/**
 * A word and what may stand behind a keyword: a declaration of another language, or with a mistake in its first words.
 */
export function resemblesDeclaration(cursor: TokenCursor): boolean {
  return isName(cursor.peek(1)) && (isName(cursor.peek(2)) || isType(cursor.peek(2), Equals, StringLiteral, LeftBrace));
}

/**
 * What can only be the start of a member where a line begins: a name and its mark, an annotation, `reserved` and its
 * items.
 */
export function startsMember(cursor: TokenCursor): boolean {
  const first = cursor.peek(1);
  const second = cursor.peek(2);
  if (first.tokenType === At) return true;
  if (first.tokenType === Reserved && isType(second, NumberLiteral, StringLiteral)) return true;
  if (!isName(first)) return false;
  return (
    isType(second, Colon, Question, LeftParen) || (second.tokenType === Equals && isType(cursor.peek(3), NumberLiteral))
  );
}

/** `reserved` as a statement, and not as a name. */
export function startsReserved(cursor: TokenCursor): boolean {
  return cursor.peek(1).tokenType === Reserved && !isType(cursor.peek(2), Colon, Question, Equals, LeftParen);
}

/** `stream Chunk`, and not a type called `stream` or a parameter of that name. */
export function startsStream(cursor: TokenCursor): boolean {
  if (cursor.peek(1).tokenType !== Stream || !isName(cursor.peek(2))) return false;
  return cursor.peek(2).tokenType !== Throws || !isName(cursor.peek(3));
}

/** `string name = 1`, with or without protobuf's label: the type where the name should be. */
export function startsWithType(cursor: TokenCursor): boolean {
  if (isType(cursor.peek(2), Colon, Question)) return false;
  const labelled = startsWithLabel(cursor);
  const name = behindType(cursor, labelled ? 2 : 1);
  if (name === -1 || !isName(cursor.peek(name)) || !isType(cursor.peek(name + 1), Equals, Semicolon, Comma, RightParen))
    return false;
  if (labelled || name > 2) return true;
  const first = cursor.peek(1).image;
  const second = cursor.peek(2).image;
  return builtInTypes.has(first) || (!builtInTypes.has(second) && /^[A-Z]/.test(first) && /^[a-z]/.test(second));
}

export function startsWithLabel(cursor: TokenCursor): boolean {
  return labels.has(cursor.peek(1).image) && isName(cursor.peek(2)) && isName(cursor.peek(behindType(cursor, 2)));
}

/** `get(Request)`: a type that stands where a parameter should. */
export function startsWithBareType(cursor: TokenCursor): boolean {
  if (isType(cursor.peek(2), Colon, Question)) return false;
  const behind = behindType(cursor, 1);
  return behind !== -1 && isType(cursor.peek(behind), Comma, RightParen);
}

/** `Order get(`: a result where the method's name should be. */
export function startsWithResult(cursor: TokenCursor): boolean {
  if (cursor.peek(2).tokenType === LeftParen) return false;
  const name = behindType(cursor, 1);
  return name !== -1 && isName(cursor.peek(name)) && cursor.peek(name + 1).tokenType === LeftParen;
}

/** The distance to the first token behind a type that begins `at` tokens ahead; -1 if none begins there. */
function behindType(cursor: TokenCursor, at: number): number {
  if (!isName(cursor.peek(at))) return -1;
  let next = at + 1;
  while (cursor.peek(next).tokenType === Dot && isName(cursor.peek(next + 1)) && next < LOOKAHEAD_LIMIT) next += 2;
  if (cursor.peek(next).tokenType === Less) next = behindPair(cursor, next, Less, Greater);
  while (
    next !== -1 &&
    cursor.peek(next).tokenType === LeftBracket &&
    cursor.peek(next + 1).tokenType === RightBracket &&
    next < LOOKAHEAD_LIMIT
  )
    next += 2;
  return next;
}

function behindAnnotations(cursor: TokenCursor): number {
  let at = 1;
  while (cursor.peek(at).tokenType === At && at < LOOKAHEAD_LIMIT) {
    at += 2;
    while (cursor.peek(at).tokenType === Dot && at < LOOKAHEAD_LIMIT) at += 2;
    if (cursor.peek(at).tokenType !== LeftParen) continue;
    const behind = behindPair(cursor, at, LeftParen, RightParen);
    if (behind === -1) return at;
    at = behind;
  }
  return at;
}

/** The distance to the token behind the pair that opens `at` tokens ahead; -1 if it does not close within sight. */
function behindPair(cursor: TokenCursor, at: number, open: TokenType, close: TokenType): number {
  let depth = 0;
  for (let next = at; next < at + LOOKAHEAD_LIMIT; next++) {
    const type = cursor.peek(next).tokenType;
    if (type === EOF) return -1;
    if (type === open) depth++;
    else if (type === close && --depth === 0) return next + 1;
  }
  return -1;
}

/** How a message shows a token. */
export function shown(token: IToken): string {
  if (token.tokenType === EOF) return "the end of the file";
  const text = token.image.length > 40 ? `${token.image.slice(0, 37)}...` : token.image;
  return isType(token, StringLiteral) ? `the text ${text}` : `"${text}"`;
}

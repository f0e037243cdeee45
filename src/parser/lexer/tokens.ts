/** The vocabulary: every kind of token that the language has, and a few that it only knows in order to explain them. */
import { createToken, Lexer, type TokenType } from "chevrotain";
import { everyCharacter, matchBlockComment, matchGarbage, matchNumber, matchSingleQuoted, matchString } from "./token-patterns.js";

/** Letters beyond ASCII, half surrogates among them: they join a name, so that it is reported once and whole. */
const FOREIGN_LETTERS =
  "\\u00aa\\u00b5\\u00ba\\u00c0-\\u1fff\\u2c00-\\u2dff\\u2e80-\\u2fff\\u3041-\\ufdff\\ufe70-\\ufefe\\uff21-\\uff3a\\uff41-\\uff5a\\uff66-\\uffdc";

/** What can begin neither a member nor a declaration: found there, it is misplaced. */
export const Misplaced = createToken({ name: "Misplaced", pattern: Lexer.NA });

/** Any word. Keywords belong to it, so that a field may be called `message`. */
export const Identifier = createToken({
  name: "Identifier",
  label: "a name",
  pattern: new RegExp(`[A-Za-z_${FOREIGN_LETTERS}][A-Za-z0-9_${FOREIGN_LETTERS}]*`),
});

const keyword = (name: string, word: string): TokenType =>
  createToken({ name, pattern: word, label: `"${word}"`, longer_alt: Identifier, categories: [Identifier] });

export const Package = keyword("Package", "package");
export const Import = keyword("Import", "import");
export const As = keyword("As", "as");
export const Const = keyword("Const", "const");
export const Alias = keyword("Alias", "alias");
export const Enum = keyword("Enum", "enum");
export const Struct = keyword("Struct", "struct");
export const Message = keyword("Message", "message");
export const Union = keyword("Union", "union");
export const ErrorKeyword = keyword("ErrorKeyword", "error");
export const Service = keyword("Service", "service");
export const AnnotationKeyword = keyword("AnnotationKeyword", "annotation");
export const On = keyword("On", "on");
export const Reserved = keyword("Reserved", "reserved");
export const To = keyword("To", "to");
export const Stream = keyword("Stream", "stream");
export const Throws = keyword("Throws", "throws");
export const MapKeyword = keyword("MapKeyword", "map");
export const True = keyword("True", "true");
export const False = keyword("False", "false");

const mark = (name: string, text: string, categories: TokenType[] = [Misplaced]): TokenType =>
  createToken({ name, pattern: text, label: `"${text}"`, categories });

export const Arrow = mark("Arrow", "->");
export const LeftBrace = mark("LeftBrace", "{");
export const RightBrace = mark("RightBrace", "}", []);
export const LeftParen = mark("LeftParen", "(");
export const RightParen = mark("RightParen", ")");
export const LeftBracket = mark("LeftBracket", "[");
export const RightBracket = mark("RightBracket", "]");
export const Less = mark("Less", "<");
export const Greater = mark("Greater", ">");
export const Colon = mark("Colon", ":");
export const Semicolon = mark("Semicolon", ";");
export const Comma = mark("Comma", ",");
export const Dot = mark("Dot", ".");
export const Question = mark("Question", "?");
export const Equals = mark("Equals", "=");
export const At = mark("At", "@", []);

/** All that begins like a number, malformed ones and durations too: what it is, is decided when it is read. */
export const NumberLiteral = createToken({
  name: "NumberLiteral",
  label: "a number",
  pattern: { exec: matchNumber },
  start_chars_hint: [..."+-0123456789"],
  line_breaks: false,
  categories: [Misplaced],
});

export const StringLiteral = createToken({
  name: "StringLiteral",
  label: "a text in quotes",
  pattern: { exec: (text, offset) => matchString(text, offset, true) },
  start_chars_hint: ['"'],
  line_breaks: false,
  categories: [Misplaced],
});

/** A string that meets the end of its line: taken up to there. */
export const UnterminatedString = createToken({
  name: "UnterminatedString",
  pattern: { exec: (text, offset) => matchString(text, offset, false) },
  start_chars_hint: ['"'],
  line_breaks: false,
  categories: [StringLiteral, Misplaced],
});

export const SingleQuotedString = createToken({
  name: "SingleQuotedString",
  pattern: { exec: matchSingleQuoted },
  start_chars_hint: ["'"],
  line_breaks: false,
  categories: [StringLiteral, Misplaced],
});

const Whitespace = createToken({
  name: "Whitespace",
  pattern: /[ \t\r\n\f\v]+/,
  line_breaks: true,
  group: Lexer.SKIPPED,
});

/** Exactly three slashes; a row of four or more is a ruler. */
const DocComment = createToken({ name: "DocComment", pattern: /\/\/\/(?!\/)[^\r\n]*/, group: "docs" });
const LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\r\n]*/, group: "comments" });
const BlockComment = createToken({
  name: "BlockComment",
  pattern: { exec: matchBlockComment },
  start_chars_hint: ["/"],
  line_breaks: true,
  group: "comments",
});

export const UnterminatedComment = createToken({
  name: "UnterminatedComment",
  pattern: { exec: (text, offset) => (text.startsWith("/*", offset) ? [text.slice(offset)] : null) },
  start_chars_hint: ["/"],
  line_breaks: true,
  group: "damage",
});

export const HashComment = createToken({ name: "HashComment", pattern: /#[^\r\n]*/, group: "damage" });

/**
 * What no other token begins with. It does not reach the grammar: the tokens around it are read as if it were not
 * there.
 */
export const Garbage = createToken({
  name: "Garbage",
  pattern: { exec: matchGarbage },
  start_chars_hint: everyCharacter(),
  line_breaks: true,
  group: "damage",
});

/** In the order in which they are tried. */
export const vocabulary: TokenType[] = [
  Whitespace,
  DocComment,
  LineComment,
  BlockComment,
  UnterminatedComment,
  HashComment,
  Package,
  Import,
  Const,
  Alias,
  Enum,
  Struct,
  Message,
  Union,
  ErrorKeyword,
  Service,
  AnnotationKeyword,
  Reserved,
  Stream,
  Throws,
  MapKeyword,
  True,
  False,
  As,
  On,
  To,
  Identifier,
  Arrow,
  NumberLiteral,
  StringLiteral,
  UnterminatedString,
  SingleQuotedString,
  LeftBrace,
  RightBrace,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  Less,
  Greater,
  Colon,
  Semicolon,
  Comma,
  Dot,
  Question,
  Equals,
  At,
  Garbage,
  Misplaced,
];

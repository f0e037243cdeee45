/** The rules for literals, and for the numbers of fields and members. */
import type { OrMethodOpts, ParserMethod } from "chevrotain";
import type { Literal, NumberNode } from "../ast.js";
import { readNumber, type NumericLiteral } from "../lexer/number-literal.js";
import { readString, readUnterminated } from "../lexer/string-literal.js";
import {
  Dot,
  False,
  LeftBracket,
  NumberLiteral,
  RightBracket,
  StringLiteral,
  True,
  UnterminatedString,
} from "../lexer/tokens.js";
import { isName, isType, nextOpensLine, nextStart } from "../recovery/token-cursor.js";
import { BrokenOff } from "./recovering-parser.js";
import { TypeGrammar } from "./type-grammar.js";

type StringNode = Extract<Literal, { kind: "string" }>;

export abstract class ValueGrammar extends TypeGrammar {
  protected readonly literal: ParserMethod<[], Literal> = this.RULE("literal", () =>
    this.OR(this.#literalAlternatives),
  );

  readonly #literalAlternatives: OrMethodOpts<Literal> = {
    DEF: [
      { ALT: () => this.SUBRULE(this.numericLiteral) },
      { ALT: () => this.SUBRULE(this.stringLiteral) },
      { ALT: () => this.SUBRULE(this.listLiteral) },
      { GATE: () => this.peek(2).tokenType !== Dot, ALT: () => this.#booleanLiteral(this.CONSUME(True)) },
      { GATE: () => this.peek(2).tokenType !== Dot, ALT: () => this.#booleanLiteral(this.CONSUME(False)) },
      { ALT: () => this.SUBRULE(this.nameLiteral) },
    ],
    ERR_MSG: "a value",
  };

  protected readonly numericLiteral: ParserMethod<[], NumericLiteral> = this.RULE("numericLiteral", () => {
    const token = this.CONSUME(NumberLiteral);
    return this.ACTION(() => readNumber(token.image, this.spanOf(token), this.findings));
  });

  protected readonly stringLiteral: ParserMethod<[], StringNode> = this.RULE("stringLiteral", () => {
    const token = this.CONSUME(StringLiteral);
    return this.ACTION((): StringNode => {
      const span = this.spanOf(token);
      const value =
        token.tokenType === UnterminatedString
          ? readUnterminated(token.image)
          : readString(token.image, span, this.findings);
      return { kind: "string", value, raw: token.image, span };
    });
  });

  protected readonly listLiteral: ParserMethod<[], Literal> = this.RULE("listLiteral", () => {
    const start = this.ACTION(() => nextStart(this));
    this.enter(start);
    this.CONSUME(LeftBracket);
    const items: Literal[] = [];
    this.commaSeparated(1, {
      item: () => items.push(this.SUBRULE(this.literal)),
      startsItem: () => this.startsLiteral(),
      closing: RightBracket,
      expected: '"]" after the items of the list',
    });
    this.leave();
    return this.ACTION((): Literal => ({ kind: "list", items, span: this.since(start) }));
  });

  protected readonly nameLiteral: ParserMethod<[], Literal> = this.RULE("nameLiteral", () => {
    const name = this.SUBRULE(this.qualifiedName);
    return this.ACTION((): Literal => ({ kind: "name", name, span: name.span }));
  });

  /** A number of a field or member. One that is not whole breaks the member off, reported. */
  protected readonly number: ParserMethod<[string], NumberNode> = this.RULE("number", (what: string) => {
    const token = this.CONSUME(NumberLiteral, { ERR_MSG: what });
    return this.ACTION(() => {
      const before = this.findings.count;
      const literal = readNumber(token.image, this.spanOf(token), this.findings);
      const malformed = this.findings.count > before;
      if (literal.kind === "int" && !(malformed && literal.value === 0n))
        return { value: literal.value, raw: literal.raw, span: literal.span };
      if (!malformed) this.report("RPC1107", literal.span, { number: literal.raw });
      throw new BrokenOff();
    });
  });

  /** Whether a literal begins at the next token, on the same line. */
  protected startsLiteral(): boolean {
    return (
      !nextOpensLine(this) && (isName(this.peek(1)) || isType(this.peek(1), NumberLiteral, StringLiteral, LeftBracket))
    );
  }

  #booleanLiteral(token: { readonly image: string; readonly startOffset: number }): Literal {
    const span = this.span(token.startOffset, token.startOffset + token.image.length);
    return { kind: "bool", value: token.image === "true", raw: token.image, span };
  }
}

/** The rules for fields: of messages, structs, errors, unions and parameter lists. */
import type { ParserMethod } from "chevrotain";
import type { FieldNode, NumberNode, TypeNode } from "../ast.js";
import { readNumber } from "../lexer/number-literal.js";
import {
  At,
  Colon,
  Comma,
  Dot,
  Equals,
  Identifier,
  LeftBrace,
  LeftBracket,
  LeftParen,
  NumberLiteral,
  Question,
  RightBrace,
  RightBracket,
  RightParen,
  Semicolon,
  StringLiteral,
} from "../lexer/tokens.js";
import { skipPair } from "../recovery/resync.js";
import { startsMember, startsWithLabel } from "../recovery/shapes.js";
import { isName, isType, mend, nextOpensLine, nextStart, previousEnd } from "../recovery/token-cursor.js";
import { AnnotationGrammar, type Lead } from "./annotation-grammar.js";
import { BrokenOff, NESTING_LIMIT } from "./recovering-parser.js";
import { typeText } from "./type-grammar.js";

/** The words in which one sort of field is spoken of. */
export interface FieldWords {
  readonly noun: string;
  readonly what: string;
  readonly colon: string;
  readonly type: string;
  readonly number: string;
  /** Whether a ";" ends it. */
  readonly terminated: boolean;
}

const fieldWords = (noun: string, terminated: boolean): FieldWords => ({
  noun,
  what: `the ${noun}`,
  colon: `":" after the name of the ${noun}`,
  type: `the type of the ${noun}`,
  number: `the number of the ${noun}`,
  terminated,
});

export const field = fieldWords("field", true);
export const unionMember = fieldWords("member", true);
export const parameter = fieldWords("parameter", false);

export abstract class FieldGrammar extends AnnotationGrammar {
  protected readonly field: ParserMethod<[Lead, FieldWords], FieldNode> = this.RULE(
    "field",
    (lead: Lead, words: FieldWords = field) => {
      const doc = this.ACTION(() => this.docOf(lead));
      const name = this.CONSUME(Identifier);
      const early = this.ACTION(() => this.#numberBeforeType(words));
      let optional = this.OPTION(() => this.CONSUME(Question)) !== undefined;
      this.expect(1, Colon, words.colon, [Equals], () => isName(this.peek(1)) && !nextOpensLine(this));
      this.ACTION(() => {
        if (!isName(this.peek(1)) && this.peek(1).tokenType !== LeftBracket) throw new BrokenOff(words.type);
        if (nextOpensLine(this) && isType(this.peek(2), Colon, Question)) throw new BrokenOff(words.type);
      });
      let type = this.SUBRULE(this.type);
      this.ACTION(() => {
        if (early !== undefined)
          this.report("RPC1203", early.span, { name: name.image, type: typeText(type), number: early.raw });
        if (this.peek(1).tokenType === Question) {
          type = this.#markAfterType(name.image, type, words);
          // That no member is optional would be a second finding of one mistake.
          optional ||= words !== unionMember;
        }
        this.#refuseTrailing(words.what);
      });
      const number = this.SUBRULE(this.fieldNumber, { ARGS: [words] }) ?? early;
      if (words.terminated) this.terminator(words.what);
      return this.ACTION(() => ({
        name: this.nameOf(name),
        annotations: lead.annotations,
        ...doc,
        optional,
        type,
        ...(number !== undefined && { number }),
        span: this.since(lead.start),
      }));
    },
  );

  /** `repeated string name = 1`: reported, and read as the field that it means. */
  protected readonly foreignField: ParserMethod<[Lead, FieldWords], FieldNode> = this.RULE(
    "foreignField",
    (lead: Lead, words: FieldWords = field) => {
      const doc = this.ACTION(() => this.docOf(lead));
      const start = this.ACTION(() => nextStart(this));
      const label = this.ACTION(() => {
        if (!startsWithLabel(this)) return undefined;
        this.skip();
        return this.peek(0).image;
      });
      const written = this.SUBRULE(this.type);
      const name = this.CONSUME(Identifier);
      const number = this.SUBRULE(this.fieldNumber, { ARGS: [words] });
      this.ACTION(() => {
        const behind = number === undefined ? "" : ` = ${number.raw}`;
        const type = `${typeText(written)}${label === "repeated" ? "[]" : ""}`;
        const meant = `${name.image}${label === "optional" ? "?" : ""}: ${type}${behind}`;
        const span = this.span(start, name.startOffset + name.image.length);
        if (label === undefined) this.report("RPC1202", span, { type: typeText(written), name: name.image, meant });
        else this.report("RPC1201", span, { label, name: name.image, meant });
      });
      if (words.terminated) this.terminator(words.what);
      return this.ACTION((): FieldNode => ({
        name: this.nameOf(name),
        annotations: lead.annotations,
        ...doc,
        optional: label === "optional",
        type: label === "repeated" ? { kind: "list", element: written, span: written.span } : written,
        ...(number !== undefined && { number }),
        span: this.since(lead.start),
      }));
    },
  );

  protected readonly fieldNumber: ParserMethod<[FieldWords], NumberNode | undefined> = this.RULE(
    "fieldNumber",
    (words: FieldWords = field) => {
      const bare = this.ACTION(() => this.numberWithoutEquals(words.noun));
      const number = this.OPTION(() => {
        this.CONSUME(Equals);
        this.ACTION(() => {
          if (this.peek(1).tokenType !== StringLiteral) return;
          this.report("RPC1212", this.spanOf(this.peek(1)), { value: this.peek(1).image });
          throw new BrokenOff();
        });
        return this.SUBRULE(this.number, { ARGS: [words.number] });
      });
      return number ?? bare;
    },
  );

  /**
   * Reads the ";" behind `what`, or reports what stands there instead of it; not a body, if that is part of what was
   * `reported`.
   */
  protected terminator(what: string, reported = false): void {
    if (this.option(9, () => this.consume(9, Semicolon)) !== undefined) return;
    this.ACTION(() => {
      this.#refuseTrailing(what);
      if (this.peek(1).tokenType === Comma) {
        this.unexpected(`";" after ${what}`);
        this.skip();
      } else if (this.peek(1).tokenType === LeftBrace && !nextOpensLine(this)) {
        if (!reported) this.report("RPC1210", this.spanOf(this.peek(1)), { what });
        skipPair(this, LeftBrace, RightBrace);
      } else if (this.peek(1).tokenType !== Semicolon) {
        if (!nextOpensLine(this) && this.peek(1).tokenType !== RightBrace && !startsMember(this))
          throw new BrokenOff(`";" after ${what}`);
        const place = this.span(previousEnd(this), previousEnd(this));
        this.report("RPC1102", place, { what }, { fix: [{ span: place, text: ";" }] });
      }
      if (this.peek(1).tokenType === Semicolon) this.skip();
    });
  }

  protected refuseAnnotations(lead: Lead, before: string): void {
    const [first] = lead.annotations;
    if (first !== undefined) this.report("RPC1111", first.span, { name: first.name.text, before });
  }

  /** `name = 1: type`: takes the number out of the way. The caller reports it, when the type is known. */
  #numberBeforeType(words: FieldWords): NumberNode | undefined {
    if (this.peek(1).tokenType !== Equals || this.peek(2).tokenType !== NumberLiteral) return undefined;
    if (this.peek(3).tokenType !== Colon) throw new BrokenOff(`":" and ${words.type}`);
    this.skip();
    return this.takeNumber();
  }

  /** `type : 1` and `type 1` where `type = 1` is meant: mends the first, and takes the number of the second. */
  protected numberWithoutEquals(noun: string): NumberNode | undefined {
    const next = this.peek(1);
    const bare = next.tokenType === NumberLiteral && !nextOpensLine(this);
    const mistaken = next.tokenType === Colon && this.peek(2).tokenType === NumberLiteral;
    if (!bare && !mistaken) return undefined;
    this.unexpected(`"=" before the number of the ${noun}`);
    if (bare) return this.takeNumber();
    mend(next, Equals);
    return undefined;
  }

  /** `string?` where `name?` is meant, and `string?[]`; gives the type that it is less its mark. */
  #markAfterType(name: string, marked: TypeNode, words: FieldWords): TypeNode {
    const mark = this.spanOf(this.peek(1));
    let type = marked;
    let depth = 0;
    while (this.peek(1).tokenType === Question) {
      this.skip();
      while (this.peek(1).tokenType === LeftBracket && this.peek(2).tokenType === RightBracket) {
        this.skip();
        this.skip();
        if (++depth === NESTING_LIMIT) this.refuseDepth(marked.span.start);
        type = { kind: "list", element: type, span: this.since(marked.span.start) };
      }
    }
    const field = `${name}${words === unionMember ? "" : "?"}: ${typeText(type)}`;
    this.report("RPC1207", mark, { type: typeText(marked), field, isElement: type !== marked });
    return type;
  }

  /** Skips annotations and protobuf's options that stand behind a member, reported. */
  #refuseTrailing(what: string): void {
    while (!nextOpensLine(this) && isType(this.peek(1), At, LeftBracket)) {
      const next = this.peek(1);
      if (next.tokenType === LeftBracket) {
        this.report("RPC1209", this.spanOf(next), {});
        skipPair(this, LeftBracket, RightBracket);
        continue;
      }
      this.report("RPC1204", this.spanOf(next), { name: this.peek(2).image, what });
      this.skip();
      if (isName(this.peek(1))) this.skip();
      while (this.peek(1).tokenType === Dot && isName(this.peek(2))) {
        this.skip();
        this.skip();
      }
      if (this.peek(1).tokenType === LeftParen) skipPair(this, LeftParen, RightParen);
    }
  }

  protected takeNumber(): NumberNode | undefined {
    const token = this.peek(1);
    this.skip();
    const literal = readNumber(token.image, this.spanOf(token), this.findings);
    return literal.kind === "int" ? { value: literal.value, raw: literal.raw, span: literal.span } : undefined;
  }
}

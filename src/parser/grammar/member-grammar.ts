/** The rules for what is numbered and is no field: members of enums, and `reserved`. */
import type { ParserMethod } from "chevrotain";
import type { EnumMemberNode, NumberNode, ReservedNode } from "../ast.js";
import {
  Colon,
  Comma,
  Equals,
  Identifier,
  NumberLiteral,
  Question,
  Reserved,
  RightBrace,
  Semicolon,
  StringLiteral,
  To,
} from "../lexer/tokens.js";
import { isName, isType, nextOpensLine } from "../recovery/token-cursor.js";
import type { Lead } from "./annotation-grammar.js";
import { FieldGrammar } from "./field-grammar.js";
import { BrokenOff } from "./recovering-parser.js";

/** An enum's member, which a mistake may have left without its number. */
export type EnumMemberDraft = Omit<EnumMemberNode, "number"> & { readonly number?: NumberNode };

export abstract class MemberGrammar extends FieldGrammar {
  protected readonly enumMember: ParserMethod<[Lead], EnumMemberDraft> = this.RULE("enumMember", (lead: Lead) => {
    const doc = this.ACTION(() => this.docOf(lead));
    const name = this.CONSUME(Identifier);
    const bare = this.ACTION(() => this.numberWithoutEquals("member"));
    const behindEquals = this.OPTION(() => {
      this.CONSUME(Equals);
      return this.SUBRULE(this.number, { ARGS: ["the number of the member"] });
    });
    const number = behindEquals ?? bare;
    const numberless = this.ACTION(() => number === undefined && this.#endsWithoutNumber());
    if (numberless !== true) this.terminator("the member");
    return this.ACTION(() => ({
      name: this.nameOf(name),
      annotations: lead.annotations,
      ...doc,
      ...(number !== undefined && { number }),
      span: this.since(lead.start),
    }));
  });

  protected readonly reserved: ParserMethod<[Lead], ReservedNode> = this.RULE("reserved", (lead: Lead) => {
    const ranges: ReservedNode["ranges"][number][] = [];
    const names: ReservedNode["names"][number][] = [];
    this.ACTION(() => this.refuseAnnotations(lead, "reserved"));
    const word = this.CONSUME(Reserved);
    this.SUBRULE(this.reservedItem, { ARGS: [ranges, names] });
    this.MANY({
      GATE: () =>
        isType(this.peek(2), NumberLiteral, StringLiteral) ||
        (isName(this.peek(2)) && !isType(this.peek(3), Colon, Question, Equals)),
      DEF: () => {
        this.CONSUME(Comma);
        this.SUBRULE1(this.reservedItem, { ARGS: [ranges, names] });
      },
    });
    return this.ACTION(() => ({ ranges, names, span: this.since(word.startOffset) }));
  });

  protected readonly reservedItem = this.RULE(
    "reservedItem",
    (ranges: ReservedNode["ranges"][number][], names: ReservedNode["names"][number][]) => {
      this.OR({
        DEF: [
          {
            ALT: () => {
              const from = this.SUBRULE(this.number, { ARGS: ["a number"] });
              const dashed = this.ACTION(() => this.#rangeWithDash(from));
              const to = this.OPTION(() => {
                this.CONSUME(To);
                return this.SUBRULE1(this.number, { ARGS: ['a number after "to"'] });
              });
              this.ACTION(() => ranges.push({ from, to: dashed ?? to ?? from, span: this.since(from.span.start) }));
            },
          },
          {
            ALT: () => {
              const text = this.SUBRULE(this.stringLiteral);
              this.ACTION(() => names.push({ value: text.value, span: text.span }));
            },
          },
          {
            ALT: () => {
              const word = this.CONSUME(Identifier);
              this.ACTION(() => {
                this.report("RPC1211", this.spanOf(word), { name: word.image });
                names.push({ value: word.image, span: this.spanOf(word) });
              });
            },
          },
        ],
        ERR_MSG: "a number or a name in quotes",
      });
    },
  );

  #endsWithoutNumber(): boolean {
    if (this.peek(1).tokenType === Comma || this.peek(1).tokenType === Semicolon) this.skip();
    else if (!nextOpensLine(this) && this.peek(1).tokenType !== RightBrace)
      throw new BrokenOff('"=" after the name of the member');
    return true;
  }

  #rangeWithDash(from: NumberNode): NumberNode | undefined {
    const next = this.peek(1);
    if (next.tokenType !== NumberLiteral || !next.image.startsWith("-") || nextOpensLine(this)) return undefined;
    this.report("RPC1213", this.spanOf(next), { from: from.raw, to: next.image.slice(1) });
    const to = this.takeNumber();
    return to === undefined ? undefined : { ...to, value: -to.value };
  }
}

/** The rules for parameter lists and for request streams. */
import type { ParserMethod } from "chevrotain";
import { closest } from "../../diagnostics/did-you-mean.js";
import type { FieldNode, MethodNode, ReservedNode, TypeNode } from "../ast.js";
import { opensLine } from "../lexer/lexer.js";
import {
  Arrow,
  At,
  Colon,
  LeftBrace,
  LeftParen,
  Question,
  RightBrace,
  RightParen,
  Semicolon,
  Stream,
  Throws,
} from "../lexer/tokens.js";
import { startsReserved, startsStream, startsWithBareType, startsWithType } from "../recovery/shapes.js";
import { isName, isType, mend, nextOpensLine, nextStart } from "../recovery/token-cursor.js";
import type { Lead } from "./annotation-grammar.js";
import { parameter } from "./field-grammar.js";
import { MemberGrammar } from "./member-grammar.js";
import { BrokenOff } from "./recovering-parser.js";
import { typeText } from "./type-grammar.js";

/** What a parameter list holds while it is read. */
interface ParameterDraft {
  readonly fields: FieldNode[];
  readonly reserved: ReservedNode[];
  element?: TypeNode;
}

export abstract class ParameterGrammar extends MemberGrammar {
  /** Whether the method being read is protobuf's, which was reported once and whole. */
  protected foreignMethod = false;

  protected readonly parameters: ParserMethod<[], MethodNode["parameters"]> = this.RULE("parameters", () => {
    const start = this.ACTION(() => nextStart(this));
    const draft: ParameterDraft = { fields: [], reserved: [] };
    const open = this.expect(1, LeftParen, '"(" after the name of the method', [], () =>
      isType(this.peek(1), Arrow, Semicolon, Throws),
    );
    if (open !== undefined) {
      this.commaSeparated(2, {
        item: () => this.SUBRULE(this.parameter, { ARGS: [draft] }),
        startsItem: () => this.#startsParameter(),
        closing: RightParen,
        expected: '")" after the parameters',
        mayFollow: () => isType(this.peek(1), Arrow, Semicolon, Throws, LeftBrace, RightBrace) || nextOpensLine(this),
      });
    }
    return this.ACTION((): MethodNode["parameters"] => {
      const span = this.since(start);
      if (draft.element === undefined) return { kind: "fields", fields: draft.fields, reserved: draft.reserved, span };
      return { kind: "stream", element: draft.element, others: draft.fields, span };
    });
  });

  protected readonly parameter: ParserMethod<[ParameterDraft], void> = this.RULE(
    "parameter",
    (draft: ParameterDraft) => {
      const lead = this.SUBRULE(this.lead);
      const take = (read: FieldNode): void => this.ACTION(() => void draft.fields.push(read));
      this.OR({
        DEF: [
          {
            GATE: () => startsReserved(this),
            ALT: () => {
              const reserved = this.SUBRULE(this.reserved, { ARGS: [lead] });
              this.ACTION(() => draft.reserved.push(reserved));
            },
          },
          {
            GATE: () => this.mendStream() || startsStream(this),
            ALT: () => this.SUBRULE(this.requestStream, { ARGS: [lead, draft] }),
          },
          {
            GATE: () => startsWithType(this),
            ALT: () => take(this.SUBRULE(this.foreignField, { ARGS: [lead, parameter] })),
          },
          { GATE: () => startsWithBareType(this), ALT: () => take(this.SUBRULE(this.bareParameter, { ARGS: [lead, draft] })) },
          { ALT: () => take(this.SUBRULE(this.field, { ARGS: [lead, parameter] })) },
        ],
        ERR_MSG: "a parameter",
      });
    },
  );

  protected readonly requestStream: ParserMethod<[Lead, ParameterDraft], void> = this.RULE(
    "requestStream",
    (lead: Lead, draft: ParameterDraft) => {
      this.ACTION(() => {
        this.refuseAnnotations(lead, "stream");
        if (draft.element !== undefined) throw new BrokenOff("only one request stream");
      });
      this.CONSUME(Stream);
      const element = this.SUBRULE(this.type);
      this.ACTION(() => {
        draft.element = element;
      });
    },
  );

  /** `get(Request)`: reported, and read as `get(request: Request)`. */
  protected readonly bareParameter: ParserMethod<[Lead, ParameterDraft], FieldNode> = this.RULE("bareParameter", (lead: Lead, draft: ParameterDraft) => {
    const type = this.SUBRULE(this.type);
    return this.ACTION(() => {
      const last = (type.kind === "name" ? type.name.parts.at(-1)?.text : undefined) ?? "values";
      const wish = `${last.charAt(0).toLowerCase()}${last.slice(1)}`;
      const isTaken = (each: string) => draft.fields.some((field) => field.name.text === each);
      let name = wish;
      for (let count = 2; isTaken(name); count++) name = `${wish}${count}`;
      if (!this.foreignMethod) this.report("RPC1214", type.span, { type: typeText(type), name });
      return {
        name: { text: name, span: type.span },
        annotations: lead.annotations,
        optional: false,
        type,
        span: this.since(lead.start),
      };
    });
  });

  /** `streem Event` where `stream Event` is meant. */
  protected mendStream(): boolean {
    const next = this.peek(1);
    if (next.tokenType === Stream || !isName(next) || !isName(this.peek(2)) || this.peek(2).tokenType === Throws)
      return false;
    if (opensLine(this.text, this.peek(2).startOffset)) return false;
    if (closest(next.image, ["stream"]) === undefined) return false;
    this.report(
      "RPC1106",
      this.spanOf(next),
      { word: next.image, meant: "stream" },
      { fix: [{ span: this.spanOf(next), text: "stream" }] },
    );
    mend(next, Stream);
    return true;
  }

  #startsParameter(): boolean {
    return (
      (isName(this.peek(1)) && this.peek(1).tokenType !== Throws && isType(this.peek(2), Colon, Question)) ||
      this.peek(1).tokenType === At
    );
  }
}

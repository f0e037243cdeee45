/** The rules for methods: parameter lists, results, streams and the errors that they throw. */
import type { ParserMethod } from "chevrotain";
import { closest } from "../diagnostics/did-you-mean.js";
import type { FieldNode, MethodNode, QualifiedName, ReservedNode, TypeNode } from "./ast.js";
import { opensLine } from "./lexer.js";
import { MemberGrammar, parameter } from "./member-grammar.js";
import { BrokenOff } from "./recovering-parser.js";
import {
  startsMember,
  startsReserved,
  startsStream,
  startsWithBareType,
  startsWithResult,
  startsWithType,
} from "./shapes.js";
import { isName, isType, mend, nextOpensLine, nextStart } from "./token-cursor.js";
import {
  Arrow,
  At,
  Colon,
  Comma,
  Equals,
  Greater,
  Identifier,
  LeftBrace,
  LeftParen,
  Question,
  RightBrace,
  RightParen,
  Semicolon,
  Stream,
  Throws,
} from "./tokens.js";
import { typeText, type Lead } from "./value-grammar.js";

const methodWords = new Set(["rpc", "fn", "fun", "func", "function", "def", "method", "oneway"]);
const resultWords = new Set(["returns", "return"]);
const throwWords = new Set(["raises", "raise", "errors", "error"]);

/** What a parameter list holds while it is read. */
interface ParameterDraft {
  readonly fields: FieldNode[];
  readonly reserved: ReservedNode[];
  element?: TypeNode;
}

export abstract class ServiceGrammar extends MemberGrammar {
  /** Whether the method being read is protobuf's, which was reported once and whole. */
  #foreignMethod = false;

  protected readonly method: ParserMethod<[Lead], MethodNode> = this.RULE("method", (lead: Lead) => {
    const doc = this.ACTION(() => this.docOf(lead));
    this.ACTION(() => this.#refuseMethodWord());
    const early = this.OPTION({ GATE: () => startsWithResult(this), DEF: () => this.SUBRULE(this.type) });
    const name = this.CONSUME(Identifier, { ERR_MSG: "the name of the method" });
    this.ACTION(() => {
      if (early !== undefined) this.report("RPC1215", early.span, { type: typeText(early), name: name.image });
    });
    const parameters = this.SUBRULE(this.parameters);
    this.ACTION(() => this.#mendArrow());
    const result = this.OPTION1(() => {
      this.CONSUME(Arrow);
      return this.SUBRULE(this.result);
    });
    this.ACTION(() => this.#mendThrows());
    const throws: QualifiedName[] = [];
    this.OPTION2(() => {
      this.CONSUME(Throws);
      throws.push(this.SUBRULE(this.thrown));
      this.MANY(() => {
        this.CONSUME(Comma);
        throws.push(this.SUBRULE1(this.thrown));
      });
    });
    this.terminator("the method", this.#foreignMethod);
    return this.ACTION(() => {
      const answer = result ?? (early === undefined ? undefined : { stream: false, type: early, span: early.span });
      return {
        name: this.nameOf(name),
        annotations: lead.annotations,
        ...doc,
        parameters,
        ...(answer !== undefined && { result: answer }),
        throws,
        span: this.since(lead.start),
      };
    });
  });

  protected readonly thrown: ParserMethod<[], QualifiedName> = this.RULE("thrown", () => {
    this.ACTION(() => {
      if (!isName(this.peek(1)) || (nextOpensLine(this) && startsMember(this)))
        throw new BrokenOff("the name of an error");
    });
    return this.SUBRULE(this.qualifiedName);
  });

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
            GATE: () => this.#mendStream() || startsStream(this),
            ALT: () => this.SUBRULE(this.requestStream, { ARGS: [lead, draft] }),
          },
          {
            GATE: () => startsWithType(this),
            ALT: () => take(this.SUBRULE(this.foreignField, { ARGS: [lead, parameter] })),
          },
          { GATE: () => startsWithBareType(this), ALT: () => take(this.SUBRULE(this.bareParameter, { ARGS: [lead] })) },
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
  protected readonly bareParameter: ParserMethod<[Lead], FieldNode> = this.RULE("bareParameter", (lead: Lead) => {
    const type = this.SUBRULE(this.type);
    return this.ACTION(() => {
      const last = (type.kind === "name" ? type.name.parts.at(-1)?.text : undefined) ?? "values";
      const name = `${last.charAt(0).toLowerCase()}${last.slice(1)}`;
      if (!this.#foreignMethod) this.report("RPC1214", type.span, { type: typeText(type), name });
      return {
        name: { text: name, span: type.span },
        annotations: lead.annotations,
        optional: false,
        type,
        span: this.since(lead.start),
      };
    });
  });

  protected readonly result: ParserMethod<[], NonNullable<MethodNode["result"]>> = this.RULE("result", () => {
    const start = this.ACTION(() => nextStart(this));
    const parenthesised = this.ACTION(() => this.#refuseParen());
    const stream =
      this.OPTION({ GATE: () => this.#mendStream() || startsStream(this), DEF: () => this.CONSUME(Stream) }) !==
      undefined;
    const type = this.SUBRULE(this.type);
    return this.ACTION(() => {
      const span = this.since(start);
      if (parenthesised && this.peek(1).tokenType === RightParen) this.skip();
      return { stream, type, span };
    });
  });

  /** `rpc Get(…)` and its like. */
  #refuseMethodWord(): void {
    const word = this.peek(1);
    this.#foreignMethod = methodWords.has(word.image) && isName(this.peek(2));
    if (!this.#foreignMethod) return;
    this.report("RPC1205", this.spanOf(word), { word: word.image, name: this.peek(2).image });
    this.skip();
  }

  /** `returns`, `:` and `=>` where `->` is meant. */
  #mendArrow(): void {
    const next = this.peek(1);
    const word = resultWords.has(next.image) && (isName(this.peek(2)) || this.peek(2).tokenType === LeftParen);
    if (!word && !isType(next, Colon, Equals)) return;
    const fat = next.tokenType === Equals && this.peek(2).tokenType === Greater;
    if (!this.#foreignMethod) this.report("RPC1206", this.spanOf(next), { word: fat ? "=>" : next.image });
    if (fat) this.skip();
    mend(this.peek(1), Arrow);
  }

  /** `throw Missing` and `raises Missing` where `throws Missing` is meant. */
  #mendThrows(): void {
    const next = this.peek(1);
    if (!isName(next) || next.tokenType === Throws || nextOpensLine(this) || !isName(this.peek(2))) return;
    if (!throwWords.has(next.image) && closest(next.image, ["throws"]) === undefined) return;
    this.report(
      "RPC1106",
      this.spanOf(next),
      { word: next.image, meant: "throws" },
      { fix: [{ span: this.spanOf(next), text: "throws" }] },
    );
    mend(next, Throws);
  }

  /** `streem Event` where `stream Event` is meant. */
  #mendStream(): boolean {
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

  #refuseParen(): boolean {
    const next = this.peek(1);
    if (next.tokenType !== LeftParen) return false;
    this.skip();
    if (!this.#foreignMethod && !resultWords.has(this.peek(-1).image))
      this.report("RPC1105", this.spanOf(next), { found: "(" });
    return true;
  }

  #startsParameter(): boolean {
    return (
      (isName(this.peek(1)) && this.peek(1).tokenType !== Throws && isType(this.peek(2), Colon, Question)) ||
      this.peek(1).tokenType === At
    );
  }
}

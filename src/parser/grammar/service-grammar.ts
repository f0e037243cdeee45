/** The rules for methods: their results, and the errors that they throw. */
import type { ParserMethod } from "chevrotain";
import { closest } from "../../diagnostics/did-you-mean.js";
import type { MethodNode, QualifiedName } from "../ast.js";
import {
  Arrow,
  Colon,
  Comma,
  Equals,
  Greater,
  Identifier,
  LeftParen,
  RightParen,
  Stream,
  Throws,
} from "../lexer/tokens.js";
import { startsMember, startsStream, startsWithResult } from "../recovery/shapes.js";
import { isName, isType, mend, nextOpensLine, nextStart } from "../recovery/token-cursor.js";
import type { Lead } from "./annotation-grammar.js";
import { ParameterGrammar } from "./parameter-grammar.js";
import { BrokenOff } from "./recovering-parser.js";
import { typeText } from "./type-grammar.js";

const methodWords = new Set(["rpc", "fn", "fun", "func", "function", "def", "method", "oneway"]);
const resultWords = new Set(["returns", "return"]);
const throwWords = new Set(["raises", "raise", "errors", "error"]);

export abstract class ServiceGrammar extends ParameterGrammar {
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
    this.terminator("the method", this.foreignMethod);
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

  protected readonly result: ParserMethod<[], NonNullable<MethodNode["result"]>> = this.RULE("result", () => {
    const start = this.ACTION(() => nextStart(this));
    const parenthesised = this.ACTION(() => this.#refuseParen());
    const stream =
      this.OPTION({ GATE: () => this.mendStream() || startsStream(this), DEF: () => this.CONSUME(Stream) }) !==
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
    this.foreignMethod = methodWords.has(word.image) && isName(this.peek(2));
    if (!this.foreignMethod) return;
    this.report("RPC1205", this.spanOf(word), { word: word.image, name: this.peek(2).image });
    this.skip();
  }

  /** `returns`, `:` and `=>` where `->` is meant. */
  #mendArrow(): void {
    const next = this.peek(1);
    const word = resultWords.has(next.image) && (isName(this.peek(2)) || this.peek(2).tokenType === LeftParen);
    if (!word && !isType(next, Colon, Equals)) return;
    const fat = next.tokenType === Equals && this.peek(2).tokenType === Greater;
    if (!this.foreignMethod) this.report("RPC1206", this.spanOf(next), { word: fat ? "=>" : next.image });
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

  #refuseParen(): boolean {
    const next = this.peek(1);
    if (next.tokenType !== LeftParen) return false;
    this.skip();
    if (!this.foreignMethod && !resultWords.has(this.peek(-1).image))
      this.report("RPC1105", this.spanOf(next), { found: "(" });
    return true;
  }
}

/** The rules for annotations, and for what else stands before a name. */
import type { ParserMethod } from "chevrotain";
import type { Annotation, AnnotationArgument, Doc } from "../ast.js";
import { At, Colon, Equals, Identifier, LeftParen, RightParen } from "../lexer/tokens.js";
import { isName, isType, nextOpensLine, nextStart, previousEnd } from "../recovery/token-cursor.js";
import { BrokenOff } from "./recovering-parser.js";
import { ValueGrammar } from "./value-grammar.js";

/** What stands before the name of a declaration or member. */
export interface Lead {
  /** Where the token before ends: docs are looked for from here. */
  readonly from: number;
  readonly start: number;
  readonly annotations: readonly Annotation[];
}

export abstract class AnnotationGrammar extends ValueGrammar {
  /** Undefined if an argument was broken off: what is left of it would only be found wrong again. */
  protected readonly annotation: ParserMethod<[], Annotation | undefined> = this.RULE("annotation", () => {
    const at = this.CONSUME(At);
    this.ACTION(() => {
      if (!isName(this.peek(1))) throw new BrokenOff("the name of an annotation");
    });
    const name = this.SUBRULE(this.qualifiedName);
    const args: AnnotationArgument[] = [];
    let sound = true;
    this.OPTION(() => {
      this.CONSUME(LeftParen);
      sound = this.commaSeparated(1, {
        item: () => args.push(this.SUBRULE(this.annotationArgument)),
        startsItem: () => this.startsLiteral(),
        closing: RightParen,
        expected: '")" after the arguments of the annotation',
        mayFollow: () => nextOpensLine(this) || isName(this.peek(1)),
      });
    });
    return this.ACTION(() => (sound ? { name, arguments: args, span: this.since(at.startOffset) } : undefined));
  });

  protected readonly annotationArgument: ParserMethod<[], AnnotationArgument> = this.RULE("annotationArgument", () => {
    const start = this.ACTION(() => nextStart(this));
    const name = this.OPTION({
      GATE: () => isType(this.peek(2), Colon, Equals),
      DEF: () => {
        const word = this.CONSUME(Identifier);
        this.expect(1, Colon, '":" after the name of the argument', [Equals]);
        return this.nameOf(word);
      },
    });
    const value = this.SUBRULE(this.literal);
    return this.ACTION(() => ({ ...(name !== undefined && { name }), value, span: this.since(start) }));
  });

  /** The annotations before a declaration or member. */
  protected readonly lead: ParserMethod<[], Lead> = this.RULE("lead", () => {
    const from = this.ACTION(() => previousEnd(this));
    const start = this.ACTION(() => nextStart(this));
    const annotations: Annotation[] = [];
    this.MANY(() => {
      const annotation = this.SUBRULE(this.annotation);
      if (annotation !== undefined) annotations.push(annotation);
    });
    return this.ACTION(() => ({ from, start, annotations }));
  });

  /** The docs before, between and behind the annotations of what is about to be read. */
  protected docOf(lead: Lead): { readonly doc?: Doc } {
    const doc = this.docs.take(lead.from, nextStart(this));
    return doc === undefined ? {} : { doc };
  }
}

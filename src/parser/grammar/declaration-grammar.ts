/** The rules for declarations without a body: constants, aliases and annotations of one's own. */
import type { ParserMethod } from "chevrotain";
import type { Span } from "../../text/span.js";
import type {
  AliasNode,
  Annotation,
  AnnotationDeclarationNode,
  ConstNode,
  Doc,
  Literal,
  Identifier as NameNode,
  TypeNode,
} from "../ast.js";
import {
  Alias,
  AnnotationKeyword,
  Colon,
  Comma,
  Const,
  Equals,
  Identifier,
  LeftBrace,
  LeftParen,
  NumberLiteral,
  On,
  StringLiteral,
} from "../lexer/tokens.js";
import { startsWithType } from "../recovery/shapes.js";
import { isName, nextOpensLine } from "../recovery/token-cursor.js";
import type { Lead } from "./annotation-grammar.js";
import { BrokenOff } from "./recovering-parser.js";
import { ServiceGrammar } from "./service-grammar.js";
import { typeText } from "./type-grammar.js";

/** What a constant without a type is taken for, once its want is reported. */
const typeOfLiteral: Readonly<Record<Literal["kind"], string | undefined>> = {
  int: "i64",
  float: "f64",
  string: "string",
  bool: "bool",
  duration: "duration",
  name: undefined,
  list: undefined,
};

export abstract class DeclarationGrammar extends ServiceGrammar {
  protected readonly constant: ParserMethod<[Lead], ConstNode | undefined> = this.RULE("constant", (lead: Lead) => {
    const doc = this.ACTION(() => this.docOf(lead));
    this.CONSUME(Const);
    const early = this.OPTION({ GATE: () => startsWithType(this), DEF: () => this.SUBRULE(this.type) });
    const name = this.declaredName("constant");
    this.ACTION(() => {
      if (early !== undefined)
        this.report("RPC1202", early.span, {
          type: typeText(early),
          name: name?.text ?? "",
          meant: `${name?.text ?? ""}: ${typeText(early)}`,
        });
      else if (this.peek(1).tokenType === Equals) this.unexpected('":" and a type after the name of the constant');
      else if (this.peek(1).tokenType !== Colon) throw new BrokenOff('":" after the name of the constant');
    });
    const late = this.OPTION2(() => {
      this.CONSUME(Colon);
      return this.SUBRULE1(this.type);
    });
    this.expect(
      1,
      Equals,
      '"=" after the type of the constant',
      [Colon],
      () => this.peek(1).tokenType === NumberLiteral || this.peek(1).tokenType === StringLiteral,
    );
    const value = this.SUBRULE(this.literal);
    this.terminator("the constant");
    return this.ACTION((): ConstNode | undefined => {
      const type = early ?? late ?? inferredType(value);
      if (name === undefined || type === undefined) return undefined;
      return { kind: "const", ...this.declared(lead, doc, name), type, value };
    });
  });

  protected readonly alias: ParserMethod<[Lead], AliasNode | undefined> = this.RULE("alias", (lead: Lead) => {
    const doc = this.ACTION(() => this.docOf(lead));
    this.CONSUME(Alias);
    const name = this.declaredName("alias");
    this.expect(
      1,
      Equals,
      '"=" after the name of the alias',
      [Colon],
      () => isName(this.peek(1)) && !nextOpensLine(this),
    );
    const type = this.SUBRULE(this.type);
    this.terminator("the alias");
    return this.ACTION((): AliasNode | undefined =>
      name === undefined ? undefined : { kind: "alias", ...this.declared(lead, doc, name), type },
    );
  });

  protected readonly annotationDeclaration: ParserMethod<[Lead], AnnotationDeclarationNode | undefined> = this.RULE(
    "annotationDeclaration",
    (lead: Lead) => {
      const doc = this.ACTION(() => this.docOf(lead));
      this.CONSUME(AnnotationKeyword);
      const name = this.declaredName("annotation");
      const list = this.OPTION1({
        GATE: () => this.peek(1).tokenType === LeftParen,
        DEF: () => this.SUBRULE(this.parameters),
      });
      this.CONSUME(On, { ERR_MSG: '"on" and what the annotation is for' });
      const targets: NameNode[] = [];
      targets.push(this.nameOf(this.CONSUME(Identifier, { ERR_MSG: 'what the annotation is for after "on"' })));
      this.MANY(() => {
        this.CONSUME(Comma);
        targets.push(this.nameOf(this.CONSUME1(Identifier, { ERR_MSG: 'what else the annotation is for after ","' })));
      });
      this.terminator("the annotation");
      return this.ACTION((): AnnotationDeclarationNode | undefined => {
        if (list?.kind === "stream")
          this.report("RPC1101", list.element.span, { expected: "a parameter", found: '"stream"' });
        if (name === undefined) return undefined;
        return {
          kind: "annotation",
          ...this.declared(lead, doc, name),
          parameters: list?.kind === "fields" ? list.fields : [],
          targets,
        };
      });
    },
  );

  /** The name of a declaration. One without a name, but with a body, is read for the mistakes in its body. */
  protected declaredName(what: string): NameNode | undefined {
    const name = this.option(7, () => this.nameOf(this.consume(7, Identifier)));
    if (name !== undefined) return name;
    return this.ACTION(() => {
      if (this.peek(1).tokenType !== LeftBrace) throw new BrokenOff(`the name of the ${what}`);
      this.unexpected(`the name of the ${what}`);
      return undefined;
    });
  }

  protected declared(lead: Lead, doc: { readonly doc?: Doc }, name: NameNode): Named {
    return { name, ...doc, annotations: lead.annotations, span: this.since(lead.start) };
  }
}

interface Named {
  readonly name: NameNode;
  readonly doc?: Doc;
  readonly annotations: readonly Annotation[];
  readonly span: Span;
}

function inferredType(literal: Literal): TypeNode | undefined {
  const text = typeOfLiteral[literal.kind];
  if (text === undefined) return undefined;
  return {
    kind: "name",
    name: { text, parts: [{ text, span: literal.span }], span: literal.span },
    span: literal.span,
  };
}

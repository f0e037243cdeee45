/** The rules for what stands inside declarations: names, types, literals and annotations. */
import type { OrMethodOpts, ParserMethod } from "chevrotain";
import type { Annotation, AnnotationArgument, Doc, Literal, NumberNode, QualifiedName, TypeNode } from "./ast.js";
import { readNumber, type NumericLiteral } from "./number-literal.js";
import { BrokenOff, NESTING_LIMIT, RecoveringParser } from "./recovering-parser.js";
import { readString, readUnterminated } from "./string-literal.js";
import { isName, isType, nextOpensLine, nextStart, previousEnd } from "./token-cursor.js";
import {
  At,
  Colon,
  Comma,
  Dot,
  Equals,
  False,
  Greater,
  Identifier,
  LeftBracket,
  LeftParen,
  Less,
  MapKeyword,
  NumberLiteral,
  RightBracket,
  RightParen,
  StringLiteral,
  True,
  UnterminatedString,
} from "./tokens.js";

const A_NAME = { ERR_MSG: 'a name after "."' };

/** What stands before the name of a declaration or member. */
export interface Lead {
  /** Where the token before ends: docs are looked for from here. */
  readonly from: number;
  readonly start: number;
  readonly annotations: readonly Annotation[];
}

type StringNode = Extract<Literal, { kind: "string" }>;

export abstract class ValueGrammar extends RecoveringParser {
  protected readonly qualifiedName: ParserMethod<[], QualifiedName> = this.RULE("qualifiedName", () => {
    const parts = [this.nameOf(this.CONSUME(Identifier))];
    this.MANY(() => {
      this.CONSUME(Dot);
      parts.push(this.nameOf(this.CONSUME1(Identifier, A_NAME)));
    });
    return this.ACTION(() => {
      const first = parts[0];
      if (parts.length === 1 && first !== undefined) return { text: first.text, parts, span: first.span };
      return { text: parts.map((part) => part.text).join("."), parts, span: this.since(first?.span.start ?? 0) };
    });
  });

  protected readonly type: ParserMethod<[], TypeNode> = this.RULE("type", () => {
    const start = this.ACTION(() => nextStart(this));
    this.enter(start);
    let type = this.OR(this.#typeAlternatives);
    let depth = 0;
    this.MANY(() => {
      this.CONSUME(LeftBracket);
      this.CONSUME(RightBracket, { ERR_MSG: '"]" (lists have no fixed length)' });
      this.ACTION(() => {
        if (++depth === NESTING_LIMIT) this.refuseDepth(start);
        type = { kind: "list", element: type, span: this.since(start) };
      });
    });
    this.leave();
    return type;
  });

  // Alternatives that are made once, and not once a type, make up a good part of the parser's speed.
  readonly #typeAlternatives: OrMethodOpts<TypeNode> = {
    DEF: [
      { GATE: () => this.peek(2).tokenType === Less, ALT: () => this.SUBRULE(this.mapType) },
      { ALT: () => this.SUBRULE(this.namedType) },
      { ALT: () => this.SUBRULE(this.bracketedType) },
    ],
    ERR_MSG: "a type",
  };

  protected readonly mapType: ParserMethod<[], TypeNode> = this.RULE("mapType", () => {
    const word = this.CONSUME(MapKeyword);
    this.CONSUME(Less);
    const key = this.SUBRULE(this.type);
    this.expect(1, Comma, '"," between the types of a map\'s keys and values', [Colon]);
    const value = this.SUBRULE1(this.type);
    this.CONSUME(Greater, { ERR_MSG: '">" after the type of the map\'s values' });
    return this.ACTION((): TypeNode => ({ kind: "map", key, value, span: this.since(word.startOffset) }));
  });

  /** A name; `list<T>` and `Map<K, V>` of other languages are reported and read as what they mean. */
  protected readonly namedType: ParserMethod<[], TypeNode> = this.RULE("namedType", () => {
    const name = this.SUBRULE(this.qualifiedName);
    const args: TypeNode[] = [];
    this.OPTION(() => {
      this.CONSUME(Less);
      this.MANY_SEP({ SEP: Comma, DEF: () => args.push(this.SUBRULE(this.type)) });
      this.CONSUME(Greater, { ERR_MSG: '">"' });
    });
    return this.ACTION((): TypeNode => {
      const first = args[0];
      const second = args[1];
      if (first === undefined) return { kind: "name", name, span: name.span };
      const span = this.since(name.span.start);
      const meant: TypeNode =
        second === undefined
          ? { kind: "list", element: first, span }
          : { kind: "map", key: first, value: second, span };
      this.report("RPC1208", span, { written: this.sourceOf(span), meant: typeText(meant) });
      return meant;
    });
  });

  /** `[T]` and `[]T` of other languages, reported and read as `T[]`. */
  protected readonly bracketedType: ParserMethod<[], TypeNode> = this.RULE("bracketedType", () => {
    const open = this.CONSUME(LeftBracket);
    const element = this.OR({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(RightBracket);
            return this.SUBRULE(this.type);
          },
        },
        {
          ALT: () => {
            const inner = this.SUBRULE1(this.type);
            this.CONSUME1(RightBracket, { ERR_MSG: '"]"' });
            return inner;
          },
        },
      ],
      ERR_MSG: "a type",
    });
    return this.ACTION(() => {
      const meant: TypeNode = { kind: "list", element, span: this.since(open.startOffset) };
      this.report("RPC1208", meant.span, { written: this.sourceOf(meant.span), meant: typeText(meant) });
      return meant;
    });
  });

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
      startsItem: () => this.#startsLiteral(),
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
        startsItem: () => this.#startsLiteral(),
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

  protected sourceOf(span: { readonly start: number; readonly end: number }): string {
    return this.text.slice(span.start, span.end);
  }

  #booleanLiteral(token: { readonly image: string; readonly startOffset: number }): Literal {
    const span = this.span(token.startOffset, token.startOffset + token.image.length);
    return { kind: "bool", value: token.image === "true", raw: token.image, span };
  }

  #startsLiteral(): boolean {
    return (
      !nextOpensLine(this) && (isName(this.peek(1)) || isType(this.peek(1), NumberLiteral, StringLiteral, LeftBracket))
    );
  }
}

/** A type as it is written in this language. */
export function typeText(type: TypeNode): string {
  if (type.kind === "name") return type.name.text;
  if (type.kind === "list") return `${typeText(type.element)}[]`;
  return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
}

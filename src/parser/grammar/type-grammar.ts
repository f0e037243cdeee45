/** The rules for names and types, and for the types of other languages. */
import type { OrMethodOpts, ParserMethod } from "chevrotain";
import type { QualifiedName, TypeNode } from "../ast.js";
import {
  Colon,
  Comma,
  Dot,
  Greater,
  Identifier,
  LeftBracket,
  Less,
  MapKeyword,
  RightBracket,
} from "../lexer/tokens.js";
import { nextStart } from "../recovery/token-cursor.js";
import { ListParser } from "./list-parser.js";
import { NESTING_LIMIT } from "./recovering-parser.js";

const A_NAME = { ERR_MSG: 'a name after "."' };

export abstract class TypeGrammar extends ListParser {
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

  protected sourceOf(span: { readonly start: number; readonly end: number }): string {
    return this.text.slice(span.start, span.end);
  }
}

/** A type as it is written in this language. */
export function typeText(type: TypeNode): string {
  if (type.kind === "name") return type.name.text;
  if (type.kind === "list") return `${typeText(type.element)}[]`;
  return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
}

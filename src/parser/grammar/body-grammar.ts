/** Bodies in braces: the members between them, and what goes wrong at their edges. */
import { EOF, type ParserMethod } from "chevrotain";
import type { Identifier as NameNode } from "../ast.js";
import { Comma, LeftBrace, Misplaced, RightBrace, Semicolon } from "../lexer/tokens.js";
import { toEndOfMember } from "../recovery/resync.js";
import { shown, startsDeclaration, startsMember } from "../recovery/shapes.js";
import { isType, nextOpensLine, nextStart, previousEnd } from "../recovery/token-cursor.js";
import type { Lead } from "./annotation-grammar.js";
import { DeclarationGrammar } from "./declaration-grammar.js";
import { field, unionMember, type FieldWords } from "./field-grammar.js";
import { BrokenOff } from "./recovering-parser.js";

/** How one sort of body and its members are spoken of. */
interface BodyWords {
  readonly what: string;
  readonly member: string;
  readonly example: string;
  readonly field: FieldWords;
}

export const bodies = {
  message: { what: "message", member: "a field", example: "name: string = 1;", field },
  error: { what: "error", member: "a field", example: "name: string = 1;", field },
  struct: { what: "struct", member: "a field", example: "name: string;", field },
  union: { what: "union", member: "a member", example: "name: string = 1;", field: unionMember },
  enum: { what: "enum", member: "a member", example: "NAME = 1;", field },
  service: { what: "service", member: "a method", example: "get(id: string) -> Order;", field },
} as const satisfies Record<string, BodyWords>;

/** The name of the declaration and the words for its body. */
export interface Owner {
  readonly words: BodyWords;
  readonly name: NameNode | undefined;
}

/** So many tokens are looked through for the brace of a declaration that says more than its name. */
const HEADER_LIMIT = 30;

export const nobody: Owner = { words: bodies.message, name: undefined };

export abstract class BodyGrammar extends DeclarationGrammar {
  /** `{`, the members, `}`. False where there is no body at all. */
  protected body(lead: Lead, owner: Owner, member: () => void): boolean {
    const bodied = this.ACTION(() => this.#mendHeader(owner));
    if (bodied === false) return false;
    const open = this.option(8, () => this.consume(8, LeftBrace));
    const column = this.ACTION(() => this.source.position(lead.start).column);
    this.many(8, {
      GATE: () => !(startsDeclaration(this) && this.source.position(nextStart(this)).column <= column),
      DEF: () =>
        this.attempt(toEndOfMember, () =>
          this.or(8, {
            DEF: [{ ALT: member }, { ALT: () => this.SUBRULE9(this.misplacedMember, { ARGS: [owner] }) }],
            // A "[" may begin a foreign type, and so a member.
            IGNORE_AMBIGUITIES: true,
          }),
        ),
    });
    const close = this.option(9, () => this.consume(9, RightBrace));
    if (close === undefined) this.ACTION(() => this.#reportUnclosed(owner, open));
    return true;
  }

  /** A mark, number or text where a member should begin. */
  protected readonly misplacedMember: ParserMethod<[Owner], void> = this.RULE("misplacedMember", (owner: Owner) => {
    this.ACTION(() => {
      if (!isType(this.peek(1), Semicolon, Comma))
        throw new BrokenOff(owner.words.member, `${owner.words.member} is written \`${owner.words.example}\``);
    });
    const token = this.CONSUME(Misplaced);
    this.ACTION(() => this.reportExtra(token));
  });

  /** Sees to it that a body follows: reports what stands before its brace, or where the brace is missing. */
  #mendHeader(owner: Owner): boolean {
    const expected = `"{" after the name of the ${owner.words.what}`;
    if (this.peek(1).tokenType === LeftBrace) return true;
    if (this.peek(1).tokenType === Semicolon) {
      this.unexpected(expected);
      this.skip();
      return false;
    }
    if (nextOpensLine(this) && (startsMember(this) || this.peek(1).tokenType === RightBrace)) {
      this.unexpected(expected);
      return true;
    }
    const brace = this.#braceOnLine();
    if (brace === -1) throw new BrokenOff(expected);
    this.unexpected(expected);
    for (let skipped = 1; skipped < brace; skipped++) this.skip();
    return true;
  }

  /** The distance to a "{" on this line; -1 if there is none. */
  #braceOnLine(): number {
    const from = previousEnd(this);
    for (let ahead = 1; ahead <= HEADER_LIMIT; ahead++) {
      const token = this.peek(ahead);
      if (isType(token, EOF, Semicolon, RightBrace) || this.text.slice(from, token.startOffset).includes("\n"))
        return -1;
      if (token.tokenType === LeftBrace) return ahead;
    }
    return -1;
  }

  #reportUnclosed(owner: Owner, open: { readonly startOffset: number } | undefined): void {
    const next = this.peek(1);
    const place = next.tokenType === EOF ? this.span(previousEnd(this), previousEnd(this)) : this.spanOf(next);
    const related =
      open === undefined
        ? []
        : [{ message: "it is opened here", span: this.span(open.startOffset, open.startOffset + 1) }];
    this.reportUnclosed(place, { what: owner.words.what, name: owner.name?.text, found: shown(next) }, related);
  }
}

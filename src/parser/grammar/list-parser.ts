/**
 * Lists of items between commas: where a comma or the closing mark is missing or one too many, and after a broken item.
 */
import { type TokenType } from "chevrotain";
import { Colon, Comma, Question, Semicolon } from "../lexer/tokens.js";
import { toEndOfItem } from "../recovery/resync.js";
import { isName, isType, mend } from "../recovery/token-cursor.js";
import { BrokenOff, RecoveringParser } from "./recovering-parser.js";

/** A list of items between commas, and how its end is told where its closing mark is missing. */
interface CommaSeparated {
  readonly item: () => void;
  /** Whether an item begins at the next token, so that only the comma before it is missing. */
  readonly startsItem: () => boolean;
  readonly closing: TokenType;
  readonly expected: string;
  /** Whether the next token may follow the list, so that only the closing mark is missing. */
  readonly mayFollow?: () => boolean;
}

export abstract class ListParser extends RecoveringParser {
  /**
   * Reads items between commas and the mark that closes them, before which a last comma may stand. Uses `index` and
   * `index + 1`. False if an item was broken off.
   */
  protected commaSeparated(index: number, list: CommaSeparated): boolean {
    let sound = true;
    let more = true;
    let flawed = false;
    this.ACTION(() => this.#refuseExtraCommas());
    this.many(index, {
      GATE: () => more,
      DEF: () => {
        sound = this.attempt(toEndOfItem, list.item) && sound;
        this.ACTION(() => this.#mendSemicolon());
        const comma = this.option(index, () => this.consume(index, Comma));
        this.ACTION(() => {
          more = comma !== undefined;
          if (more) return this.#refuseExtraCommas();
          if (this.peek(1).tokenType === list.closing || !list.startsItem()) return;
          this.unexpected('"," between two items');
          more = flawed = true;
        });
      },
    });
    // After a mistake in the list, its missing end is a consequence: of the item broken off, or of a ")" taken for a
    // missing ",".
    this.ACTION(() => {
      if ((flawed || !sound) && this.peek(1).tokenType !== list.closing) throw new BrokenOff();
    });
    this.expect(index + 1, list.closing, list.expected, [], list.mayFollow);
    return sound;
  }

  /** `a: T; b: T` where commas belong. */
  #mendSemicolon(): void {
    if (this.peek(1).tokenType !== Semicolon || !isName(this.peek(2)) || !isType(this.peek(3), Colon, Question)) return;
    this.unexpected('"," between two items');
    mend(this.peek(1), Comma);
  }

  #refuseExtraCommas(): void {
    if (this.peek(1).tokenType === Comma) this.reportExtra(this.peek(1));
    while (this.peek(1).tokenType === Comma) this.skip();
  }
}

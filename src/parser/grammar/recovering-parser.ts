/** The ground that the grammar stands on: places, findings, and rules that are broken off and taken up again. */
import {
  EmbeddedActionsParser,
  EOF,
  isRecognitionException,
  type IParserErrorMessageProvider,
  type IToken,
  type TokenType,
} from "chevrotain";
import type { ArgsOf, Code } from "../../diagnostics/catalog.js";
import type { ReportExtras } from "../../diagnostics/collector.js";
import type { RelatedPlace } from "../../diagnostics/diagnostic.js";
import { SourceFile } from "../../text/source-file.js";
import type { Span } from "../../text/span.js";
import type { Identifier as IdentifierNode } from "../ast.js";
import { Findings } from "../findings.js";
import { DocComments } from "../lexer/doc-comments.js";
import { endOf, type LexedFile } from "../lexer/lexer.js";
import { vocabulary } from "../lexer/tokens.js";
import { shown } from "../recovery/shapes.js";
import { isType, mend, nextOpensLine, nextStart, previousEnd, type TokenCursor } from "../recovery/token-cursor.js";

/** Types, lists and declarations nest no deeper. */
export const NESTING_LIMIT = 64;

/** Breaks a rule off where chevrotain itself would go on. `expected` is absent where the reason has been reported. */
export class BrokenOff extends Error {
  readonly expected: string | undefined;
  readonly help: string | undefined;

  constructor(expected?: string, help?: string) {
    super("a grammar rule was broken off");
    this.expected = expected;
    this.help = help;
  }
}

/** Chevrotain's exceptions carry only what was expected; the sentence around it is made where they are caught. */
const expectedOnly: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.LABEL ?? expected.name,
  buildNoViableAltMessage: ({ customUserDescription, ruleName }) => customUserDescription ?? ruleName,
  buildEarlyExitMessage: ({ customUserDescription, ruleName }) => customUserDescription ?? ruleName,
  buildNotAllInputParsedMessage: () => "the end of the file",
};

export abstract class RecoveringParser extends EmbeddedActionsParser implements TokenCursor {
  // Chevrotain's interface for lookahead of one's own, which its types leave out.
  declare protected LA: (ahead: number) => IToken;
  declare protected SKIP_TOKEN: () => IToken;

  protected source = new SourceFile("", "");
  protected docs = new DocComments(this.source, []);
  protected findings = new Findings();
  #damage: readonly number[] = [];
  #depth = 0;
  /** The token at which the member being read begins. */
  #first: IToken | undefined;
  /**
   * Whether a mistake of the member being read was put down to a finding there is already: more of them are its
   * consequences.
   */
  #explained = false;

  constructor(validate: boolean) {
    super(vocabulary, { maxLookahead: 1, skipValidations: !validate, errorMessageProvider: expectedOnly });
  }

  get text(): string {
    return this.source.text;
  }

  peek(ahead: number): IToken {
    return this.LA(ahead);
  }

  skip(): void {
    this.SKIP_TOKEN();
  }

  protected begin(source: SourceFile, file: LexedFile, docs: DocComments, findings: Findings): void {
    this.input = file.tokens;
    this.source = source;
    this.docs = docs;
    this.findings = findings;
    this.#damage = file.damage;
    this.#depth = 0;
    this.#explained = false;
  }

  protected span(start: number, end: number): Span {
    return { file: this.source.path, start, end };
  }

  protected spanOf(token: IToken): Span {
    return this.span(token.startOffset, endOf(token));
  }

  /** From `start` to the end of the last token; empty where none was read since. */
  protected since(start: number): Span {
    return this.span(start, Math.max(start, previousEnd(this)));
  }

  protected nameOf(token: IToken): IdentifierNode {
    return { text: token.image, span: this.spanOf(token) };
  }

  /** Reports at a place that has no finding yet, unless what stands there was damaged before the grammar saw it. */
  protected report<C extends Code>(code: C, span: Span, args: ArgsOf<C>, extras?: ReportExtras): void {
    if (this.findings.full) return;
    this.#explained ||= this.#damagedNearby();
    if (!this.#explained) this.findings.reportOnce(String(span.start), code, span, args, extras);
  }

  /**
   * Reports that the next token is not what was expected: at the token, or behind the last one of the member if the
   * line ends there.
   */
  protected unexpected(expected: string, help?: string): void {
    const found = this.peek(1);
    const missing = nextOpensLine(this) && found !== this.#first;
    const place = missing ? this.span(previousEnd(this), previousEnd(this)) : this.spanOf(found);
    this.report("RPC1101", place, { expected, found: shown(found), ...(help !== undefined && { help }) });
  }

  /** Reports a mark that is one too many. */
  protected reportExtra(token: IToken): void {
    const span = this.spanOf(token);
    this.report("RPC1105", span, { found: token.image }, { fix: [{ span, text: "" }] });
  }

  /** Unlike other findings, these may share their place with one: the end of the file may want a ";" and a "}". */
  protected reportUnclosed(place: Span, args: ArgsOf<"RPC1103">, related: readonly RelatedPlace[]): void {
    if (!this.#damagedNearby())
      this.findings.reportOnce(`unclosed ${place.start}`, "RPC1103", place, args, { related });
  }

  /**
   * Runs `rule`; if it is broken off, reports why and lets `resync` choose where to go on. False if it was broken off.
   */
  protected attempt(resync: (cursor: TokenCursor) => void, rule: () => void): boolean {
    let sound = true;
    if (this.RECORDING_PHASE) {
      rule();
      return sound;
    }
    const first = this.peek(1);
    const depth = this.#depth;
    const outerFirst = this.#first;
    this.#first = first;
    const explained = this.#explained;
    this.#explained = false;
    try {
      rule();
    } catch (error) {
      sound = false;
      if (error instanceof BrokenOff) {
        if (error.expected !== undefined) this.unexpected(error.expected, error.help);
      } else if (error instanceof Error && isRecognitionException(error)) {
        this.unexpected(error.message);
      } else {
        throw error;
      }
      resync(this);
    } finally {
      this.#depth = depth;
      this.#first = outerFirst;
      this.#explained = explained;
    }
    if (this.peek(1) === first) this.skip();
    if (this.findings.full) while (this.peek(1).tokenType !== EOF) this.skip();
    return sound;
  }

  /**
   * Begins what may contain itself. Deeper than the limit it is refused: it could exhaust the stack, here or in a later
   * stage.
   */
  protected enter(start: number): void {
    if (this.#depth === NESTING_LIMIT) this.ACTION(() => this.refuseDepth(start));
    this.#depth++;
  }

  /** Ends what `enter` began; where a rule is broken off, `attempt` does. */
  protected leave(): void {
    this.#depth--;
  }

  protected refuseDepth(start: number): never {
    this.report("RPC1110", this.span(start, start + 1), { limit: NESTING_LIMIT });
    throw new BrokenOff();
  }

  /**
   * Reads a mark that may be mistaken for one of `wrong`, or be missing where `follows` says that the rest is there:
   * both are reported and reading goes on. Anything else breaks the rule off.
   */
  protected expect(
    index: number,
    type: TokenType,
    expected: string,
    wrong: readonly TokenType[] = [],
    follows?: (() => boolean) | undefined,
  ): IToken | undefined {
    this.ACTION(() => {
      const next = this.peek(1);
      if (next.tokenType === type || !isType(next, ...wrong)) return;
      this.unexpected(expected);
      mend(next, type);
    });
    const token = this.option(index, () => this.consume(index, type));
    if (token === undefined) {
      this.ACTION(() => {
        if (follows?.() !== true) throw new BrokenOff(expected);
        this.unexpected(expected);
      });
    }
    return token;
  }

  #damagedNearby(): boolean {
    if (this.#damage.length === 0) return false;
    const previous = this.peek(0);
    const from = previous.tokenType === EOF ? 0 : previous.startOffset;
    let low = 0;
    let high = this.#damage.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#damage[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return (this.#damage[low] ?? Infinity) <= nextStart(this) + this.peek(1).image.length;
  }
}

/** The rules for a file and its statements, and for what stands where a statement should. */
import type { ParserMethod } from "chevrotain";
import type { SourceFile } from "../../text/source-file.js";
import type { Doc, FileNode, ImportNode } from "../ast.js";
import type { Findings } from "../findings.js";
import type { DocComments } from "../lexer/doc-comments.js";
import type { LexedFile } from "../lexer/lexer.js";
import {
  As,
  Colon,
  Equals,
  Identifier,
  Import,
  LeftBrace,
  LeftParen,
  Misplaced,
  On,
  Package,
  RightBrace,
  Semicolon,
  StringLiteral,
} from "../lexer/tokens.js";
import { declarationKeywords, meantKeyword } from "../recovery/foreign-words.js";
import { skipPair, toNextDeclaration } from "../recovery/resync.js";
import { blockKeywords } from "../recovery/shapes.js";
import { isName, isType, mend } from "../recovery/token-cursor.js";
import type { Lead } from "./annotation-grammar.js";
import { BlockGrammar } from "./block-grammar.js";
import { BrokenOff } from "./recovering-parser.js";

export class Grammar extends BlockGrammar {
  #packages: FileNode["packages"][number][] = [];
  #imports: ImportNode[] = [];
  #doc: Doc | undefined;

  /** `validate` has chevrotain check the grammar itself, which takes long and is for tests. */
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  /** Reads a whole file; its comments are the caller's. */
  parse(source: SourceFile, lexed: LexedFile, docs: DocComments, findings: Findings): Omit<FileNode, "comments"> {
    this.begin(source, lexed, docs, findings);
    this.#packages = [];
    this.#imports = [];
    this.#doc = undefined;
    this.declarations = [];
    this.file();
    return {
      path: source.path,
      ...(this.#doc !== undefined && { doc: this.#doc }),
      packages: this.#packages,
      imports: this.#imports,
      declarations: this.declarations.sort((a, b) => a.span.start - b.span.start),
      span: source.span(0, source.text.length),
    };
  }

  protected readonly file: ParserMethod<[], void> = this.RULE("file", () => {
    this.MANY(() => this.attempt(toNextDeclaration, () => this.SUBRULE(this.statement)));
  });

  protected readonly statement: ParserMethod<[], void> = this.RULE("statement", () => {
    const lead = this.SUBRULE(this.lead);
    this.ACTION(() => this.#mendKeyword());
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.package, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.import, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.declaration, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.misplacedStatement) },
        // No word comes so far that is not one of the keywords above; the loop over statements must not end at one.
        { ALT: () => void this.CONSUME(Identifier) },
      ],
      ERR_MSG: "a declaration",
      IGNORE_AMBIGUITIES: true,
    });
  });

  protected readonly package: ParserMethod<[Lead], void> = this.RULE("package", (lead: Lead) => {
    const { doc } = this.ACTION(() => this.docOf(lead)) ?? {};
    this.ACTION(() => this.refuseAnnotations(lead, "package"));
    const word = this.CONSUME(Package);
    this.ACTION(() => {
      if (!isName(this.peek(1))) throw new BrokenOff("the name of the package", "write `package city.orders;`");
    });
    const name = this.SUBRULE(this.qualifiedName);
    this.terminator("the package");
    this.ACTION(() => {
      if (this.#packages.length === 0) this.#doc = doc;
      this.#packages.push({ name, span: this.since(word.startOffset) });
    });
  });

  protected readonly import: ParserMethod<[Lead], void> = this.RULE("import", (lead: Lead) => {
    this.ACTION(() => this.refuseAnnotations(lead, "import"));
    const word = this.CONSUME(Import);
    this.ACTION(() => {
      if (!isType(this.peek(1), StringLiteral))
        throw new BrokenOff("a path in quotes", 'write `import "./money.idl";` or `import "./money.idl" as money;`');
    });
    const path = this.SUBRULE(this.stringLiteral);
    const alias = this.OPTION(() => {
      this.CONSUME(As);
      return this.nameOf(this.CONSUME(Identifier, { ERR_MSG: 'a name after "as"' }));
    });
    this.terminator("the import");
    this.ACTION(() =>
      this.#imports.push({
        path: { value: path.value, span: path.span },
        ...(alias !== undefined && { alias }),
        span: this.since(word.startOffset),
      }),
    );
  });

  protected readonly misplacedStatement: ParserMethod<[], void> = this.RULE("misplacedStatement", () => {
    this.ACTION(() => {
      if (!isType(this.peek(1), Semicolon, RightBrace)) throw new BrokenOff("a declaration");
    });
    const token = this.OR([{ ALT: () => this.CONSUME(RightBrace) }, { ALT: () => this.CONSUME(Misplaced) }]);
    this.ACTION(() => {
      if (token.tokenType === Semicolon) return this.reportExtra(token);
      const span = this.spanOf(token);
      this.report("RPC1104", span, {}, { fix: [{ span, text: "" }] });
      throw new BrokenOff();
    });
  });

  /**
   * A misspelt or foreign keyword is reported and read as the one that was meant; without one, the statement is broken
   * off.
   */
  #mendKeyword(): void {
    const word = this.peek(1);
    if (!isName(word) || declarationKeywords.get(word.image) === word.tokenType) return;
    const meant = this.#meantKeyword(word.image);
    const keyword = declarationKeywords.get(meant ?? "");
    if (meant !== undefined && keyword !== undefined) {
      this.report(
        "RPC1106",
        this.spanOf(word),
        { word: word.image, meant },
        { fix: [{ span: this.spanOf(word), text: meant }] },
      );
      mend(word, keyword);
      return;
    }
    if (!isName(this.peek(2)) && !isType(this.peek(2), LeftBrace, Equals, StringLiteral))
      throw new BrokenOff("a declaration");
    this.report("RPC1108", this.spanOf(word), { word: word.image });
    while (isName(this.peek(1))) this.skip();
    if (this.peek(1).tokenType === LeftBrace) skipPair(this, LeftBrace, RightBrace);
    throw new BrokenOff();
  }

  /** The keyword that `word` was likely meant as, if what stands behind it looks as it does behind that keyword. */
  #meantKeyword(word: string): string | undefined {
    const meant = meantKeyword(word);
    const second = this.peek(2);
    const third = this.peek(3);
    if (isType(second, StringLiteral)) return meant === "import" ? meant : undefined;
    if (meant === undefined || !isName(second)) return undefined;
    if (third.tokenType === LeftBrace)
      return blockKeywords.some((type) => type === declarationKeywords.get(meant)) ? meant : undefined;
    if (third.tokenType === Equals) return meant === "const" ? "const" : "alias";
    if (third.tokenType === Colon) return meant === "const" ? meant : undefined;
    if (isType(third, LeftParen, On)) return meant === "annotation" ? meant : undefined;
    return meant === "package" || blockKeywords.some((type) => type === declarationKeywords.get(meant))
      ? meant
      : undefined;
  }
}

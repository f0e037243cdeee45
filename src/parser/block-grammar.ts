/** The rules for declarations with a body in braces, and for what goes wrong at the edges of one. */
import { EOF, type ParserMethod } from "chevrotain";
import type {
  DeclarationNode,
  EnumNode,
  FieldNode,
  Identifier as NameNode,
  MethodNode,
  ReservedNode,
  ServiceNode,
} from "./ast.js";
import { DeclarationGrammar } from "./declaration-grammar.js";
import { completeEnum } from "./enum-numbers.js";
import { declarationKeywords, meantKeyword } from "./foreign-words.js";
import { field, unionMember, type EnumMemberDraft, type FieldWords } from "./member-grammar.js";
import { BrokenOff } from "./recovering-parser.js";
import { toEndOfMember } from "./resync.js";
import { blockKeywords, shown, startsDeclaration, startsMember, startsReserved, startsWithType } from "./shapes.js";
import { isType, mend, nextOpensLine, nextStart, previousEnd } from "./token-cursor.js";
import {
  Comma,
  Enum,
  ErrorKeyword,
  Identifier,
  LeftBrace,
  Message,
  Misplaced,
  RightBrace,
  Semicolon,
  Service,
  Struct,
  Union,
} from "./tokens.js";
import type { Lead } from "./value-grammar.js";

/** How one sort of body and its members are spoken of. */
interface BodyWords {
  readonly what: string;
  readonly member: string;
  readonly example: string;
  readonly field: FieldWords;
}

const bodies = {
  message: { what: "message", member: "a field", example: "name: string = 1;", field },
  error: { what: "error", member: "a field", example: "name: string = 1;", field },
  struct: { what: "struct", member: "a field", example: "name: string;", field },
  union: { what: "union", member: "a member", example: "name: string = 1;", field: unionMember },
  enum: { what: "enum", member: "a member", example: "NAME = 1;", field },
  service: { what: "service", member: "a method", example: "get(id: string) -> Order;", field },
} as const satisfies Record<string, BodyWords>;

interface FieldBody {
  readonly fields: FieldNode[];
  readonly reserved: ReservedNode[];
}

interface EnumBody {
  readonly members: EnumMemberDraft[];
  readonly reserved: ReservedNode[];
}

/** The name of the declaration and the words for its body. */
interface Owner {
  readonly words: BodyWords;
  readonly name: NameNode | undefined;
}

/** So many tokens are looked through for the brace of a declaration that says more than its name. */
const HEADER_LIMIT = 30;

const nobody: Owner = { words: bodies.message, name: undefined };

export abstract class BlockGrammar extends DeclarationGrammar {
  /** What has been read. A declaration inside of another, which is a mistake, stands before the other. */
  protected declarations: DeclarationNode[] = [];

  protected readonly declaration: ParserMethod<[Lead], void> = this.RULE("declaration", (lead: Lead) => {
    const node = this.OR<DeclarationNode | undefined>({
      DEF: [
        { ALT: () => this.SUBRULE(this.constant, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.alias, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.fieldBlock, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.enumBlock, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.serviceBlock, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.annotationDeclaration, { ARGS: [lead] }) },
      ],
      ERR_MSG: "a declaration",
    });
    this.ACTION(() => {
      if (node !== undefined) this.declarations.push(node);
    });
  });

  protected readonly fieldBlock: ParserMethod<[Lead], DeclarationNode | undefined> = this.RULE(
    "fieldBlock",
    (lead: Lead) => {
      const doc = this.ACTION(() => this.docOf(lead));
      const kind = this.OR([
        { ALT: () => this.#kind("message", this.CONSUME(Message)) },
        { ALT: () => this.#kind("struct", this.CONSUME(Struct)) },
        { ALT: () => this.#kind("error", this.CONSUME(ErrorKeyword)) },
        { ALT: () => this.#kind("union", this.CONSUME(Union)) },
      ]);
      const owner: Owner = this.ACTION(() => ({ words: bodies[kind], name: undefined })) ?? nobody;
      const name = this.declaredName(owner.words.what);
      const body: FieldBody = { fields: [], reserved: [] };
      const whole = this.body(lead, { ...owner, name }, () =>
        this.SUBRULE(this.fieldMember, { ARGS: [{ ...owner, name }, body] }),
      );
      return this.ACTION((): DeclarationNode | undefined => {
        if (name === undefined || !whole) return undefined;
        const declared = this.declared(lead, doc, name);
        if (kind === "struct") return { kind, ...declared, fields: body.fields };
        if (kind === "union") return { kind, ...declared, members: body.fields, reserved: body.reserved };
        return { kind, ...declared, fields: body.fields, reserved: body.reserved };
      });
    },
  );

  protected readonly fieldMember: ParserMethod<[Owner, FieldBody], void> = this.RULE(
    "fieldMember",
    (owner: Owner = nobody, body: FieldBody) => {
      const lead = this.SUBRULE(this.lead);
      this.OR({
        DEF: [
          {
            GATE: () => owner.words.what !== "struct" && startsReserved(this),
            ALT: () => this.SUBRULE(this.reservedMember, { ARGS: [lead, body] }),
          },
          {
            GATE: () => startsDeclaration(this),
            ALT: () => this.SUBRULE(this.nestedDeclaration, { ARGS: [lead, owner] }),
          },
          {
            GATE: () => startsWithType(this),
            ALT: () => {
              const foreign = this.SUBRULE(this.foreignField, { ARGS: [lead, owner.words.field] });
              this.ACTION(() => body.fields.push(foreign));
            },
          },
          {
            ALT: () => {
              const own = this.SUBRULE(this.field, { ARGS: [lead, owner.words.field] });
              this.ACTION(() => body.fields.push(own));
            },
          },
        ],
        ERR_MSG: owner.words.member,
      });
    },
  );

  protected readonly enumBlock: ParserMethod<[Lead], EnumNode | undefined> = this.RULE("enumBlock", (lead: Lead) => {
    const doc = this.ACTION(() => this.docOf(lead));
    this.CONSUME(Enum);
    const owner: Owner = { words: bodies.enum, name: this.declaredName("enum") };
    const body: EnumBody = { members: [], reserved: [] };
    const whole = this.body(lead, owner, () => this.SUBRULE(this.enumBlockMember, { ARGS: [owner, body] }));
    return this.ACTION((): EnumNode | undefined => {
      const members = completeEnum(body.members, body.reserved, (member, next) =>
        this.findings.report("RPC1109", member.name.span, { name: member.name.text, next: String(next) }),
      );
      if (owner.name === undefined || !whole) return undefined;
      return { kind: "enum", ...this.declared(lead, doc, owner.name), members, reserved: body.reserved };
    });
  });

  protected readonly enumBlockMember: ParserMethod<[Owner, EnumBody], void> = this.RULE(
    "enumBlockMember",
    (owner: Owner, body: EnumBody) => {
      const lead = this.SUBRULE(this.lead);
      this.OR({
        DEF: [
          { GATE: () => startsReserved(this), ALT: () => this.SUBRULE(this.reservedMember, { ARGS: [lead, body] }) },
          {
            GATE: () => startsDeclaration(this),
            ALT: () => this.SUBRULE(this.nestedDeclaration, { ARGS: [lead, owner] }),
          },
          {
            ALT: () => {
              const member = this.SUBRULE(this.enumMember, { ARGS: [lead] });
              this.ACTION(() => body.members.push(member));
            },
          },
        ],
        ERR_MSG: bodies.enum.member,
      });
    },
  );

  protected readonly reservedMember = this.RULE("reservedMember", (lead: Lead, body: Pick<FieldBody, "reserved">) => {
    const reserved = this.SUBRULE(this.reserved, { ARGS: [lead] });
    this.terminator("the reserved numbers and names");
    this.ACTION(() => body.reserved.push({ ...reserved, span: this.since(reserved.span.start) }));
  });

  protected readonly serviceBlock: ParserMethod<[Lead], ServiceNode | undefined> = this.RULE(
    "serviceBlock",
    (lead: Lead) => {
      const doc = this.ACTION(() => this.docOf(lead));
      this.CONSUME(Service);
      const owner: Owner = { words: bodies.service, name: this.declaredName("service") };
      const methods: MethodNode[] = [];
      const whole = this.body(lead, owner, () => this.SUBRULE(this.serviceMember, { ARGS: [owner, methods] }));
      return this.ACTION((): ServiceNode | undefined => {
        if (owner.name === undefined || !whole) return undefined;
        return { kind: "service", ...this.declared(lead, doc, owner.name), methods };
      });
    },
  );

  protected readonly serviceMember: ParserMethod<[Owner, MethodNode[]], void> = this.RULE(
    "serviceMember",
    (owner: Owner, methods: MethodNode[]) => {
      const lead = this.SUBRULE(this.lead);
      this.OR({
        DEF: [
          {
            GATE: () => startsDeclaration(this),
            ALT: () => this.SUBRULE(this.nestedDeclaration, { ARGS: [lead, owner] }),
          },
          {
            ALT: () => {
              const method = this.SUBRULE(this.method, { ARGS: [lead] });
              this.ACTION(() => methods.push(method));
            },
          },
        ],
        ERR_MSG: bodies.service.member,
      });
    },
  );

  /** Reported, and read as if it stood beside the declaration that it stands in. */
  protected readonly nestedDeclaration: ParserMethod<[Lead, Owner], void> = this.RULE(
    "nestedDeclaration",
    (lead: Lead, owner: Owner) => {
      this.ACTION(() => {
        const word = this.peek(1);
        this.report("RPC1216", this.spanOf(word), {
          name: this.peek(2).image,
          outer: owner.name?.text ?? owner.words.what,
        });
        if (declarationKeywords.has(word.image)) return;
        const meant = declarationKeywords.get(meantKeyword(word.image) ?? "");
        if (meant === undefined || !blockKeywords.includes(meant)) throw new BrokenOff();
        mend(word, meant);
      });
      this.ACTION(() => this.enter(lead.start));
      this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.declaration, { ARGS: [lead] }) },
          // Never chosen: the word has become a keyword. It makes the rule one that may begin with any word.
          { ALT: () => void this.CONSUME(Identifier) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
      this.ACTION(() => this.leave());
    },
  );

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

  #kind<K extends "message" | "struct" | "error" | "union">(kind: K, _keyword: unknown): K {
    return kind;
  }
}

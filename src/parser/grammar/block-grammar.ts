/** The rules for declarations with a body in braces. */
import { type ParserMethod } from "chevrotain";
import type { DeclarationNode, EnumNode, FieldNode, MethodNode, ReservedNode, ServiceNode } from "../ast.js";
import { Enum, ErrorKeyword, Identifier, Message, Service, Struct, Union } from "../lexer/tokens.js";
import { completeEnum } from "../recovery/enum-numbers.js";
import { declarationKeywords, meantKeyword } from "../recovery/foreign-words.js";
import { blockKeywords, startsDeclaration, startsReserved, startsWithType } from "../recovery/shapes.js";
import { mend } from "../recovery/token-cursor.js";
import type { Lead } from "./annotation-grammar.js";
import { BodyGrammar, bodies, nobody, type Owner } from "./body-grammar.js";
import type { EnumMemberDraft } from "./member-grammar.js";
import { BrokenOff } from "./recovering-parser.js";

type FieldBlockKind = "message" | "struct" | "error" | "union";

interface FieldBody {
  readonly fields: FieldNode[];
  readonly reserved: ReservedNode[];
}

interface EnumBody {
  readonly members: EnumMemberDraft[];
  readonly reserved: ReservedNode[];
}

export abstract class BlockGrammar extends BodyGrammar {
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
      const kind = this.OR<FieldBlockKind>([
        {
          ALT: () => {
            this.CONSUME(Message);
            return "message";
          },
        },
        {
          ALT: () => {
            this.CONSUME(Struct);
            return "struct";
          },
        },
        {
          ALT: () => {
            this.CONSUME(ErrorKeyword);
            return "error";
          },
        },
        {
          ALT: () => {
            this.CONSUME(Union);
            return "union";
          },
        },
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
}

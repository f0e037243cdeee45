/** Checks declarations one by one: what stands on them and in them. */
import type { Collector } from "../diagnostics/collector.js";
import { closest } from "../diagnostics/did-you-mean.js";
import type {
  AnnotationDeclarationNode,
  DeclarationNode,
  EnumNode,
  FieldNode,
  Identifier,
  MethodNode,
  ServiceNode,
  StructNode,
  UnionNode,
} from "../parser/ast.js";
import { targetWords, type Position } from "./built-in-annotations.js";
import type { FieldChecker } from "./check-fields.js";
import type { MethodChecker } from "./check-methods.js";
import { checkNames, checkScope, type Numbered } from "./check-numbers.js";
import { checkGivenNames, fullWireName } from "./given-names.js";
import { parameterNumbers } from "./parameter-numbers.js";
import type { LoadedFile } from "./program.js";
import type { Annotations } from "./read-annotations.js";
import { enumNumbers, fieldNumbers } from "./reservations.js";
import { checkStatusCode } from "./status-codes.js";
import { packageOf, type Symbols } from "./symbols.js";
import type { Types } from "./resolve-types.js";
import { hasLiterals } from "./values.js";
import type { WireName } from "./check-wire-names.js";

export interface DeclarationCheckers {
  readonly symbols: Symbols;
  readonly types: Types;
  readonly annotations: Annotations;
  readonly fields: FieldChecker;
  readonly methods: MethodChecker;
  readonly found: Collector;
}

export class DeclarationChecker {
  readonly #checkers: DeclarationCheckers;
  readonly #found: Collector;
  readonly #wireNames: WireName[] = [];
  readonly #parameterNumbers = new Map<MethodNode, ReadonlyMap<FieldNode, number>>();

  constructor(checkers: DeclarationCheckers) {
    this.#checkers = checkers;
    this.#found = checkers.found;
  }

  /** The number of each parameter of a method, as `check` counted them. */
  parameterNumbers(method: MethodNode): ReadonlyMap<FieldNode, number> {
    return this.#parameterNumbers.get(method) ?? new Map();
  }

  /** What the declarations that were checked since the last time are called on the wire. */
  takeWireNames(): WireName[] {
    return this.#wireNames.splice(0);
  }

  check(node: DeclarationNode, file: LoadedFile): void {
    const { annotations, fields, symbols } = this.#checkers;
    const applied = annotations.read(node, node.kind, file);
    const { wireName } = checkGivenNames(applied, node.kind, this.#found);
    const declared = symbols.of(node);
    if (node.kind !== "const" && node.kind !== "alias" && node.kind !== "annotation") {
      this.#wireNames.push({
        fullName: declared.fullName,
        wireName: fullWireName(wireName, packageOf(file), declared.fullName),
        span: wireName?.span ?? node.name.span,
      });
    }
    switch (node.kind) {
      case "const":
      case "alias":
        fields.checkType(node.type, file);
        break;
      case "enum":
        this.#checkEnum(node, file);
        break;
      case "struct":
        this.#checkStruct(node, file);
        break;
      case "error":
        checkStatusCode(applied, this.#found);
        this.#checkScope(node.name, "field", this.#checkFields(node.fields, "field", file), node.reserved);
        break;
      case "message":
        this.#checkScope(node.name, "field", this.#checkFields(node.fields, "field", file), node.reserved);
        break;
      case "union":
        this.#checkUnion(node, file);
        break;
      case "service":
        this.#checkService(node, file);
        break;
      case "annotation":
        this.#checkAnnotation(node, file);
        break;
    }
  }

  #checkFields(nodes: readonly FieldNode[], position: Position, file: LoadedFile): Numbered[] {
    return nodes.map((field) => this.#checkers.fields.check(field, position, file));
  }

  #checkScope(owner: Identifier, what: string, entries: readonly Numbered[], reserved: UnionNode["reserved"]): void {
    checkScope({ owner, what, entries, reserved, bounds: fieldNumbers, numbersRequired: true }, this.#found);
  }

  #checkEnum(node: EnumNode, file: LoadedFile): void {
    const entries = node.members.map((member): Numbered => {
      const applied = this.#checkers.annotations.read(member, "enumMember", file);
      const { wireName } = checkGivenNames(applied, "enumMember", this.#found);
      return { name: member.name, number: member.number, ...(wireName && { wireName }) };
    });
    checkScope(
      {
        owner: node.name,
        what: "member",
        entries,
        reserved: node.reserved,
        bounds: enumNumbers,
        numbersRequired: true,
      },
      this.#found,
    );
    if (!node.members.some((member) => member.number.value === 0n))
      this.#found.report("RPC2068", node.name.span, { name: node.name.text, member: freeMember(node) });
  }

  #checkStruct(node: StructNode, file: LoadedFile): void {
    for (const field of node.fields) {
      if (field.number === undefined) continue;
      this.#found.report("RPC2045", field.number.span, { name: field.name.text, owner: node.name.text });
    }
    const entries = this.#checkFields(node.fields, "structField", file);
    checkNames({ owner: node.name, what: "field", entries }, undefined, this.#found);
  }

  #checkUnion(node: UnionNode, file: LoadedFile): void {
    if (node.members.length === 0) this.#found.report("RPC2043", node.name.span, { name: node.name.text });
    for (const member of node.members) {
      if (member.optional) this.#found.report("RPC2044", member.name.span, { name: member.name.text });
    }
    this.#checkScope(node.name, "member", this.#checkFields(node.members, "unionMember", file), node.reserved);
  }

  #checkService(node: ServiceNode, file: LoadedFile): void {
    const entries = node.methods.map((method): Numbered => {
      const applied = this.#checkers.annotations.read(method, "method", file);
      const { wireName } = checkGivenNames(applied, "method", this.#found);
      this.#checkSignature(method, file);
      return { name: method.name, ...(wireName && { wireName }) };
    });
    checkNames({ owner: node.name, what: "method", entries }, undefined, this.#found);
    this.#checkers.methods.checkService(node, file);
  }

  #checkSignature(method: MethodNode, file: LoadedFile): void {
    const { fields } = this.#checkers;
    const { parameters, result } = method;
    if (result !== undefined) fields.checkType(result.type, file);
    if (parameters.kind === "stream") {
      fields.checkType(parameters.element, file);
      this.#checkFields(parameters.others, "parameter", file);
      return;
    }
    const entries = this.#checkFields(parameters.fields, "parameter", file);
    const reservations = checkScope(
      {
        owner: method.name,
        what: "parameter",
        entries,
        reserved: parameters.reserved,
        bounds: fieldNumbers,
        numbersRequired: false,
      },
      this.#found,
    );
    const numbered = parameters.fields.find((field) => field.number !== undefined);
    const unnumbered = parameters.fields.find((field) => field.number === undefined);
    if (numbered?.number && unnumbered) {
      const related = [{ message: "this one has a number", span: numbered.number.span }];
      this.#found.report(
        "RPC2067",
        unnumbered.name.span,
        { name: unnumbered.name.text, method: method.name.text },
        { related },
      );
    }
    const numbers = parameterNumbers(parameters.fields, reservations);
    this.#parameterNumbers.set(method, numbers);
    // One that has a number by hand was looked at with its scope.
    const [min, max] = [String(fieldNumbers.min), String(fieldNumbers.max)];
    for (const [{ name, number }, counted] of numbers) {
      if (number === undefined && counted > Number(fieldNumbers.max)) this.#found.report("RPC2060", name.span, { number: String(counted), min, max });
    }
  }

  #checkAnnotation(node: AnnotationDeclarationNode, file: LoadedFile): void {
    const { types } = this.#checkers;
    for (const field of node.parameters) {
      if (field.number !== undefined) this.#found.report("RPC2119", field.number.span, { name: field.name.text });
      const type = types.resolve(field.type, file);
      const concrete = types.concrete(type);
      const item = concrete?.kind === "list" ? concrete.element : type;
      if (type && !hasLiterals(types, item))
        this.#found.report("RPC2118", field.type.span, { name: field.name.text, type: types.show(type) });
    }
    const entries = this.#checkFields(node.parameters, "annotationParameter", file);
    checkNames({ owner: node.name, what: "parameter", entries }, undefined, this.#found);
    const seen = new Set<string>();
    for (const { text: name, span } of node.targets) {
      if (seen.has(name)) this.#found.report("RPC2117", span, { name });
      seen.add(name);
      if (targetWords.has(name)) continue;
      const suggestion = closest(name, targetWords.keys());
      const targets = [...targetWords.keys()].join(", ");
      this.#found.report("RPC2116", span, { name, targets, ...(suggestion !== undefined && { suggestion }) });
    }
  }
}

/** What a member for nothing in particular may be called. */
function freeMember({ name, members, reserved }: EnumNode): string {
  const taken = new Set([...members.map((member) => member.name.text), ...reserved.flatMap(({ names }) => names.map(({ value }) => value))]);
  const wishes = ["UNKNOWN", "UNSPECIFIED", "NONE", "UNSET"];
  return wishes.find((wish) => !taken.has(wish)) ?? `${name.text}_UNKNOWN`;
}

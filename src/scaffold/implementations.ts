/** Finds what implements the handlers of a service in a module, however it is written. */
import type { ts } from "ts-morph";
import type { UserModule } from "./user-module.js";

export interface Implementation {
  readonly node: ts.ObjectLiteralExpression | ts.ClassLikeDeclaration;
  /** The type of the handlers as it is spelled there. */
  readonly contract: string;
  /** The members that it has, by name. */
  readonly members: ReadonlyMap<string, ts.Node>;
  /** What may hold members that cannot be seen from here: a spread, a base class, a computed name. */
  readonly unseen?: ts.Node;
}

export interface FoundImplementations {
  readonly found: readonly Implementation[];
  /** Where the handlers are spoken of in a way that is not understood; they may be implemented there, or elsewhere. */
  readonly mentioned?: ts.Node;
}

/** `types` are the local names of the interface, `bindings` those of the function that takes its handlers. */
export function findImplementations(module: UserModule, types: readonly string[], bindings: readonly string[]): FoundImplementations {
  const finder = new Finder(module, types, bindings);
  return finder.find();
}

class Finder {
  readonly #module: UserModule;
  readonly #ts: UserModule["compiler"];
  /** Names of the interface, and of types made from it here. */
  readonly #types: Set<string>;
  readonly #bindings: ReadonlySet<string>;
  readonly #found = new Map<ts.Node, Implementation>();
  #mentioned: ts.Node | undefined;

  constructor(module: UserModule, types: readonly string[], bindings: readonly string[]) {
    this.#module = module;
    this.#ts = module.compiler;
    this.#types = new Set(types);
    this.#bindings = new Set(bindings);
  }

  find(): FoundImplementations {
    const { file } = this.#module;
    for (const statement of file.statements) if (this.#ts.isTypeAliasDeclaration(statement) && this.#contract(statement.type) !== undefined) this.#types.add(statement.name.text);
    this.#module.walk((node) => this.#visit(node));
    return { found: [...this.#found.values()], ...(this.#mentioned !== undefined && { mentioned: this.#mentioned }) };
  }

  #visit(node: ts.Node): void {
    const is = this.#ts;
    if ((is.isVariableDeclaration(node) || is.isPropertyDeclaration(node)) && node.type !== undefined && node.initializer !== undefined) this.#take(node.initializer, this.#contract(node.type));
    else if (is.isSatisfiesExpression(node) || is.isAsExpression(node)) this.#take(node.expression, this.#contract(node.type));
    else if (is.isFunctionLike(node) && node.type !== undefined) this.#takeReturned(node, node.type);
    else if (is.isClassLike(node)) this.#visitClass(node);
    else if (is.isCallExpression(node) && this.#bindings.has(node.expression.getText()) && node.arguments[0] !== undefined) this.#take(node.arguments[0], this.#types.values().next().value ?? "", true);
  }

  #visitClass(node: ts.ClassLikeDeclaration): void {
    for (const clause of node.heritageClauses ?? []) {
      if (clause.token !== this.#ts.SyntaxKind.ImplementsKeyword) continue;
      const type = clause.types.find(({ expression }) => this.#types.has(expression.getText()));
      if (type !== undefined) this.#addClass(node, type.getText());
    }
  }

  /** The spelling of the interface, if that is what a type is, or promises. */
  #contract(type: ts.TypeNode): string | undefined {
    if (!this.#ts.isTypeReferenceNode(type)) return undefined;
    const name = type.typeName.getText();
    if (this.#types.has(name)) return type.getText();
    const [inner] = type.typeArguments ?? [];
    return name === "Promise" && inner !== undefined ? this.#contract(inner) : undefined;
  }

  #takeReturned(node: ts.SignatureDeclaration, type: ts.TypeNode): void {
    const contract = this.#contract(type);
    if (contract === undefined || !("body" in node) || node.body === undefined) return;
    const body = node.body as ts.ConciseBody;
    if (!this.#ts.isBlock(body)) return this.#take(body, contract);
    const visit = (inner: ts.Node): void => {
      if (this.#ts.isFunctionLike(inner) || this.#ts.isClassLike(inner)) return;
      if (this.#ts.isReturnStatement(inner) && inner.expression !== undefined) this.#take(inner.expression, contract);
      inner.forEachChild(visit);
    };
    visit(body);
  }

  #take(expression: ts.Expression, contract: string | undefined, isBinding = false): void {
    if (contract === undefined) return;
    const target = this.#resolve(expression);
    if (target === undefined) this.#mentioned ??= expression;
    else if (this.#ts.isClassLike(target)) this.#addClass(target, contract);
    else if (!isBinding || !this.#found.has(target)) this.#found.set(target, { node: target, contract, ...this.#membersOf(target) });
  }

  /** The object or class that an expression stands for, if this module has it. */
  #resolve(expression: ts.Expression, depth = 0): ts.ObjectLiteralExpression | ts.ClassLikeDeclaration | undefined {
    const is = this.#ts;
    if (is.isObjectLiteralExpression(expression)) return expression;
    if (depth > 8) return undefined;
    if (is.isParenthesizedExpression(expression) || is.isAsExpression(expression) || is.isSatisfiesExpression(expression) || is.isAwaitExpression(expression)) return this.#resolve(expression.expression, depth + 1);
    if (is.isNewExpression(expression) && is.isIdentifier(expression.expression)) return this.#classNamed(expression.expression.text);
    if (!is.isIdentifier(expression)) return undefined;
    const initializer = this.#constant(expression.text);
    return initializer === undefined ? undefined : this.#resolve(initializer, depth + 1);
  }

  /** What a constant at the top of the module is. */
  #constant(name: string): ts.Expression | undefined {
    if (this.#module.declarationsOf(name) !== 1) return undefined;
    for (const statement of this.#module.file.statements) {
      if (!this.#ts.isVariableStatement(statement) || (statement.declarationList.flags & this.#ts.NodeFlags.Const) === 0) continue;
      const found = statement.declarationList.declarations.find((declaration) => declaration.name.getText() === name);
      if (found !== undefined) return found.initializer;
    }
    return undefined;
  }

  #classNamed(name: string): ts.ClassLikeDeclaration | undefined {
    if (this.#module.declarationsOf(name) !== 1) return undefined;
    return this.#module.file.statements.find((statement): statement is ts.ClassDeclaration => this.#ts.isClassDeclaration(statement) && statement.name?.text === name);
  }

  #addClass(node: ts.ClassLikeDeclaration, contract: string): void {
    if (!this.#found.has(node)) this.#found.set(node, { node, contract, ...this.#membersOf(node) });
  }

  #membersOf(node: ts.ObjectLiteralExpression | ts.ClassLikeDeclaration, depth = 0): Pick<Implementation, "members" | "unseen"> {
    const members = new Map<string, ts.Node>();
    let unseen: ts.Node | undefined;
    const merge = (other: Pick<Implementation, "members" | "unseen"> | undefined, at: ts.Node): void => {
      for (const [name, member] of other?.members ?? []) if (!members.has(name)) members.set(name, member);
      if (other === undefined || other.unseen !== undefined) unseen ??= at;
    };
    const is = this.#ts;
    for (const member of is.isClassLike(node) ? node.members : node.properties) {
      if (is.isSpreadAssignment(member)) {
        const target = depth > 8 ? undefined : this.#resolve(member.expression);
        merge(target !== undefined && is.isObjectLiteralExpression(target) ? this.#membersOf(target, depth + 1) : undefined, member);
      } else if (is.isConstructorDeclaration(member)) {
        for (const parameter of member.parameters) if (is.isParameterPropertyDeclaration(parameter, member)) members.set(parameter.name.getText(), parameter);
      } else if (member.name !== undefined && !isStatic(member, is)) {
        const name = this.#nameOf(member.name);
        if (name === undefined) unseen ??= member;
        else if (!members.has(name)) members.set(name, member);
      }
    }
    if (is.isClassLike(node)) {
      const base = node.heritageClauses?.find(({ token }) => token === is.SyntaxKind.ExtendsKeyword)?.types[0];
      const parent = base !== undefined && depth <= 8 && is.isIdentifier(base.expression) ? this.#classNamed(base.expression.text) : undefined;
      if (base !== undefined) merge(parent === undefined ? undefined : this.#membersOf(parent, depth + 1), base);
    }
    return { members, ...(unseen !== undefined && { unseen }) };
  }

  #nameOf(name: ts.PropertyName): string | undefined {
    const is = this.#ts;
    if (is.isComputedPropertyName(name)) return is.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
    return name.text;
  }
}

function isStatic(member: ts.Node, is: UserModule["compiler"]): boolean {
  return is.canHaveModifiers(member) && (is.getModifiers(member) ?? []).some(({ kind }) => kind === is.SyntaxKind.StaticKeyword);
}

/** A module of the user's, read for what its imports call things and which names are taken. */
import type { ts } from "ts-morph";
import type { Compiler } from "./style.js";

export interface ImportedName {
  /** What stands in the code: `OrdersHandlers`, an alias, or `gen.OrdersHandlers`. */
  readonly local: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

export interface SyntaxError {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export class UserModule {
  readonly file: ts.SourceFile;
  readonly compiler: Compiler;
  readonly #declared = new Map<string, number>();

  constructor(path: string, text: string, compiler: Compiler) {
    this.compiler = compiler;
    const kind = /\.[cm]?tsx$/.test(path) ? compiler.ScriptKind.TSX : compiler.ScriptKind.TS;
    this.file = compiler.createSourceFile(path, text, compiler.ScriptTarget.Latest, true, kind);
    this.walk((node) => {
      if (compiler.isIdentifier(node) && isDeclared(node)) this.#declared.set(node.text, (this.#declared.get(node.text) ?? 0) + 1);
    });
  }

  get text(): string {
    return this.file.text;
  }

  /** Undefined where the module can be read. */
  get syntaxError(): SyntaxError | undefined {
    // Not among the public types, yet the only list of what the parser itself refused.
    const [first] = (this.file as unknown as { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
    if (first === undefined) return undefined;
    return { start: first.start, end: first.start + first.length, message: this.compiler.flattenDiagnosticMessageText(first.messageText, "\n") };
  }

  get imports(): readonly ts.ImportDeclaration[] {
    return this.file.statements.filter(this.compiler.isImportDeclaration);
  }

  /** Every name under which something exported is imported, namespaces included. */
  imported(name: string, isFrom: (specifier: string) => boolean): ImportedName[] {
    const { isNamespaceImport, isStringLiteral } = this.compiler;
    return this.imports.flatMap(({ moduleSpecifier, importClause }) => {
      if (!isStringLiteral(moduleSpecifier) || importClause?.namedBindings === undefined || !isFrom(moduleSpecifier.text)) return [];
      const { namedBindings: bindings } = importClause;
      const specifier = moduleSpecifier.text;
      if (isNamespaceImport(bindings)) return [{ local: `${bindings.name.text}.${name}`, specifier, typeOnly: importClause.isTypeOnly }];
      return bindings.elements
        .filter((element) => (element.propertyName ?? element.name).text === name)
        .map((element) => ({ local: element.name.text, specifier, typeOnly: importClause.isTypeOnly || element.isTypeOnly }));
    });
  }

  /** How often a name is declared, in whatever scope. */
  declarationsOf(name: string): number {
    return this.#declared.get(name) ?? 0;
  }

  /** The name itself, or with a number behind it the first that nothing is called. */
  freeName(name: string): string {
    for (let count = 1; ; count += 1) {
      const candidate = count === 1 ? name : `${name}${count}`;
      if (!new RegExp(`(?<![\\p{ID_Continue}$])${candidate.replaceAll("$", "\\$&")}(?![\\p{ID_Continue}$])`, "u").test(this.text)) return candidate;
    }
  }

  walk(visit: (node: ts.Node) => void, from: ts.Node = this.file): void {
    from.forEachChild((child) => {
      visit(child);
      this.walk(visit, child);
    });
  }
}

function isDeclared(node: ts.Identifier): boolean {
  const { parent } = node;
  return "name" in parent && parent.name === node && !("expression" in parent);
}

/** Puts text into a module: everything that stood there stays as it was. */
import type { ts } from "ts-morph";
import type { Implementation } from "./implementations.js";
import type { MemberForm } from "./skeleton.js";
import { indentAt, quoted, type Style } from "./style.js";
import type { UserModule } from "./user-module.js";

export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Insertions of one place stay in their order. */
export function insert(text: string, insertions: readonly Insertion[]): string {
  let result = "";
  let from = 0;
  for (const { at, text: added } of [...insertions].sort((a, b) => a.at - b.at)) {
    result += text.slice(from, at) + added;
    from = at;
  }
  return result + text.slice(from);
}

/** How the members beside it are written. */
export function formOf({ node }: Implementation, { compiler: is }: UserModule): MemberForm {
  const isFunction = (initializer: ts.Expression | undefined): boolean => initializer !== undefined && (is.isArrowFunction(initializer) || is.isFunctionExpression(initializer));
  if (is.isClassLike(node)) {
    const functions = node.members.filter((member) => is.isMethodDeclaration(member) || (is.isPropertyDeclaration(member) && isFunction(member.initializer)));
    return functions.length > 0 && functions.every(is.isPropertyDeclaration) ? "class arrow" : "class method";
  }
  const functions = node.properties.filter((member) => is.isMethodDeclaration(member) || (is.isPropertyAssignment(member) && isFunction(member.initializer)));
  return functions.length > 0 && functions.every(is.isPropertyAssignment) ? "arrow" : "method";
}

/** Appends members to an object or a class, each given as its lines. */
export function insertMembers({ node }: Implementation, members: readonly (readonly string[])[], module: UserModule, style: Style): Insertion[] {
  const { text, compiler: is } = module;
  const isClass = is.isClassLike(node);
  const all: ts.NodeArray<ts.Node> = isClass ? node.members : node.properties;
  const last = all.at(-1);
  const brace = node.getEnd() - 1;
  const outer = indentAt(text, brace);
  const inner = last !== undefined && /^[ \t]*$/.test(text.slice(text.lastIndexOf("\n", last.getStart() - 1) + 1, last.getStart())) ? indentAt(text, last.getStart()) : outer + style.indent;
  const insertions: Insertion[] = [];
  const endsWithComma = isClass || last === undefined || all.hasTrailingComma;
  if (!isClass && last !== undefined && !all.hasTrailingComma) insertions.push({ at: last.getEnd(), text: "," });
  // A property named `get` without its semicolon would make an accessor of what follows.
  if (isClass && last !== undefined && is.isPropertyDeclaration(last) && !last.getText().endsWith(";")) insertions.push({ at: last.getEnd(), text: ";" });
  // Behind the last thing that is written, a comment among them; on a line of its own if the brace is not.
  const before = text.slice(0, brace);
  const written = before.trimEnd().length;
  const ownLine = before.slice(written).includes("\n");
  const { newline } = style;
  const spaced = all.length > 0 && (isClass || members.some((lines) => lines.length > 1));
  let added = "";
  members.forEach((lines, index) => {
    const comma = isClass || (index === members.length - 1 && !endsWithComma) ? "" : ",";
    added += newline + (spaced || index > 0 ? newline : "");
    added += lines.map((line) => (line === "" ? line : inner + line)).join(newline) + comma;
  });
  insertions.push({ at: ownLine ? written : brace, text: ownLine ? added : added + newline + outer });
  return insertions;
}

export interface WantedImport {
  readonly name: string;
  /** What it is called here, if otherwise. */
  readonly as?: string;
  readonly specifier: string;
  readonly type: boolean;
}

/** Adds to an import of the same module where that can be done, else a line behind the last import. */
export function insertImports(wanted: readonly WantedImport[], module: UserModule, style: Style): Insertion[] {
  const insertions: Insertion[] = [];
  const lines: string[] = [];
  for (const each of wanted) {
    const place = openImport(each, module);
    const named = each.as === undefined ? each.name : `${each.name} as ${each.as}`;
    if (place === undefined) {
      lines.push(`import ${each.type ? "type " : ""}{ ${named} } from ${quoted(each.specifier, style)}${style.end}`);
      continue;
    }
    const word = each.type && !place.typeOnly ? `type ${named}` : named;
    const { last } = place;
    const before = module.text.slice(0, last.getStart());
    const onOwnLine = /\n[ \t]*$/.test(before);
    insertions.push({ at: last.getEnd(), text: onOwnLine ? `,${style.newline}${indentAt(module.text, last.getStart())}${word}` : `, ${word}` });
  }
  if (lines.length > 0) insertions.push(newLines(lines, module, style));
  return insertions;
}

function openImport({ specifier, type }: WantedImport, { imports, compiler: is }: UserModule): { readonly last: ts.ImportSpecifier; readonly typeOnly: boolean } | undefined {
  for (const { moduleSpecifier, importClause, attributes } of imports) {
    if (!is.isStringLiteral(moduleSpecifier) || moduleSpecifier.text !== specifier || attributes !== undefined) continue;
    const bindings = importClause?.namedBindings;
    if (importClause === undefined || bindings === undefined || !is.isNamedImports(bindings) || (importClause.isTypeOnly && !type)) continue;
    const last = bindings.elements.at(-1);
    if (last !== undefined) return { last, typeOnly: importClause.isTypeOnly };
  }
  return undefined;
}

function newLines(lines: readonly string[], { text, file, imports, compiler: is }: UserModule, style: Style): Insertion {
  const { newline } = style;
  const block = lines.join(newline);
  const directives = file.statements.filter((statement) => is.isExpressionStatement(statement) && is.isStringLiteral(statement.expression));
  const isPrologue = file.statements.slice(0, directives.length).every((statement, index) => statement === directives[index]);
  const last = imports.at(-1) ?? (isPrologue ? directives.at(-1) : undefined);
  if (last !== undefined) {
    const end = last.getEnd();
    const rest = /^[ \t]*(\/\/[^\n\r]*)?(\r?\n|$)/.exec(text.slice(end));
    if (rest === null) return { at: end, text: newline + block + newline };
    return rest[2] === "" ? { at: end + rest[0].length, text: newline + block + newline } : { at: end + rest[0].length, text: block + newline };
  }
  const shebang = /^#![^\n]*(\n|$)/.exec(text)?.[0] ?? "";
  // A comment with an empty line behind it is of the file, not of what comes next.
  const header = /^(\s*(\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/[ \t]*\r?\n))+[ \t]*\r?\n/.exec(text.slice(shebang.length))?.[0] ?? "";
  const at = shebang.length + header.length;
  return { at, text: (at > 0 && text[at - 1] !== "\n" ? newline : "") + block + newline + (text.slice(at).trim() === "" ? "" : newline) };
}

/** How a module is written: what is put into it follows. */
import type { ts } from "ts-morph";

/** The compiler as ts-morph bundles it, which is loaded only where a command needs it. */
export type Compiler = typeof ts;

export interface Style {
  readonly indent: string;
  readonly newline: "\n" | "\r\n";
  readonly quote: '"' | "'";
  /** ";" or nothing. */
  readonly end: ";" | "";
}

/** That of generated code. */
export const DEFAULT_STYLE: Style = { indent: "  ", newline: "\n", quote: '"', end: ";" };

/** Read off the first line break, import and indented line that a module has. */
export function styleOf(file: ts.SourceFile, compiler: Compiler): Style {
  const { text } = file;
  const first = file.statements.find(compiler.isImportDeclaration);
  const specifier = first?.moduleSpecifier.getText(file);
  return {
    indent: /^(\t| {2,8})(?=[^\s*])/m.exec(text)?.[1] ?? DEFAULT_STYLE.indent,
    newline: /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n",
    quote: specifier?.startsWith("'") ? "'" : '"',
    end: first === undefined || first.getText(file).endsWith(";") ? ";" : "",
  };
}

export function quoted(text: string, { quote }: Style): string {
  return quote + text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`) + quote;
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The blanks that a line begins with. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? "";
}

/** `plugins: ["rpcgen/prettier"]`: the layout of `rpcgen format` in prettier, by its width and its indentation. */
import type { Doc, Parser, Plugin, Printer, SupportLanguage } from "prettier";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { format } from "../format/format.js";
import { SourceFile } from "../text/source-file.js";

/** A whole text: the layout is made from tokens, and prettier has no part in it. */
interface Tree {
  readonly source: SourceFile;
}

/** The form in which prettier shows where a text is wrong. */
class SyntaxMistake extends Error {
  override readonly name = "SyntaxError";
  readonly loc: { readonly start: { readonly line: number; readonly column: number } };

  constructor({ code, message, span }: Diagnostic, source: SourceFile) {
    const start = source.position(span?.start ?? 0);
    super(`${code}: ${message} (${start.line}:${start.column})`);
    this.loc = { start };
  }
}

export const languages: SupportLanguage[] = [
  { name: "rpcgen IDL", parsers: ["rpcgen-idl"], extensions: [".idl"], aliases: ["idl"], vscodeLanguageIds: ["rpcgen-idl"] },
];

/** A comment that begins with `@format` or `@prettier`, among those that a text begins with. */
const PRAGMA = /^\s*(?:\/\/.*\n\s*|\/\*(?:(?!\*\/)[^])*\*\/\s*)*?(?:\/\/\/?|\/\*\*?)\s*@(?:format|prettier)\b/;

const parser: Parser<Tree> = {
  astFormat: "rpcgen-idl",
  hasPragma: (text) => PRAGMA.test(text),
  parse(text, options) {
    const source = new SourceFile(typeof options.filepath === "string" ? options.filepath : "source.idl", text);
    const mistake = format(source).diagnostics.find(({ severity }) => severity === "error");
    if (mistake !== undefined) throw new SyntaxMistake(mistake, source);
    return { source };
  },
  locStart: () => 0,
  locEnd: ({ source }) => source.text.length,
};

const printer: Printer<Tree> = {
  insertPragma: (text) => `// @format\n\n${text}`,
  print(path, { printWidth, tabWidth, useTabs }): Doc {
    const indent = useTabs ? "\t" : " ".repeat(tabWidth);
    const { text = path.node.source.text } = format(path.node.source, { width: printWidth, indent });
    const lines = text.split("\n");
    return lines.flatMap((line, at) => (at === 0 ? [line] : [lineBreak(lines[at - 1] ?? ""), line]));
  },
};

/**
 * prettier's `hardline`, written out, so that the plugin need not load prettier to say it. Behind blanks, which belong to the
 * documentation that they end, its `literalline`, for the other one takes them off.
 */
function lineBreak(previous: string): Doc {
  const hard = { type: "line", hard: true } as const;
  return [/[ \t]$/.test(previous) ? { ...hard, literal: true } : hard, { type: "break-parent" }];
}

export const parsers: Plugin["parsers"] = { "rpcgen-idl": parser };
export const printers: Plugin["printers"] = { "rpcgen-idl": printer };

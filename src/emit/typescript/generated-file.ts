/** One generated module: what emitters print into it, and the imports that follow from the symbols they use. */
import type { OutputFile } from "../emitter.js";
import { lines, type Doc } from "./code-writer/document.js";
import { render } from "./code-writer/render.js";
import { Imports } from "./imports.js";

/** What a file is, other than a module of TypeScript. */
export interface FileForm {
  readonly extension: string;
  /** What the specifiers of generated modules end in. */
  readonly specifierExtension: string;
  /** What is kept of a section; undefined for nothing. Names that no section keeps are not imported. */
  readonly keep: (section: string) => string | undefined;
}

/**
 * The module that `print` makes, under `header`; undefined if it prints nothing. Text is laid out as it comes, so that
 * the documents of a large module are not kept; where names clash, `print` is called again with names that do not.
 */
export function generateFile(
  modulePath: string,
  header: string,
  print: (file: GeneratedFile) => void,
  form?: FileForm,
): OutputFile | undefined {
  const imports = new Imports(modulePath, form?.specifierExtension);
  let file = new GeneratedFile(modulePath, imports, form?.keep);
  print(file);
  if (imports.resolveClashes(file.ownNames)) {
    file = new GeneratedFile(modulePath, imports, form?.keep);
    print(file);
  }
  if (file.sections.length === 0) return undefined;
  const statements = imports.statements(form === undefined ? undefined : wordsOf(file.sections));
  const head =
    statements.length === 0 ? [header] : [header, render(lines(...statements), (symbol) => imports.nameOf(symbol))];
  return { path: `${modulePath}${form?.extension ?? ".ts"}`, text: `${[...head, ...file.sections].join("\n\n")}\n` };
}

function wordsOf(sections: readonly string[]): ReadonlySet<string> {
  return new Set(sections.flatMap((section) => section.match(/[\w$]+/g) ?? []));
}

export class GeneratedFile {
  /** Relative to the output folder, less `.ts`. */
  readonly modulePath: string;
  /** Names that no import may take. */
  readonly ownNames = new Set<string>();
  /** Text, to be parted by empty lines. */
  readonly sections: string[] = [];
  readonly #imports: Imports;
  readonly #keep: FileForm["keep"];

  constructor(modulePath: string, imports: Imports, keep: FileForm["keep"] = (section) => section) {
    this.modulePath = modulePath;
    this.#imports = imports;
    this.#keep = keep;
  }

  /** Keeps names from imports: those that the module declares, and those of parameters and variables in it. */
  reserve(...names: string[]): void {
    for (const name of names) this.ownNames.add(name);
  }

  /** Appends lines below what was printed before, after an empty line. */
  section(...items: Doc[]): void {
    const doc = lines(...items);
    this.#imports.gather(doc);
    const kept = this.#keep(render(doc, (symbol) => this.#imports.nameOf(symbol)));
    if (kept !== undefined) this.sections.push(kept);
  }
}

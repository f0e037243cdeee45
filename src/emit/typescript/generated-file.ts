/** One generated module: what emitters print into it, and the imports that follow from the symbols they use. */
import type { EmitMemory, OutputFile } from "../emitter.js";
import { lines, type Doc } from "./code-writer/document.js";
import { render } from "./code-writer/render.js";
import { Imports } from "./imports.js";
import type { SymbolRef } from "./symbol.js";
import { Units, type Draft, type Unit } from "./units.js";

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
 * the documents of a large module are not kept; where names clash, `print` is called again with names that do not. With
 * a memory, units that are as they were are not printed.
 */
export function generateFile(
  modulePath: string,
  header: string,
  print: (file: GeneratedFile) => void,
  memory?: EmitMemory,
  form?: FileForm,
): OutputFile | undefined {
  const imports = new Imports(modulePath, form?.specifierExtension);
  const printed = (): GeneratedFile => {
    const file = new GeneratedFile(modulePath, imports, memory && new Units(modulePath, memory), form?.keep);
    print(file);
    return file;
  };
  let file = printed();
  if (imports.resolveClashes(file.ownNames)) file = printed();
  if (file.sections.length === 0) return undefined;
  const statements = imports.statements(form === undefined ? undefined : wordsOf(file.sections));
  const head =
    statements.length === 0 ? [header] : [header, render(lines(...statements), (symbol) => imports.use(symbol))];
  const parts = [...head, ...file.sections];
  // Put to the last part: put to the whole, it would have this copied once more.
  parts.push(`${parts.pop() ?? ""}\n`);
  return { path: `${modulePath}${form?.extension ?? ".ts"}`, text: parts.join("\n\n") };
}

function wordsOf(sections: readonly string[]): ReadonlySet<string> {
  return new Set(sections.flatMap((section) => section.match(/[\p{ID_Continue}$]+/gu) ?? []));
}

export class GeneratedFile {
  /** Relative to the output folder, less `.ts`. */
  readonly modulePath: string;
  /** Names that no import may take. */
  readonly ownNames = new Set<string>();
  /** Text, to be parted by empty lines. */
  readonly sections: string[] = [];
  readonly #imports: Imports;
  readonly #units: Units | undefined;
  readonly #keep: FileForm["keep"];
  readonly #questions: ((argument: never) => string)[] = [];
  /** The unit that is being printed. */
  #draft: Draft | undefined;

  constructor(modulePath: string, imports: Imports, units?: Units, keep: FileForm["keep"] = (section) => section) {
    this.modulePath = modulePath;
    this.#imports = imports;
    this.#units = units;
    this.#keep = keep;
  }

  readonly #nameOf = (symbol: SymbolRef): string => {
    this.#draft?.symbols.add(symbol);
    return this.#imports.use(symbol);
  };

  /** Keeps names from imports: those that the module declares, and those of parameters and variables in it. */
  reserve(...names: string[]): void {
    for (const name of names) this.ownNames.add(name);
    this.#draft?.reserved.push(...names);
  }

  /** Appends lines below what was printed before, after an empty line. */
  section(...items: Doc[]): void {
    const text = this.#keep(render(lines(...items), this.#nameOf));
    if (text === undefined) return;
    this.sections.push(text);
    this.#draft?.sections.push(text);
  }

  /**
   * Prints what follows from a declaration, or from those that a helper is for: `print` may use what they lead to, and of
   * the module itself what it reserves and prints there, and its questions. Units do not nest.
   */
  unit(name: string, fullNames: readonly string[], print: () => void): void {
    const units = this.#units;
    if (units === undefined) return print();
    const version = fullNames.map((fullName) => units.version(fullName)).join(" ");
    const before = units.find(name, version);
    if (before !== undefined && this.#stillHolds(before)) {
      units.keep(name, before);
      for (const [symbol] of before.symbols) this.#imports.use(symbol);
      for (const reserved of before.reserved) this.ownNames.add(reserved);
      for (const section of before.sections) this.sections.push(section);
      return;
    }
    const draft: Draft = { asked: [], symbols: new Set(), reserved: [], sections: [], isPassing: false };
    this.#draft = draft;
    print();
    this.#draft = undefined;
    if (draft.isPassing) return;
    const { asked, reserved, sections } = draft;
    const symbols = Array.from(draft.symbols, (symbol) => [symbol, this.#imports.use(symbol)] as const);
    units.keep(name, { version, asked, symbols, reserved, sections });
  }

  /**
   * Makes a question to the module that units may ask, such as how a helper is called. To answer may change the module, to
   * answer once more may not. The argument is kept with the unit and given again.
   */
  question<Argument>(answer: (argument: Argument) => string): (argument: Argument) => string {
    const question = this.#questions.push(answer) - 1;
    return (argument) => {
      const given = answer(argument);
      this.#draft?.asked.push({ question, argument, answer: given });
      return given;
    };
  }

  /** The unit that is being printed depends on more than a unit may: it is not kept. */
  passing(): void {
    if (this.#draft !== undefined) this.#draft.isPassing = true;
  }

  /** Asks again what a unit asked, in its order. It would print the same where it would be told the same. */
  #stillHolds({ asked, symbols }: Unit): boolean {
    return (
      symbols.every(([symbol, local]) => this.#imports.nameOf(symbol) === local) &&
      asked.every(({ question, argument, answer }) => this.#questions[question]?.(argument as never) === answer)
    );
  }
}

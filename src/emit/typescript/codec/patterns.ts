/** The regular expressions of `@pattern`, as constants of the module: made once, not at each check. */
import type { GeneratedFile } from "../generated-file.js";
import { assignment } from "../code-writer/shapes.js";
import { lowerFirst, upperFirst } from "../names.js";

/** A field by what its owner's functions are called after, and its name there. */
export interface PatternedField {
  readonly base: string;
  readonly member: string;
  readonly pattern: string;
}

export class Patterns {
  readonly #literals = new Map<string, string>();
  /** The names by the fields that have them. */
  readonly #names = new Map<string, string>();
  /** The name of the constant for the pattern of a field. */
  readonly constant: (field: PatternedField) => string;

  constructor(file: GeneratedFile) {
    this.constant = file.question((field: PatternedField) => {
      const key = `${field.base}.${field.member}`;
      const name = this.#names.get(key) ?? this.#add(field);
      this.#names.set(key, name);
      return name;
    });
  }

  #add({ base, member, pattern }: PatternedField): string {
    const wanted = `${lowerFirst(base)}${upperFirst(member)}Pattern`;
    let name = wanted;
    for (let number = 1; this.#literals.has(name); number++) name = `${wanted}$${number}`;
    // `source` escapes what would end the literal.
    this.#literals.set(name, `/${new RegExp(pattern, "u").source}/u`);
    return name;
  }

  print(file: GeneratedFile): void {
    if (this.#literals.size === 0) return;
    file.reserve(...this.#literals.keys());
    file.section(...[...this.#literals].map(([name, literal]) => [assignment(`const ${name}`, literal), ";"]));
  }
}

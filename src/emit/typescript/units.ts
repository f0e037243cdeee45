/** Remembers from one emission of a module to the next the text of its parts, so that only those which changed are printed. */
import type { EmitMemory } from "../emitter.js";
import type { SymbolRef } from "./symbol.js";

/** What was printed for one declaration or helper, and all that its text follows from. */
export interface Unit {
  /** Of what it was printed from, and everything that this leads to. */
  readonly version: string;
  /** What it asked the module, such as the name of a helper. Another answer would be another text. */
  readonly asked: readonly Asked[];
  /** The symbols that it refers to, each with what it called them. */
  readonly symbols: readonly (readonly [symbol: SymbolRef, local: string])[];
  readonly reserved: readonly string[];
  readonly sections: readonly string[];
}

export interface Asked {
  /** The number of the question in its module. */
  readonly question: number;
  readonly argument: unknown;
  readonly answer: string;
}

/** A unit while it is printed. */
export interface Draft {
  readonly asked: Asked[];
  readonly symbols: Set<SymbolRef>;
  readonly reserved: string[];
  readonly sections: string[];
  /** Depends on what the unit does not know of, and is printed each time. */
  isPassing: boolean;
}

export class Units {
  readonly #memory: EmitMemory;
  readonly #before: ReadonlyMap<string, Unit>;
  readonly #next = new Map<string, Unit>();

  constructor(modulePath: string, memory: EmitMemory) {
    this.#memory = memory;
    this.#before = (memory.modules.get(modulePath) as ReadonlyMap<string, Unit> | undefined) ?? new Map();
    memory.modules.set(modulePath, this.#next);
  }

  /** The version of a declaration. */
  version(fullName: string): string {
    return String(this.#memory.version(fullName));
  }

  /** What was printed under a name, if that was from the same version. */
  find(name: string, version: string): Unit | undefined {
    const unit = this.#before.get(name);
    return unit?.version === version ? unit : undefined;
  }

  keep(name: string, unit: Unit): void {
    this.#next.set(name, unit);
  }
}

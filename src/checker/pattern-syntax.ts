/**
 * Reads the shape of a regular expression that the engine has accepted under the flag `u`: what repeats, what branches, and where its
 * characters stand. Sets of characters are kept as source text, for the engine knows best what they hold.
 */

export type Pattern =
  /** One character out of a set: the source of an atom such as `a`, `\d`, `.` or `[^@]`. */
  | { readonly kind: "set"; readonly source: string }
  /** Nothing, or what a place must be for the match to go on. */
  | { readonly kind: "empty"; readonly asserts?: "start" | "end" | "boundary" }
  | { readonly kind: "sequence"; readonly parts: readonly Pattern[] }
  | { readonly kind: "choice"; readonly branches: readonly Pattern[] }
  | { readonly kind: "repeat"; readonly body: Pattern; readonly min: number; readonly max: number };

/** A part of regular expressions that patterns do not have. */
export class UnsupportedPattern extends Error {}

/** @throws UnsupportedPattern on backreferences, lookaround, inner flags and groups nested too deep to read. */
export function readPattern(source: string): Pattern {
  return new PatternReader(source).read();
}

/** Whether a match can begin in few places of a text only: at its start, or where a word begins or ends. */
export function isAnchored(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "set":
      return false;
    case "empty":
      return pattern.asserts === "start" || pattern.asserts === "boundary";
    case "sequence": {
      const first = pattern.parts.find((part) => part.kind !== "empty" || part.asserts !== undefined);
      return first !== undefined && isAnchored(first);
    }
    case "choice":
      return pattern.branches.every(isAnchored);
    case "repeat":
      return pattern.min > 0 && isAnchored(pattern.body);
  }
}

/** Whether a match that has come to the end of the pattern may fail all the same, for the place where it ends. */
export function assertsItsEnd(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "set":
      return false;
    case "empty":
      return pattern.asserts === "end" || pattern.asserts === "boundary";
    case "sequence":
      return pattern.parts.some(assertsItsEnd);
    case "choice":
      return pattern.branches.some(assertsItsEnd);
    case "repeat":
      return assertsItsEnd(pattern.body);
  }
}

const depthLimit = 100;

class PatternReader {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Pattern {
    return this.#choice();
  }

  #choice(): Pattern {
    const branches = [this.#sequence()];
    while (this.#take("|")) branches.push(this.#sequence());
    return branches.length === 1 && branches[0] !== undefined ? branches[0] : { kind: "choice", branches };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source.charAt(this.#at))) {
      const atom = this.#atom();
      parts.push(this.#quantified(atom));
    }
    return { kind: "sequence", parts };
  }

  #atom(): Pattern {
    if (this.#take("^")) return { kind: "empty", asserts: "start" };
    if (this.#take("$")) return { kind: "empty", asserts: "end" };
    if (this.#take("(")) return this.#group();
    const rest = this.#source.slice(this.#at);
    if (/^\\[1-9k]/.test(rest)) throw new UnsupportedPattern("a backreference");
    if (/^\\[bB]/.test(rest)) {
      this.#at += 2;
      return { kind: "empty", asserts: "boundary" };
    }
    const atom =
      /^\\u\{[^}]*\}|^\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|^\\u[\da-fA-F]{4}|^\\x..|^\\c.|^\\[pP]\{[^}]*\}|^\\./su.exec(
        rest,
      ) ??
      /^\[(?:\\.|[^\]\\])*\]/su.exec(rest) ??
      /^./su.exec(rest);
    const source = atom?.[0] ?? rest;
    this.#at += source.length;
    return { kind: "set", source };
  }

  #group(): Pattern {
    if (/^\?<?[=!]/.test(this.#source.slice(this.#at, this.#at + 3))) throw new UnsupportedPattern("lookaround");
    const head = /^\?(?:<[^>]*>|:)/.exec(this.#source.slice(this.#at));
    if (head === null && this.#source.startsWith("?", this.#at))
      throw new UnsupportedPattern("flags within the expression");
    this.#at += head?.[0].length ?? 0;
    this.#depth += 1;
    if (this.#depth > depthLimit) throw new UnsupportedPattern(`groups nested more than ${depthLimit} deep`);
    const body = this.#choice();
    this.#depth -= 1;
    this.#take(")");
    return body;
  }

  #quantified(body: Pattern): Pattern {
    const quantifier = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.#source.slice(this.#at, this.#at + 64));
    if (quantifier === null) return body;
    this.#at += quantifier[0].length;
    const first = quantifier[0].charAt(0);
    if (first === "*") return { kind: "repeat", body, min: 0, max: Infinity };
    if (first === "+") return { kind: "repeat", body, min: 1, max: Infinity };
    if (first === "?") return { kind: "repeat", body, min: 0, max: 1 };
    const min = Number(quantifier[1]);
    const max = quantifier[2] === undefined ? min : quantifier[3] === "" ? Infinity : Number(quantifier[3]);
    return { kind: "repeat", body, min, max };
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

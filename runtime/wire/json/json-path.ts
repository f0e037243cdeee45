/** Where in JSON an error is, as a chain from the inside out: a path costs text only when it is shown. */
import { DecodeError, EncodeError } from "../errors.js";
import { MAX_NODES } from "../limits.js";

/** Objects and arrays within one another: above what any value within the limits of the wire needs. */
const MAX_STEPS = 1000;

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export class JsonPath {
  readonly #parent: JsonPath | undefined;
  readonly #key: string | number;
  readonly #steps: number;
  /** Of the whole document, whose paths share it. */
  readonly #made: { nodes: number };

  constructor(parent?: JsonPath, key: string | number = "$") {
    this.#parent = parent;
    this.#key = key;
    this.#steps = parent === undefined ? 0 : parent.#steps + 1;
    this.#made = parent === undefined ? { nodes: 0 } : parent.#made;
  }

  get isTooDeep(): boolean {
    return this.#steps > MAX_STEPS;
  }

  /**
   * Gives what is made of a field that was left out back, counted: of all that a document buys, no text pays for it.
   * @throws DecodeError if the document makes too much of them.
   */
  make<T>(value: T, nodes = 1): T {
    this.#made.nodes += nodes;
    if (this.#made.nodes > MAX_NODES) throw this.decodeError(`a value has at most ${MAX_NODES} nodes`);
    return value;
  }

  child(key: string | number): JsonPath {
    return new JsonPath(this, key);
  }

  /** Such as `$.items[3].labels["a b"]`. */
  toString(): string {
    if (this.#parent === undefined) return "$";
    const key = this.#key;
    const isName = typeof key === "string" && IDENTIFIER.test(key);
    return this.#parent.toString() + (isName ? `.${key}` : `[${JSON.stringify(key)}]`);
  }

  encodeError(problem: string): EncodeError {
    return new EncodeError(problem, this.toString());
  }

  decodeError(problem: string): DecodeError {
    return new DecodeError(problem, this.toString());
  }
}

/** Of values that are written; each document that is read begins a path of its own. */
export const ROOT = new JsonPath();

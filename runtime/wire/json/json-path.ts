/** Where in JSON an error is, as a chain from the inside out: a path costs text only when it is shown. */
import { DecodeError, EncodeError } from "../errors.js";

/** Objects and arrays within one another: above what any value within the limits of the wire needs. */
const MAX_STEPS = 1000;

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export class JsonPath {
  readonly #parent: JsonPath | undefined;
  readonly #key: string | number;
  readonly #steps: number;

  constructor(parent?: JsonPath, key: string | number = "$") {
    this.#parent = parent;
    this.#key = key;
    this.#steps = parent === undefined ? 0 : parent.#steps + 1;
  }

  get isTooDeep(): boolean {
    return this.#steps > MAX_STEPS;
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

export const ROOT = new JsonPath();

/** The two ways a codec says no: a value that does not fit its type, and bytes that are not exactly one value. */

const ENCODE = Symbol.for("rpcgen.EncodeError");
const DECODE = Symbol.for("rpcgen.DecodeError");

/** A value does not fit its type. Nothing was encoded. `instanceof` holds across copies of the runtime. */
export class EncodeError extends Error {
  static {
    Object.defineProperty(this.prototype, "name", { value: "EncodeError", configurable: true, writable: true });
    Object.defineProperty(this.prototype, ENCODE, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): value is EncodeError {
    return isBranded(value, ENCODE);
  }

  /** The type and field, such as "Order.items", or the path within JSON, such as "$.items[3]". */
  readonly place: string;

  /** `problem` is a sentence without its place, such as `u8 takes 0 to 255, got 300`. */
  constructor(problem: string, place: string) {
    super(`${place}: ${problem}`);
    this.place = place;
  }
}

/** Bytes, or JSON, are not exactly one value of the type. */
export class DecodeError extends Error {
  static {
    Object.defineProperty(this.prototype, "name", { value: "DecodeError", configurable: true, writable: true });
    Object.defineProperty(this.prototype, DECODE, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): value is DecodeError {
    return isBranded(value, DECODE);
  }

  /** Where: the number of bytes before the fault, or the path within JSON. */
  readonly place: number | string;

  constructor(problem: string, place: number | string) {
    super(typeof place === "number" ? `at byte ${place}: ${problem}` : `${place}: ${problem}`);
    this.place = place;
  }
}

function isBranded(value: unknown, brand: symbol): boolean {
  return typeof value === "object" && value !== null && brand in value;
}

/** A value as an error message shows it: short, and without running any of the value's own code. */
export function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    case "bigint":
      return `${value}n`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "boolean":
    case "undefined":
      return String(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return "an array";
      return ArrayBuffer.isView(value) ? "a typed array" : "an object";
    default:
      return `a ${typeof value}`;
  }
}

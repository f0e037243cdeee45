/** What became of a call: the one error that calls fail with, which two copies of the runtime recognise, and outcomes. */
import { CODE_NUMBERS, REASON_CODES, type Code, type Executed, type Reason } from "./codes.js";

/**
 * What became of a call, as a value whose every case the compiler makes its reader look at.
 *
 * `executed` tells the cases apart: the handler came to its end, with a value or an error; it never ran; or nobody knows
 * yet, and `settle` asks.
 */
export type Outcome<T> =
  | { readonly executed: "yes"; readonly value: T; readonly error?: undefined }
  | { readonly executed: "yes"; readonly error: RpcError; readonly value?: undefined }
  | { readonly executed: "no"; readonly error: RpcError; readonly value?: undefined }
  | {
      readonly executed: "unknown";
      readonly error: RpcError;
      readonly value?: undefined;
      readonly settle: () => Promise<Outcome<T>>;
    };

/** Under it an error carries how it is found out what became of its call. */
const QUESTION: unique symbol = Symbol.for("@rpcgen/runtime.question");

/** Something that can be asked what became of a call. */
export interface Question {
  settle(): Promise<Outcome<unknown>>;
}

const BRAND = Symbol.for("@rpcgen/runtime.RpcError");

/** What a thrower may say beside the fields of a declared error. */
export interface RpcErrorOptions {
  /** For people; never parsed. Default: the error's name or its code. */
  readonly message?: string | undefined;
  /** Default "unknown". A server replaces it by what it knows of the call. */
  readonly executed?: Executed | undefined;
  readonly reason?: Reason | undefined;
  /** The server asks to wait this long, in milliseconds, before a further attempt; negative: not to try again. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

export interface RpcErrorInit extends RpcErrorOptions {
  /** Default: the code of the reason, or UNKNOWN. */
  readonly code?: Code | undefined;
  /** The full name of a declared error, such as "city.orders.OutOfStock". */
  readonly errorName?: string | undefined;
}

/** What the call knows of its own failure; filled in by the client that made it. */
export interface CallFacts {
  readonly executed: Executed;
  readonly attempts: number;
  readonly callId: string;
  readonly instance: string | undefined;
  /** Where it is not known whether the call ran, and may be found out. */
  readonly question: Question | undefined;
}

/**
 * A failed call. `code` says what kind of failure it is and `executed` whether the handler ran; retry a call by hand
 * only when that is "no", or when running it twice does no harm. `instanceof` works across copies of the runtime.
 */
export class RpcError extends Error {
  readonly code: Code;
  /** Whether the handler ran, over all attempts. */
  readonly executed: Executed;
  readonly reason: Reason | undefined;
  /** The full name of a declared error; undefined for the runtime's own. */
  readonly errorName: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** How often the call was tried; 0 when it was never sent. */
  readonly attempts: number = 0;
  /** The id that the server knows the call by; "" outside a call. */
  readonly callId: string = "";
  /** The server instance that answered or was asked last. */
  readonly instance: string | undefined = undefined;
  declare readonly [QUESTION]?: Question;

  constructor(init: RpcErrorInit) {
    const code = init.code ?? (init.reason === undefined ? "UNKNOWN" : REASON_CODES[init.reason]);
    super(init.message ?? init.errorName ?? code, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.executed = init.executed ?? "unknown";
    this.reason = init.reason;
    this.errorName = init.errorName;
    this.retryAfterMs = init.retryAfterMs;
  }

  /**
   * What became of the call: asks the server where `executed` is "unknown", and makes sure that a call that has not
   * begun never will. A definite answer never changes; of a call without records (of another promise, or whose server
   * is gone) the answer is "unknown". Never rejects. Ask within a minute: after that the server may forget.
   */
  async settle(): Promise<Outcome<unknown>> {
    const { executed } = this;
    if (executed !== "unknown") return { executed, error: this };
    return this[QUESTION]?.settle() ?? { executed, error: this, settle: () => this.settle() };
  }

  /** By brand; a generated class, by the full name of its error; any other subclass, by its prototype. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!isBranded(value)) return false;
    if (!("errorName" in this)) return isBaseClass(this) || Function.prototype[Symbol.hasInstance].call(this, value);
    if (Object.hasOwn(this, "errorName")) return value.errorName === this.errorName;
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

const prototype = RpcError.prototype;
// A declared error is called by the last part of its full name, as its class is.
Object.defineProperty(prototype, "name", {
  get(this: RpcError) {
    return this.errorName?.slice(this.errorName.lastIndexOf(".") + 1) ?? "RpcError";
  },
  configurable: true,
});
Object.defineProperty(prototype, BRAND, { value: true });

function isBranded(value: unknown): value is RpcError {
  return typeof value === "object" && value !== null && (value as { [BRAND]?: true })[BRAND] === true;
}

/** True of `RpcError` itself, of whichever copy: the brand is its prototype's own. */
function isBaseClass(constructor: { readonly prototype: object }): boolean {
  return Object.hasOwn(constructor.prototype, BRAND);
}

/** The error as its caller sees it. The fields of a declared error, and its class, stay. */
export function withCallFacts(error: RpcError, { question, ...facts }: CallFacts): RpcError {
  if (question !== undefined) Object.defineProperty(error, QUESTION, { value: question });
  return Object.assign(error, facts);
}

/**
 * The outcome of a call, instead of its value or failure.
 * @throws what the promise rejects with, if it is no RpcError.
 */
export async function outcomeOf<T>(call: Promise<T>): Promise<Outcome<T>> {
  try {
    return { executed: "yes", value: await call };
  } catch (error) {
    if (error instanceof RpcError) return failedOutcome(error);
    throw error;
  }
}

export function failedOutcome<T>(error: RpcError): Outcome<T> {
  const { executed } = error;
  if (executed !== "unknown") return { executed, error };
  return { executed, error, settle: () => error.settle() as Promise<Outcome<T>> };
}

export function isCode(value: string): value is Code {
  return Object.hasOwn(CODE_NUMBERS, value);
}

/** What a thrown thing says of itself, for a message; never its stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

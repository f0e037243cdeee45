/** What generated code tells the runtime about a method: its name, its kind, its promise and its codecs. */
import type { RpcError } from "./errors.js";

/** The promise of a method, as its annotation states it. */
export type Semantics = "readonly" | "idempotent" | "atMostOnce" | "exactlyOnce" | "failStop";

export type MethodKind = "unary" | "serverStream" | "clientStream" | "duplex";

/** Bytes of one request or response value. */
export interface PayloadCodec<T> {
  /**
   * Bytes that nobody will change: large ones are sent without a copy.
   * @throws EncodeError if the value does not fit its type.
   */
  readonly encode: (value: T) => Uint8Array;
  /** @throws DecodeError if the bytes are not exactly one value. */
  readonly decode: (bytes: Uint8Array) => T;
  /**
   * The constraints of the schema (`@min`, `@length`, …). Returns the first breach, such as
   * `"items[3].qty: 0 is less than @min(1)"`, or undefined. Absent where the type has none.
   */
  readonly check?: (value: T) => string | undefined;
}

/** A declared error, as a method's table of what it may throw. */
export interface ErrorDescriptor {
  /** The full name on the wire. */
  readonly name: string;
  /** The fields of a thrown error, as bytes. */
  readonly encode: (error: RpcError) => Uint8Array;
  /** Makes the typed error that the caller catches. */
  readonly decode: (bytes: Uint8Array, options: RpcErrorOptionsOnWire) => RpcError;
  /** `@retryable`: the same call may succeed later. */
  readonly retryable?: true;
}

/** What the envelope of an error carries beside its fields. */
export interface RpcErrorOptionsOnWire {
  readonly message: string;
  readonly executed: "no" | "yes" | "unknown";
}

export interface MethodDescriptor<Request = unknown, Response = unknown> {
  /** The name in handlers and clients. */
  readonly name: string;
  /** `package.Service/method`, as the wire knows it. */
  readonly path: string;
  readonly kind: MethodKind;
  readonly semantics: Semantics;
  /** `@deadline`; absent: the runtime's default. */
  readonly deadlineMs?: number;
  /** `@exactlyOnce(retain: …)`; absent: whatever the store keeps. */
  readonly retainMs?: number;
  /** `@hedge`: a second attempt may start before the first has failed. Only on `readonly` methods. */
  readonly hedge?: true;
  /** `@retry(attempts: n)`, the first included; absent: the runtime's default for the semantics. */
  readonly attempts?: number;
  /** The parameters, or an element of the request stream. */
  readonly request: PayloadCodec<Request>;
  /** The result, or an element of the response stream. A method without a result answers no bytes and `undefined`. */
  readonly response: PayloadCodec<Response>;
  readonly errors: readonly ErrorDescriptor[];
}

/** A method of any types: their values pass through the runtime unseen, from a typed client to a typed handler. */
// `any` because the types stand on both sides of a codec's functions: neither `unknown` nor `never` fits every method.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyMethod = MethodDescriptor<any, any>;

export interface ServiceDescriptor {
  /** `package.Service`, as the wire knows it. */
  readonly name: string;
  /** Hexadecimal; informs, never refuses. */
  readonly fingerprint: string;
  /** By the name in handlers. */
  readonly methods: Readonly<Record<string, AnyMethod>>;
}

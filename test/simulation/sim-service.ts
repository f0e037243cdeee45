/** The service of the simulated world: a method of each promise and of each kind, whose requests say what their handler is to do. */
import type { AnyMethod, MethodDescriptor, MethodKind, PayloadCodec, Semantics } from "../../runtime/rpc/descriptor.js";
import { RpcError, type RpcErrorOptions } from "../../runtime/rpc/errors.js";

/** What a handler is told to do; the same for every attempt, because it travels in the arguments. */
export interface Errand {
  /** The logical call, over all attempts and even over clients, if one takes it up for another. */
  readonly op: number;
  readonly handlerMs: number;
  readonly fails: "not" | "declared" | "exception";
  readonly replyBytes: number;
  /** How many services below this one are called for it. */
  readonly depth: number;
  /** Elements of a stream. */
  readonly items: number;
}

export interface Report {
  readonly op: number;
  /** Counts the runs of handlers over the whole world: equal runs, equal reports. */
  readonly run: number;
  readonly principal: string;
  readonly pad: string;
}

export interface Item {
  readonly op: number;
  readonly n: number;
}

function jsonCodec<T>(): PayloadCodec<T> {
  return {
    encode: (value) => Buffer.from(value === undefined ? "" : JSON.stringify(value), "latin1"),
    decode: (bytes) => {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
      return (text === "" ? undefined : JSON.parse(text)) as T;
    },
  };
}

/** The error that handlers declare. */
export class Refused extends RpcError {
  static readonly errorName = "sim.Refused";
  readonly run: number;

  constructor(fields: { run: number }, options?: RpcErrorOptions) {
    super({ code: "FAILED_PRECONDITION", errorName: Refused.errorName, ...options });
    this.run = fields.run;
  }
}

const refused = {
  name: Refused.errorName,
  encode: (error: RpcError) => Buffer.from(String((error as Refused).run)),
  decode: (bytes: Uint8Array, options: RpcErrorOptions) => new Refused({ run: Number(Buffer.from(bytes).toString()) }, options),
};

function method<Request, Response>(name: string, semantics: Semantics, kind: MethodKind = "unary", more: Partial<AnyMethod> = {}) {
  const built: MethodDescriptor<Request, Response> = {
    name,
    path: `sim.Bank/${name}`,
    kind,
    semantics,
    request: jsonCodec<Request>(),
    response: jsonCodec<Response>(),
    errors: [refused],
    ...more,
  };
  return built;
}

export const methods = {
  read: method<Errand, Report>("read", "readonly"),
  put: method<Errand, Report>("put", "idempotent"),
  add: method<Errand, Report>("add", "atMostOnce"),
  place: method<Errand, Report>("place", "exactlyOnce"),
  step: method<Errand, Report>("step", "failStop"),
  list: method<Errand, Item>("list", "readonly", "serverStream"),
  follow: method<Errand, Item>("follow", "atMostOnce", "serverStream"),
  upload: method<Item, Report>("upload", "atMostOnce", "clientStream"),
  chat: method<Item, Item>("chat", "atMostOnce", "duplex"),
};

export type MethodName = keyof typeof methods;

export const descriptor = { name: "sim.Bank", fingerprint: "00", methods };

/** Whose effect must never happen twice. */
export function isGuarded(name: MethodName): boolean {
  return !["readonly", "idempotent"].includes(methods[name].semantics);
}

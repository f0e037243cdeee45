/** A service of every kind of method, with descriptors written by hand: JSON in bytes. */
import type { CompletionStore } from "../../runtime/idempotency/completion-store.js";
import { guards } from "../../runtime/idempotency/guards.js";
import { openChannel, type Channel, type ConnectOptions } from "../../runtime/rpc/client/channel.js";
import type { Context } from "../../runtime/rpc/context.js";
import type { AnyMethod, MethodDescriptor, MethodKind, PayloadCodec, Semantics } from "../../runtime/rpc/descriptor.js";
import { RpcError, type RpcErrorOptions } from "../../runtime/rpc/errors.js";
import { openServer, type ServeOptions, type Server } from "../../runtime/rpc/server/server.js";
import { memoryTransport, type MemoryTransport } from "./memory-transport.js";

export function jsonCodec<T>(check?: (value: T) => string | undefined): PayloadCodec<T> {
  return {
    encode(value) {
      if (typeof value === "symbol") throw new Error("a symbol has no bytes");
      return new TextEncoder().encode(value === undefined ? "" : JSON.stringify(value));
    },
    decode(bytes) {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return (text === "" ? undefined : JSON.parse(text)) as T;
    },
    ...(check === undefined ? {} : { check }),
  };
}

export class OutOfStock extends RpcError {
  static readonly errorName = "test.OutOfStock";
  readonly sku: string;

  constructor(fields: { sku: string }, options?: RpcErrorOptions) {
    super({ code: "FAILED_PRECONDITION", errorName: "test.OutOfStock", ...options });
    this.sku = fields.sku;
  }
}

const outOfStock = {
  name: OutOfStock.errorName,
  encode: (error: RpcError) => new TextEncoder().encode((error as OutOfStock).sku),
  decode: (bytes: Uint8Array, options: RpcErrorOptions) =>
    new OutOfStock({ sku: new TextDecoder().decode(bytes) }, options),
};

function method<Request, Response>(
  name: string,
  kind: MethodKind,
  semantics: Semantics,
  more: Partial<AnyMethod> = {},
): MethodDescriptor<Request, Response> {
  return {
    name,
    path: `test.Test/${name}`,
    kind,
    semantics,
    request: jsonCodec<Request>(),
    response: jsonCodec<Response>(),
    errors: [outOfStock],
    ...more,
  };
}

export const methods = {
  echo: method<unknown, unknown>("echo", "unary", "readonly"),
  put: method<unknown, unknown>("put", "unary", "idempotent"),
  once: method<unknown, unknown>("once", "unary", "atMostOnce"),
  small: method<number, number>("small", "unary", "readonly", {
    request: jsonCodec<number>((value) => (value > 9 ? `${value} is more than @max(9)` : undefined)),
  }),
  quick: method<unknown, unknown>("quick", "unary", "readonly", { deadlineMs: 50 }),
  count: method<{ to: number; text?: string }, { n: number; text?: string }>("count", "serverStream", "readonly"),
  follow: method<unknown, unknown>("follow", "serverStream", "atMostOnce"),
  sum: method<unknown, unknown>("sum", "clientStream", "atMostOnce"),
  chat: method<unknown, unknown>("chat", "duplex", "atMostOnce"),
};

export interface Handlers {
  echo(request: unknown, ctx: Context): unknown;
  put(request: unknown, ctx: Context): unknown;
  once(request: unknown, ctx: Context): unknown;
  small(request: number, ctx: Context): unknown;
  quick(request: unknown, ctx: Context): unknown;
  count(request: { to: number; text?: string }, ctx: Context): AsyncIterable<unknown>;
  follow(request: unknown, ctx: Context): AsyncIterable<unknown>;
  sum(requests: AsyncIterable<unknown>, ctx: Context): unknown;
  chat(requests: AsyncIterable<unknown>, ctx: Context): AsyncIterable<unknown>;
}

const defaults: Handlers = {
  echo: (request) => request,
  put: (request) => request,
  once: (request) => request,
  small: (request) => request,
  quick: (request) => request,
  async *count({ to, text }) {
    for (let n = 1; n <= to; n += 1) yield text === undefined ? { n } : { n, text };
  },
  async *follow() {},
  async sum(requests) {
    let sum = 0;
    for await (const request of requests) sum += request as number;
    return sum;
  },
  async *chat(requests) {
    for await (const request of requests) yield `re: ${String(request)}`;
  },
};

export const descriptor = { name: "test.Test", fingerprint: "00ff", methods };

export interface Pair extends AsyncDisposable {
  readonly server: Server;
  readonly channel: Channel;
  readonly transport: MemoryTransport;
  /** What the server's operator was told. */
  readonly faults: unknown[];
}

export interface PairOptions {
  readonly handlers?: Partial<Handlers>;
  readonly server?: Partial<ServeOptions>;
  readonly store?: CompletionStore;
  readonly client?: ConnectOptions;
}

/** A server and a channel to it. */
export async function pair({ handlers, server: serverOptions, client, store }: PairOptions = {}): Promise<Pair> {
  const transport = memoryTransport();
  const faults: unknown[] = [];
  const server = await openServer([transport], {
    listen: "memory:test",
    services: [{ descriptor, handlers: { ...defaults, ...handlers } }],
    onError: ({ error }) => faults.push(error),
    ...serverOptions,
  }, guards(store));
  const channel = await openChannel("memory:test", [transport], client);
  return {
    server,
    channel,
    transport,
    faults,
    async [Symbol.asyncDispose]() {
      await channel.close();
      await server.close({ graceMs: 0 });
    },
  };
}

/** What the promise failed with. */
export async function failureOf(promise: Promise<unknown>): Promise<RpcError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error("it succeeded");
}

/** Everything that the iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The services of a server, with their methods under the numbers that the handshake gives them. */
import type { JsonCodec } from "../../wire/codec.js";
import type { Context } from "../context.js";
import type { AnyMethod, MethodKind, ServiceDescriptor } from "../descriptor.js";
import { surround, type ServerInterceptor } from "../interceptor.js";

/** A service with what answers its methods; made by generated code. */
export interface ServiceBinding {
  readonly descriptor: ServiceDescriptor;
  /** By method name; may be an instance of a class. */
  readonly handlers: object;
  /** Asked once, by who serves callers that write JSON. Absent: those are refused. */
  readonly json?: (() => ServiceJson) | undefined;
}

/** How a service appears in JSON. */
export interface ServiceJson {
  /** By the name in handlers. */
  readonly methods: Readonly<Record<string, MethodJson>>;
  /** The fields of declared errors, by the full name on the wire. */
  readonly errors: Readonly<Record<string, AnyJsonCodec>>;
}

export interface MethodJson {
  /** The parameters, or an element of the request stream. */
  readonly request: AnyJsonCodec;
  /** The result, or an element of the response stream. Absent: the method has none. */
  readonly response?: AnyJsonCodec;
}

/** Of any types, as `AnyMethod` is. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyJsonCodec = JsonCodec<any, any>;

/** With the interceptors around it. */
export type Handler = (request: unknown, context: Context) => unknown;

/** A method that can be called. */
export interface ServedMethod {
  readonly descriptor: AnyMethod;
  /** Undefined where the user's handlers lack it. */
  readonly handler: Handler | undefined;
}

export class ServiceTable {
  readonly services: readonly ServiceDescriptor[];
  readonly #methods: readonly ServedMethod[];

  /** @throws TypeError if two services have one name. */
  constructor(bindings: readonly ServiceBinding[], interceptors: readonly ServerInterceptor[]) {
    const names = new Set<string>();
    for (const { descriptor } of bindings) {
      if (names.has(descriptor.name)) throw new TypeError(`the service ${descriptor.name} is given twice`);
      names.add(descriptor.name);
    }
    this.services = bindings.map(({ descriptor }) => descriptor);
    this.#methods = bindings.flatMap(({ descriptor, handlers }) =>
      Object.values(descriptor.methods).map((method) => ({
        descriptor: method,
        handler: intercepted(method, handlerOf(handlers, method.name), interceptors),
      })),
    );
  }

  method(number: number): ServedMethod | undefined {
    return this.#methods[number];
  }
}

/** A method of the handlers, inherited ones included, but not one that every object has. */
function handlerOf(handlers: object, name: string): Handler | undefined {
  const found: unknown = Reflect.get(handlers, name);
  if (typeof found !== "function" || found === Reflect.get(Object.prototype, name)) return undefined;
  return (found as Handler).bind(handlers);
}

function intercepted(
  method: AnyMethod,
  handler: Handler | undefined,
  interceptors: readonly ServerInterceptor[],
): Handler | undefined {
  if (handler === undefined || interceptors.length === 0) return handler;
  const onion = surround(interceptors, async (call) => handler(call.request, call.context));
  return (request, context) => onion({ method, request, context });
}

/** Whether the requests of the kind are a stream. */
export function streamsRequests(kind: MethodKind): boolean {
  return kind === "clientStream" || kind === "duplex";
}

/** Whether the responses of the kind are a stream. */
export function streamsResponses(kind: MethodKind): boolean {
  return kind === "serverStream" || kind === "duplex";
}

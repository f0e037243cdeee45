/** `@rpcgen/runtime/measure`: a service that gives back what it gets, for `rpcgen measure` to learn what a path to a server costs. */
import type { Caller, CallOptions } from "./rpc/call-options.js";
import type { MethodDescriptor, PayloadCodec } from "./rpc/descriptor.js";
import type { ServiceBinding } from "./rpc/server/service-table.js";

/** Bytes as they are: what is measured is the path, not a codec. */
const bytes: PayloadCodec<Uint8Array> = { encode: (value) => value, decode: (payload) => payload.slice() };

const echo: MethodDescriptor<Uint8Array, Uint8Array> = {
  name: "echo",
  path: "rpcgen.Measure/echo",
  kind: "unary",
  semantics: "readonly",
  request: bytes,
  response: bytes,
  errors: [],
};

/** Add it to the `services` of `serve`. It has no effect; whoever may call the server may call it, with up to a message's size of bytes. */
export function measureService(): ServiceBinding {
  return {
    descriptor: { name: "rpcgen.Measure", fingerprint: "", methods: { echo } },
    handlers: { echo: (body: Uint8Array) => body },
  };
}

export class MeasureClient {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** @throws RpcError UNIMPLEMENTED if the server does not have the service. */
  echo(body: Uint8Array, options?: CallOptions): Promise<Uint8Array> {
    return this.#caller.unary(echo, body, options);
  }
}

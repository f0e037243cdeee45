/** A channel as a handler sees it: every call made through it is made for the handler's own call. */
import {
  PARENT,
  type Caller,
  type CallOptions,
  type MethodOf,
  type ParentCall,
  type Requests,
} from "../call-options.js";
import { callerOf } from "../caller.js";
import type { AnyMethod } from "../descriptor.js";
import { RpcError } from "../errors.js";

export class ChildCaller implements Caller {
  readonly #caller: Caller;
  readonly #parent: ParentCall;
  readonly #readonly: boolean;

  /**
   * @param readonly only `@readonly` methods may be called.
   * @throws TypeError for what carries no calls.
   */
  constructor(caller: Caller, parent: ParentCall, readonly: boolean) {
    this.#caller = callerOf(caller);
    this.#parent = parent;
    this.#readonly = readonly;
  }

  unary<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: CallOptions,
  ): Promise<Response> {
    const refused = this.#refusal(method);
    if (refused !== undefined) return Promise.reject(refused);
    return this.#caller.unary(method, params, this.#adopt(options));
  }

  serverStream<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: CallOptions,
  ): AsyncIterableIterator<Response> {
    const refused = this.#refusal(method);
    if (refused !== undefined) return failing(refused);
    return this.#caller.serverStream(method, params, this.#adopt(options));
  }

  clientStream<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Requests<Request>,
    options?: CallOptions,
  ): Promise<Response> {
    const refused = this.#refusal(method);
    if (refused !== undefined) return Promise.reject(refused);
    return this.#caller.clientStream(method, requests, this.#adopt(options));
  }

  duplex<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Requests<Request>,
    options?: CallOptions,
  ): AsyncIterableIterator<Response> {
    const refused = this.#refusal(method);
    if (refused !== undefined) return failing(refused);
    return this.#caller.duplex(method, requests, this.#adopt(options));
  }

  #refusal({ semantics, path }: Pick<AnyMethod, "semantics" | "path">): RpcError | undefined {
    if (!this.#readonly || semantics === "readonly") return undefined;
    const message = `a @readonly handler may not call ${path}, which is @${semantics}`;
    return new RpcError({ code: "FAILED_PRECONDITION", executed: "no", message });
  }

  #adopt(options: CallOptions | undefined): CallOptions {
    return { ...options, [PARENT]: this.#parent };
  }
}

function failing<T>(error: RpcError): AsyncIterableIterator<T> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => Promise.reject(error),
  };
}

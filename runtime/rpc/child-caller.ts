/** A channel as a handler sees it: every call made through it is made for the handler's own call. */
import {
  PARENT,
  type Caller,
  type CallOptions,
  type MethodOf,
  type ParentCall,
  type Requests,
} from "./call-options.js";

export class ChildCaller implements Caller {
  readonly #caller: Caller;
  readonly #parent: ParentCall;

  constructor(caller: Caller, parent: ParentCall) {
    this.#caller = caller;
    this.#parent = parent;
  }

  unary<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: CallOptions,
  ): Promise<Response> {
    return this.#caller.unary(method, params, this.#adopt(options));
  }

  serverStream<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: CallOptions,
  ): AsyncIterableIterator<Response> {
    return this.#caller.serverStream(method, params, this.#adopt(options));
  }

  clientStream<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Requests<Request>,
    options?: CallOptions,
  ): Promise<Response> {
    return this.#caller.clientStream(method, requests, this.#adopt(options));
  }

  duplex<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Requests<Request>,
    options?: CallOptions,
  ): AsyncIterableIterator<Response> {
    return this.#caller.duplex(method, requests, this.#adopt(options));
  }

  #adopt(options: CallOptions | undefined): CallOptions {
    return { ...options, [PARENT]: this.#parent };
  }
}

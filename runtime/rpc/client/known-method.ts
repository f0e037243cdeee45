/** What a channel knows of a method, so that it need not be found out anew for each call. */
import type { AnyMethod } from "../descriptor.js";
import type { RemoteMethod } from "../protocol/handshake.js";
import type { CallTerms } from "./call-terms.js";
import type { ClientSession } from "./client-session.js";
import { Latencies } from "./latencies.js";

export class KnownMethod {
  readonly latencies = new Latencies();
  /** Of a call without options; undefined until there was one. */
  plainTerms: CallTerms | undefined;
  readonly #path: string;
  #session: ClientSession | undefined;
  #remote: RemoteMethod | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** As the server at the other end has it: undefined if it has no such method. */
  on(session: ClientSession): RemoteMethod | undefined {
    if (this.#session !== session) {
      this.#session = session;
      this.#remote = session.method(this.#path);
    }
    return this.#remote;
  }
}

export class KnownMethods {
  readonly #methods = new WeakMap<AnyMethod, KnownMethod>();

  of(method: AnyMethod): KnownMethod {
    let known = this.#methods.get(method);
    if (known === undefined) this.#methods.set(method, (known = new KnownMethod(method.path)));
    return known;
  }
}

/// <reference lib="esnext.disposable" preserve="true" />
/** A server: listens, greets, and ends in order. */
import type { Link, Listening, Transport } from "../../transport/transport.js";
import { transportOf, writtenAddress, type Address } from "../address.js";
import { ByteBudget } from "../byte-budget.js";
import { ID_BYTES } from "../call-id.js";
import { systemClock, type Clock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { ServerInterceptor } from "../interceptor.js";
import { maxFrameBytes, withDefaults } from "../limits.js";
import type { Observe } from "../observer.js";
import { systemRandom, type Random } from "../random.js";
import { Timeout, Timers } from "../timers.js";
import { Admission } from "./admission.js";
import { noGuards, type MakeGuards } from "./guard.js";
import { Locator } from "./locator.js";
import type { Authenticate, ServerFault, ServerHost } from "./server-host.js";
import { DEFAULT_SERVER_LIMITS, type ServerLimits } from "./server-limits.js";
import { ServerSession } from "./server-session.js";
import { ServiceTable, type ServiceBinding } from "./service-table.js";

export interface ServeOptions {
  /** Where to listen; port 0 takes any free one. */
  readonly listen: Address | readonly Address[];
  readonly services: readonly ServiceBinding[];
  readonly authenticate?: Authenticate | undefined;
  /** Around each handler, the first one outermost. */
  readonly interceptors?: readonly ServerInterceptor[] | undefined;
  /** Sees every call that comes and its end; cannot change them. */
  readonly observe?: Observe | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Asked for their address scheme before those that the runtime brings along. */
  readonly transports?: readonly Transport[] | undefined;
  /** Told of what clients are not: exceptions of handlers, listeners that break. Default: `console.error`. */
  readonly onError?: ((fault: ServerFault) => void) | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
}

export interface CloseOptions {
  /** How long calls in flight may take to end, in milliseconds, before they are aborted. Default 5 s. */
  readonly graceMs?: number | undefined;
}

const DEFAULT_GRACE_MS = 5_000;

/**
 * Listens on every address, or on none.
 * @throws Error of the transport that could not listen; RpcError INVALID_ARGUMENT if an address has no transport;
 * TypeError if two services have one name.
 */
export async function openServer(
  transports: readonly Transport[],
  options: ServeOptions,
  guards: MakeGuards = noGuards,
  hostIdentity?: Uint8Array,
): Promise<Server> {
  const server = new Server(options, guards, hostIdentity);
  const all = [...(options.transports ?? []), ...transports];
  const addresses = Array.isArray(options.listen) ? options.listen : [options.listen];
  await server.listen(
    addresses.map((address: Address) => writtenAddress(address, all)),
    all,
  );
  return server;
}

export class Server {
  readonly #host: ServerHost;
  readonly #listening: Listening[] = [];
  readonly #sessions = new Set<ServerSession>();
  #closing: Promise<void> | undefined;

  /** Made by `serve`. */
  constructor(options: ServeOptions, makeGuards: MakeGuards, hostIdentity?: Uint8Array) {
    const limits = withDefaults(DEFAULT_SERVER_LIMITS, options.limits);
    const random = options.random ?? systemRandom;
    const timers = new Timers(options.clock ?? systemClock);
    const table = new ServiceTable(options.services, options.interceptors ?? []);
    const tell = options.onError ?? reportToConsole;
    const report = (fault: ServerFault): void => {
      try {
        tell(fault);
      } catch {}
    };
    const instanceId = random.bytes(ID_BYTES);
    this.#host = {
      instanceId,
      locator: new Locator({ identity: hostIdentity, instanceId, random, addresses: () => this.addresses }),
      limits,
      timers,
      table,
      guards: makeGuards({
        services: table.services,
        limits,
        timers,
        random,
        report: (error) => report({ error, method: undefined, callId: undefined, peer: undefined }),
      }),
      orphans: new Set(),
      admission: new Admission(limits, timers.clock),
      held: new ByteBudget(limits.maxRequestBytes),
      unsent: new ByteBudget(limits.maxReplyBytes),
      authenticate: options.authenticate,
      observe: options.observe,
      report,
      openStreams: 0,
    };
  }

  /** The addresses that were really bound, in the order of `listen`, ready for `connect`. */
  get addresses(): readonly string[] {
    return this.#listening.map(({ address }) => address);
  }

  /** `serve` has awaited it. */
  async listen(addresses: readonly string[], transports: readonly Transport[]): Promise<void> {
    try {
      for (const address of addresses) {
        const transport = transportOf(address, transports);
        if (transport.listen === undefined)
          throw new Error(`${address}: the transport ${transport.scheme} cannot listen here`);
        this.#listening.push(
          await transport.listen(address, {
            maxFrameBytes: maxFrameBytes(this.#host.limits),
            unsent: this.#host.unsent,
            accept: (link) => void this.#accept(link),
            refuse: (link, why) => this.#accept(link)?.refuse("UNAUTHENTICATED", why),
            failed: (error) => this.#host.report({ error, method: undefined, callId: undefined, peer: undefined }),
            over: () => this.#lastLeft(),
          }),
        );
      }
    } catch (error) {
      await this.close({ graceMs: 0 });
      throw error;
    }
  }

  /**
   * Takes nothing new, lets what is in flight end within the grace, aborts the rest (their callers get
   * OUTCOME_UNKNOWN), and releases everything. Called again with less grace, it hurries.
   */
  close(options: CloseOptions = {}): Promise<void> {
    const graceMs = options.graceMs ?? DEFAULT_GRACE_MS;
    const closing = (this.#closing ??= this.#close());
    const cut = new Timeout(() => this.#terminate());
    // NaN is no grace: a timer set for it would never be due.
    if (!(graceMs > 0)) this.#terminate();
    else if (this.#sessions.size > 0) this.#host.timers.set(cut, this.#host.timers.clock.now() + graceMs);
    return closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** One of the listeners has had the only client that it could have. */
  #lastLeft(): Promise<void> | undefined {
    return this.#closing === undefined && this.#listening.length === 1 ? this.close() : undefined;
  }

  async #close(): Promise<void> {
    const listeners = this.#listening.map((listening) => listening.close());
    const links = [...this.#sessions].map((session) => session.whenDown());
    for (const session of [...this.#sessions]) session.dismiss("the server is closing");
    await Promise.all([...listeners, ...links]);
    this.#abandon();
    this.#host.guards.close();
    this.#host.timers.release();
  }

  #terminate(): void {
    for (const session of [...this.#sessions]) session.terminate("the server closed before the call was done");
    this.#abandon();
  }

  /** Calls whose connection is gone: nobody will ask this instance again. */
  #abandon(): void {
    const message = "the server closed before the call was done";
    for (const call of [...this.#host.orphans]) {
      call.terminate(new RpcError({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message }));
    }
  }

  /** The session, unless it was turned away. */
  #accept(link: Link): ServerSession | undefined {
    const session = new ServerSession(link, this.#host, () => this.#sessions.delete(session));
    session.start();
    if (this.#closing !== undefined) session.refuse("UNAVAILABLE", "the server is closing");
    else if (this.#sessions.size >= this.#host.limits.maxConnections) {
      session.refuse("RESOURCE_EXHAUSTED", "the server has as many connections as it takes");
    }
    if (session.over) return undefined;
    this.#sessions.add(session);
    return session;
  }
}

/** A handler's exception must be seen by someone; its caller is told nothing of it. */
function reportToConsole({ error, method }: ServerFault): void {
  // oxlint-disable-next-line no-console
  console.error(method === undefined ? "rpc server:" : `rpc handler of ${method}:`, error);
}

/**
 * A channel's way to its server: finds the first address that works, and another when it is lost, at a bearable pace.
 */
import type { Link } from "../../transport/transport.js";
import { TrustError } from "../../transport/trust.js";
import { isIntraHost, unplaced, type Route } from "../address.js";
import type { Code } from "../codes.js";
import { RpcError, messageOf } from "../errors.js";
import { maxFrameBytes, type Limits } from "../limits.js";
import type { Random } from "../random.js";
import { Timeout, type Timers } from "../timers.js";
import type { Ascent, PassedOver, Standing } from "./ascent.js";
import { ClientSession } from "./client-session.js";
import { Ejection } from "./ejection.js";
import { reconnectDelayMs } from "./reconnect.js";

/** Who waits for a connection. */
export interface Waiter {
  /** The instance that alone may be asked, if it matters. */
  readonly boundTo: string | undefined;
  connected(session: ClientSession): void;
  /** No connection can be had, and waiting longer will not help. */
  unreachable(cause: RpcError): void;
}

export interface ConnectionOptions {
  readonly routes: readonly [Route, ...Route[]];
  readonly clientId: Uint8Array;
  readonly limits: Limits;
  readonly timers: Timers;
  readonly random: Random;
  /** For one address: the dialling and the handshake. */
  readonly connectTimeoutMs: number;
  /** Where nothing is known of the host there is no nearer way to be led to. */
  readonly ascent: Ascent | undefined;
}

/**
 * A session that ends sooner than this counts as an attempt that failed: a server that greets and dies is not to be
 * hammered.
 */
const STABLE_AFTER_MS = 1_000;

/** A transport that is told to give up says so, in its own words; one that does not in this time is not waited for, in milliseconds. */
const HEED_MS = 1_000;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #waiting = new Set<Waiter>();
  readonly #sessions = new Set<ClientSession>();
  readonly #again: Timeout;
  readonly #abortion = new AbortController();
  /** Of a list of addresses: with one there is no choice. */
  readonly #ejection: Ejection | undefined;
  readonly #ascent: Ascent | undefined;
  #session: ClientSession | undefined;
  /** Of those given, the one that works. */
  #route: Route;
  /** What it led up to. */
  #nearer: Route | undefined;
  #boundInstance: Uint8Array | undefined;
  #instance: string | undefined;
  #attempting = false;
  #closed = false;
  #failures = 0;
  #nextAttemptAt = -Infinity;
  #connectedAt = 0;
  #lastFailure: Error | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#route = options.routes[0];
    if (options.routes.length > 1) this.#ejection = new Ejection(options.routes.map(({ address }) => address), options.timers.clock);
    this.#again = new Timeout(() => this.#attempt());
    this.#ascent = options.ascent;
    this.#ascent?.lead({
      standing: () => this.session && { session: this.session, route: this.route },
      dial: (route, challenge, opened, failed) => this.#dial(route, challenge, opened, failed),
      moveUp: (lower, upper) => this.#moveUp(lower, upper),
    });
  }

  /** The session that takes calls, if there is one. */
  get session(): ClientSession | undefined {
    return this.#session?.over === true ? undefined : this.#session;
  }

  /** Where it leads, or led last; before the first connection, where it is tried first. */
  get route(): Route {
    return this.#nearer ?? this.#route;
  }

  /** The address given whose server led to a nearer one. */
  get via(): Route | undefined {
    return this.#nearer === undefined ? undefined : this.#route;
  }

  /** What was offered and is not used. */
  get passedOver(): readonly PassedOver[] {
    return this.#ascent?.passedOver ?? [];
  }

  get intraHost(): boolean {
    return isIntraHost(this.route.address);
  }

  /** The server instance that it leads to, or led to last. */
  get instance(): string | undefined {
    return this.#instance;
  }

  /** Why the last attempt to connect failed. */
  get lastFailure(): Error | undefined {
    return this.#lastFailure;
  }

  /**
   * The first connection.
   * @param done with what to tell who asked for it, if it failed: an RpcError UNAVAILABLE that names the addresses and what went wrong
   * with each, or the server's refusal.
   */
  open(done: (failure: RpcError | undefined) => void): void {
    this.#attempt(done);
  }

  /** The call is told when there is a session, or when there can be none. */
  wait(call: Waiter): void {
    if (this.#closed) {
      return call.unreachable(new RpcError({ code: "CANCELLED", executed: "no", message: "the channel is closed" }));
    }
    this.#waiting.add(call);
    // Of a session that has just ended, its calls learn first; what follows from it for the pace comes next.
    if (this.#session?.over !== true) this.#schedule();
  }

  /** Without anyone who waits, no further attempt is made. */
  leave(call: Waiter): void {
    this.#waiting.delete(call);
    if (this.#waiting.size === 0) this.#options.timers.clear(this.#again);
  }

  /** A call succeeded there. */
  answered(session: ClientSession | undefined): void {
    if (this.#ejection !== undefined && session === this.#session) this.#ejection.answered(this.#route.address);
  }

  /** A call failed there as calls do on a server that is not well. After some in a row new ones go elsewhere. */
  blamed(session: ClientSession): void {
    if (session !== this.#session || this.#ejection?.failed(this.#route.address) !== true) return;
    this.#retire(session);
    // Without a farewell, which would pass a long request that is under way, and have the server take it no more.
    session.drain();
  }

  /** Resolves when every link is down. Its calls are ended before, by the channel. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#session = undefined;
    this.#abortion.abort();
    this.#options.timers.clear(this.#again);
    this.#ascent?.close();
    const sessions = [...this.#sessions];
    for (const session of sessions) session.close();
    await Promise.all(sessions.map((session) => session.whenDown()));
  }

  #schedule(): void {
    if (this.#closed || this.#attempting || this.#again.heapIndex >= 0) return;
    const { timers } = this.#options;
    if (this.#nextAttemptAt <= timers.clock.now()) this.#attempt();
    else timers.set(this.#again, this.#nextAttemptAt);
  }

  /** Tries the addresses in turn. */
  #attempt(done?: (failure: RpcError | undefined) => void): void {
    this.#attempting = true;
    const failures: Failure[] = [];
    const routes = this.#order();
    const next = (): void => {
      const route = routes[failures.length];
      if (route !== undefined) return this.#dial(route, undefined, (session) => opened(session, route), (error) => failed(error, route));
      this.#attempting = false;
      const failure = this.#unreachable(failures);
      done?.(failure);
    };
    const opened = (session: ClientSession, route: Route): void => {
      this.#attempting = false;
      this.#adopt(session, route);
      this.#ascent?.lookSoon();
      done?.(undefined);
    };
    const failed = (error: unknown, { address }: Route): void => {
      failures.push({ address, error: error instanceof Error ? error : new Error(messageOf(error)) });
      next();
    };
    next();
  }

  /**
   * The addresses as they are tried: those that are ejected last, for better a bad one than none. A call that one
   * instance alone can answer has its way back tried first.
   */
  #order(): readonly Route[] {
    const { routes } = this.#options;
    const ejection = this.#ejection;
    if (ejection === undefined) return routes;
    const bound = [...this.#waiting].some((call) => call.boundTo !== undefined);
    const rank = (route: Route): number => (bound && route === this.#route ? 0 : ejection.isEjected(route.address) ? 2 : 1);
    return routes.toSorted((a, b) => rank(a) - rank(b));
  }

  #moveUp(lower: ClientSession, { session: upper, route }: Standing): void {
    if (this.#session !== lower || lower.closing || upper.closing) return upper.close();
    this.#adopt(upper, this.#route, route);
    lower.makeWay();
  }

  /** Calls back once. Where the transport dials without waiting, that may be before it returns. */
  #dial(route: Route, challenge: Uint8Array | undefined, opened: (session: ClientSession) => void, failed: (error: unknown) => void): void {
    const { timers, limits, connectTimeoutMs } = this.#options;
    const attempt = new AbortController();
    const closed = (): void => attempt.abort(new Error("the channel was closed"));
    const timeout: Timeout = new Timeout(() => {
      if (attempt.signal.aborted) return refused(attempt.signal.reason);
      attempt.abort(new Error(`no connection within ${connectTimeoutMs} ms`));
      if (!over) timers.set(timeout, timers.clock.now() + HEED_MS);
    });
    let over = false;
    const settled = <T>(tell: (value: T) => void) => (value: T): void => {
      if (over) return;
      over = true;
      timers.clear(timeout);
      this.#abortion.signal.removeEventListener("abort", closed);
      tell(value);
    };
    const refused = settled(failed);
    const greet = (link: Link): void => {
      if (!attempt.signal.aborted) return this.#greet(link, attempt.signal, challenge, settled(opened), refused);
      link.abort(attempt.signal.reason as Error);
      refused(attempt.signal.reason);
    };
    timers.set(timeout, timers.clock.now() + connectTimeoutMs);
    this.#abortion.signal.addEventListener("abort", closed, { once: true });
    if (this.#closed) return refused(new Error("the channel was closed"));
    try {
      const dialled = route.transport.dial(route.address, { signal: attempt.signal, maxFrameBytes: maxFrameBytes(limits) });
      // Of a link whose end is not known yet, what ended it is why there is none.
      if (isLink(dialled)) this.#greet(dialled, attempt.signal, challenge, settled(opened), (error) => refused(error.cause ?? error));
      else dialled.then(greet, refused);
    } catch (error) {
      refused(error);
    }
  }

  #greet(
    link: Link,
    signal: AbortSignal,
    challenge: Uint8Array | undefined,
    ready: (session: ClientSession) => void,
    refused: (cause: Error) => void,
  ): void {
    const { limits, timers, clientId } = this.#options;
    const identity = { clientId, boundInstance: this.#boundInstance, challenge };
    const session: ClientSession = new ClientSession(link, limits, timers, identity, {
      ready,
      refused,
      draining: () => this.#retire(session),
      ended: (cause) => this.#ended(session, cause),
    });
    signal.addEventListener("abort", () => session.abort(new Error(messageOf(signal.reason))), { once: true });
    session.start();
  }

  #adopt(session: ClientSession, route: Route, nearer?: Route): void {
    if (this.#closed) return session.close();
    if (session.closing) return this.#schedule();
    this.#sessions.add(session);
    this.#session = session;
    this.#route = route;
    this.#nearer = nearer;
    this.#boundInstance = session.instanceId;
    this.#instance = session.server.instance;
    this.#connectedAt = this.#options.timers.clock.now();
    const calls = [...this.#waiting];
    this.#waiting.clear();
    for (const call of calls) call.connected(session);
  }

  /** New calls go elsewhere; it ends by itself behind the calls that it has. */
  #retire(session: ClientSession): void {
    if (this.#session === session) this.#session = undefined;
  }

  #ended(session: ClientSession, cause: RpcError): void {
    this.#sessions.delete(session);
    const wasNearer = session === this.#session ? this.#nearer : undefined;
    this.#retire(session);
    if (this.#closed || this.#session !== undefined) return;
    this.#lastFailure = cause;
    const stable = this.#options.timers.clock.now() - this.#connectedAt >= STABLE_AFTER_MS;
    if (wasNearer !== undefined) {
      this.#ascent?.broke(wasNearer.address, cause, stable);
      this.#nearer = undefined;
      this.#nextAttemptAt = -Infinity;
      return this.#schedule();
    }
    if (!stable) this.#ejection?.failed(this.#route.address);
    this.#delayNext(stable ? 0 : this.#failures);
    this.#failures = stable ? 0 : this.#failures + 1;
    this.#schedule();
  }

  #unreachable(failures: readonly Failure[]): RpcError {
    const error = explain(failures);
    this.#lastFailure = error;
    this.#failures += 1;
    this.#delayNext(this.#failures);
    if (error.code !== "UNAVAILABLE") for (const call of [...this.#waiting]) call.unreachable(error);
    else if (this.#waiting.size > 0) this.#schedule();
    return error;
  }

  #delayNext(failures: number): void {
    const { timers, random } = this.#options;
    this.#nextAttemptAt = timers.clock.now() + reconnectDelayMs(failures, this.intraHost, random);
  }
}

function isLink(dialled: Link | Promise<Link>): dialled is Link {
  return "send" in dialled;
}

interface Failure {
  readonly address: string;
  readonly error: Error;
}

/**
 * Refusals for good (another wire version, no right to connect) are told as they are; whatever may pass is UNAVAILABLE.
 */
const FINAL: ReadonlySet<Code> = new Set<Code>(["FAILED_PRECONDITION", "UNAUTHENTICATED", "PERMISSION_DENIED"]);

function explain(failures: readonly Failure[]): RpcError {
  const message = `no connection: ${failures.map(placed).join("; ")}`;
  const first = failures[0]?.error;
  const codes = new Set(failures.map(({ error }) => finalCode(error)));
  const [code] = codes;
  return new RpcError({ code: codes.size === 1 ? code : "UNAVAILABLE", executed: "no", message, cause: first });
}

/** Most transports name the address themselves, as it was written or in quotes. */
function placed({ address, error: { message } }: Failure): string {
  return unplaced(message, address) === message ? `${address}: ${message}` : message;
}

function finalCode(error: Error): Code {
  if (error instanceof TrustError) return error.fault === "refused" ? "PERMISSION_DENIED" : "UNAUTHENTICATED";
  return error instanceof RpcError && FINAL.has(error.code) ? error.code : "UNAVAILABLE";
}

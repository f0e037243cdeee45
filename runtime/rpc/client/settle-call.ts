/** Asks a server what became of a call. Asking changes nothing but that a call that has not begun never will. */
import { decodeChecked } from "../checked-payload.js";
import type { AnyMethod } from "../descriptor.js";
import { failedOutcome, RpcError, messageOf, type Outcome } from "../errors.js";
import { askableMs, fencedOff, type ServerIdentity } from "../protocol/fence.js";
import type { ErrorFrame } from "../protocol/frame.js";
import type { RemoteMethod } from "../protocol/handshake.js";
import { receivedFailure } from "../protocol/received-failure.js";
import type { CallHost } from "./call-host.js";
import type { ClientSession } from "./client-session.js";
import { PendingCall } from "./pending-call.js";
import { retryBackoff, retryDelayMs } from "./retry.js";

const ATTEMPTS = 3;

/** A call as its question names it. */
export interface AskedCall {
  readonly method: AnyMethod;
  readonly id: string;
  /** 0 with a key. */
  readonly sequence: number;
  readonly key: Uint8Array | undefined;
  /** Encoded, for who calls must be known again. */
  readonly headers: Uint8Array | undefined;
  /** Milliseconds since the first attempt of the oldest call on the way to it. */
  readonly ageMs: () => number;
  /** Where an attempt may have come to; undefined: any server that has its store. */
  readonly server: ServerIdentity | undefined;
}

export class SettleCall extends PendingCall {
  protected override readonly guarded = false;
  readonly #asked: AskedCall;
  #resolve: ((outcome: Outcome<unknown>) => void) | undefined;

  constructor(host: CallHost, asked: AskedCall) {
    super(host, asked.method, undefined);
    this.#asked = asked;
  }

  /** Never rejects. */
  start(): Promise<Outcome<unknown>> {
    return new Promise((resolve) => this.run(resolve));
  }

  /** As `start`, with a call, which may come before it returns. */
  run(resolve: (outcome: Outcome<unknown>) => void): void {
    this.#resolve = resolve;
    this.begin();
  }

  override get boundTo(): string | undefined {
    return this.#asked.server?.instance;
  }

  protected override prepare(): void {}

  protected override breach(session: ClientSession): RpcError | undefined {
    const { server } = session;
    const { semantics, retainMs = Infinity } = this.method;
    if (server.retentionMs === undefined) return unknown("the server keeps nothing of calls");
    // Where no record is left, it would be said not to have run.
    if (this.#asked.ageMs() > askableMs(semantics === "exactlyOnce" ? retainMs : server.retentionMs)) return unknown("so old a call is forgotten");
    return this.#asked.server === undefined ? undefined : fencedOff(this.method, this.#asked.server, server);
  }

  protected override transmit(session: ClientSession, remote: RemoteMethod): void {
    const { sequence, key, headers, ageMs } = this.#asked;
    session.ask({ stream: this.stream, method: remote.number, sequence, key, ageMs: ageMs(), headers }, this);
  }

  protected override patienceEnd(): number {
    return Infinity;
  }

  protected override outOfPatience(): void {}

  override reply(payload: Uint8Array): void {
    this.detach();
    try {
      this.#settled({ executed: "yes", value: decodeChecked(this.method.response, payload) });
    } catch (error) {
      const message = `the answer of ${this.method.path} cannot be read: ${messageOf(error)}`;
      this.#settled({ executed: "yes", error: new RpcError({ code: "INTERNAL", message, executed: "yes", cause: error }) });
    }
  }

  override error(frame: ErrorFrame): void {
    this.detach();
    const error = receivedFailure(frame, this.method);
    if (error.executed === "unknown" && error.retryAfterMs !== undefined) this.#again(error);
    else this.#settled(failedOutcome(error));
  }

  override lost(error: RpcError): void {
    this.session = undefined;
    if (this.attempts < ATTEMPTS) this.connect();
    else this.fail(error);
  }

  override notStarted(error: RpcError): void {
    this.lost(error);
  }

  protected override closed(): void {}

  /** The question failed; the call that it is about may have run. */
  protected override failed(error: RpcError): void {
    this.#settled(failedOutcome(unknown(error.message, error)));
  }

  #again(error: RpcError): void {
    const { timers, connection, random } = this.host;
    const retryAt = timers.clock.now() + retryDelayMs(this.attempts, error, retryBackoff(error, connection.intraHost), random);
    if (this.attempts < ATTEMPTS && retryAt < this.deadlineAt) this.backOff(retryAt);
    else this.fail(error);
  }

  #settled(outcome: Outcome<unknown>): void {
    this.finish();
    this.#resolve?.(outcome);
  }
}

function unknown(message: string, cause?: RpcError): RpcError {
  return new RpcError({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message, cause });
}

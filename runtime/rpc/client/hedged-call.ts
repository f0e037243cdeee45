/** A `@hedge` call: when its answer is late, a second attempt runs beside the first, and the first answer counts. */
import { worstExecuted, type Executed } from "../codes.js";
import type { RpcError } from "../errors.js";
import { FrameError } from "../frame-reader.js";
import type { CallerExchange } from "../protocol/exchange.js";
import type { ErrorFrame } from "../protocol/frame.js";
import { receivedFailure } from "../protocol/received-failure.js";
import { Timeout } from "../timers.js";
import type { ClientSession } from "./client-session.js";
import { ONE_ANSWER } from "./pending-call.js";
import { isRetryable } from "./retry.js";
import { UnaryCall } from "./unary-call.js";

export class HedgedCall extends UnaryCall {
  readonly #late = new Timeout(() => this.#hedge());
  #hedged = false;
  #rival: Rival | undefined;

  protected override opened(): void {
    if (this.#hedged || !this.mayRepeat) return;
    this.host.timers.set(this.#late, this.sentAt + this.known.latencies.hedgeDelayMs);
  }

  /** It is not given up for another: it has one beside it. */
  protected override patienceEnd(now: number): number {
    this.sentAt = now;
    return Infinity;
  }

  override error(frame: ErrorFrame): void {
    if (this.#rival === undefined || this.#counts(frame)) return super.error(frame);
    this.executed = worstExecuted(this.executed, frame.executed);
    this.detach();
    this.#promote(this.#rival);
  }

  override lost(error: RpcError): void {
    const rival = this.#rival;
    if (rival === undefined || rival.session === this.session) return super.lost(error);
    this.executed = worstExecuted(this.executed, error.executed);
    this.#promote(rival);
  }

  /** The second attempt was answered first. */
  overtaken(rival: Rival, payload: Uint8Array): void {
    this.#leaveFirst(rival);
    this.reply(payload);
  }

  /** The second attempt failed; where another could end better, the first goes on alone. */
  failedBeside(rival: Rival, frame: ErrorFrame): void {
    if (this.#counts(frame)) {
      this.#leaveFirst(rival);
      return super.error(frame);
    }
    rival.session.detach(rival.stream);
    this.dropped(rival, frame.executed);
  }

  /** The second attempt came to nothing. */
  dropped(rival: Rival, executed: Executed): void {
    this.executed = worstExecuted(this.executed, executed);
    if (this.#rival === rival) this.#rival = undefined;
  }

  protected override closed(): void {
    this.host.timers.clear(this.#late);
    if (this.#rival === undefined) return;
    this.executed = worstExecuted(this.executed, "unknown");
    this.#rival.session.abandon(this.#rival.stream, true);
    this.#rival = undefined;
  }

  #hedge(): void {
    const { connection, budget, timers } = this.host;
    const { session } = connection;
    if (session === undefined || this.session === undefined || budget.spend() === 0) return;
    const remote = this.known.on(session);
    if (remote === undefined || this.breach(session, remote) !== undefined) return;
    this.#hedged = true;
    this.attempts += 1;
    this.#rival = new Rival(this, session, session.nextStream());
    this.send(session, remote, this.#rival.stream, this.#rival, timers.clock.now());
  }

  /** Whether a failure is as good an answer as any. */
  #counts(frame: ErrorFrame): boolean {
    return !isRetryable(receivedFailure(frame, this.method), this.method, false);
  }

  #leaveFirst(rival: Rival): void {
    this.executed = worstExecuted(this.executed, "unknown");
    this.session?.abandon(this.stream, true);
    this.#promote(rival);
  }

  #promote(rival: Rival): void {
    this.#rival = undefined;
    this.session = rival.session;
    this.stream = rival.stream;
    rival.session.attach(rival.stream, this);
  }
}

class Rival implements CallerExchange {
  readonly session: ClientSession;
  readonly stream: number;
  readonly #call: HedgedCall;

  constructor(call: HedgedCall, session: ClientSession, stream: number) {
    this.#call = call;
    this.session = session;
    this.stream = stream;
  }

  reply(payload: Uint8Array): void {
    this.#call.overtaken(this, payload);
  }

  error(frame: ErrorFrame): void {
    this.#call.failedBeside(this, frame);
  }

  lost(error: RpcError): void {
    this.#call.dropped(this, error.executed);
  }

  notStarted(error: RpcError): void {
    this.#call.dropped(this, error.executed);
  }

  item(): void {
    throw new FrameError(ONE_ANSWER);
  }

  end(): void {
    throw new FrameError(ONE_ANSWER);
  }

  cancel(): void {}

  grant(): void {}
}

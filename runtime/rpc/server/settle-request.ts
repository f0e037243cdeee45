/** A question what became of a call, on the server that may know. */
import { RpcError } from "../errors.js";
import { FrameError } from "../frame-reader.js";
import type { Headers } from "../headers.js";
import type { ServedExchange } from "../protocol/exchange.js";
import { Timed } from "../timers.js";
import { principalOf, recordsName } from "./authentication.js";
import type { Answer, Asker, CallGuard, CallName, Place } from "./guard.js";
import { fitting, ownAnswer } from "./handler-answer.js";
import type { ServerHost } from "./server-host.js";
import type { ServingSession } from "./serving-session.js";

/** It waits for a handler that runs, as long as a call may. */
export class SettleRequest extends Timed implements ServedExchange, Asker {
  readonly #host: ServerHost;
  readonly #session: ServingSession;
  readonly #stream: number;
  #place: Place | undefined;
  #over = false;

  constructor(host: ServerHost, session: ServingSession, stream: number) {
    super();
    this.#host = host;
    this.#session = session;
    this.#stream = stream;
  }

  async begin(guard: CallGuard, call: CallName, headers: Headers): Promise<void> {
    this.#session.attach(this.#stream, this);
    this.#host.timers.set(this, this.#host.timers.clock.now() + this.#host.limits.clampMs);
    const { peer } = this.#session.link;
    const report = (error: unknown): void => this.#host.report({ error, method: call.method.path, callId: undefined, peer });
    try {
      const name = recordsName(await principalOf(this.#host, headers, peer, report), report);
      if (!this.#over) this.#session.records.of(guard, name).settle(call, this);
    } catch (error) {
      if (error instanceof RpcError) this.answered(ownAnswer(error, "unknown"));
      else this.#session.breach(error);
    }
  }

  granted(): void {
    throw new Error("a question is never granted a call to run");
  }

  attached(place: Place): void {
    this.#place = place;
  }

  answered(answer: Answer): void {
    if (this.#over) return;
    const { kind, payload } = fitting(answer, this.#session.maxPeerMessageBytes);
    this.#session.sendPayload(kind, this.#stream, payload);
    this.#leave(undefined);
  }

  deserted(): void {}

  item(): void {
    throw new FrameError("a question takes no elements");
  }

  end(): void {
    throw new FrameError("a question takes no elements");
  }

  grant(): void {}

  cancel(): void {
    this.#session.countCancel();
    this.#leave(undefined);
  }

  lost(): void {
    this.#leave(undefined);
  }

  override due(): void {
    this.terminate(new RpcError({ code: "DEADLINE_EXCEEDED", executed: "unknown", message: "the call still runs" }));
  }

  terminate(error: RpcError): void {
    this.answered(ownAnswer(error, "unknown"));
  }

  /** Who only asked does not end the call by leaving. */
  #leave(reason: RpcError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#host.timers.clear(this);
    this.#session.detach(this.#stream);
    this.#place?.leave(reason);
  }
}

/** Calls of a channel of which nobody knows whether they ran, and how it is found out. */
import type { CallHost } from "./call-host.js";
import type { Listed } from "./call-list.js";
import type { AnyMethod } from "./descriptor.js";
import { RpcError } from "./errors.js";
import type { ServerIdentity } from "./fence.js";
import { failedOutcome, type Outcome } from "./outcome.js";
import { SettleCall } from "./settle-call.js";
import { Timeout } from "./timers.js";

/** A call as its question names it. */
export interface AskedCall {
  readonly method: AnyMethod;
  readonly id: string;
  /** 0 with a key. */
  readonly sequence: number;
  readonly key: Uint8Array | undefined;
  /** Encoded, for who calls must be known again. */
  readonly headers: Uint8Array | undefined;
  /** On the clock's scale: the first attempt of the oldest call on the way to it. */
  readonly bornAt: number;
  /** Where an attempt may have come to; undefined: any server that has its store. */
  readonly server: ServerIdentity | undefined;
}

/**
 * As long as a question is open, the server is not told that the call's record is of no more use: for a minute, and for
 * 4,096 further guarded calls, which must all be kept on its account.
 */
const OPEN_MS = 60_000;
const OPEN_CALLS = 4_096;

export class OpenQuestions {
  readonly #questions = new Map<string, OpenQuestion>();

  /** Keeps the place of `call` among those that are not acknowledged. */
  ask(host: CallHost, call: Listed, asked: AskedCall): OpenQuestion {
    const forget = (): void => void this.#questions.delete(asked.id);
    const question = new OpenQuestion(host, asked, forget);
    host.calls.keep(call, question);
    this.#questions.set(asked.id, question);
    return question;
  }

  /** The question by the call's id, as long as it is open. */
  find(id: string): OpenQuestion | undefined {
    return this.#questions.get(id);
  }
}

export class OpenQuestion implements Listed {
  sequence = 0;
  previous: Listed | undefined;
  next: Listed | undefined;
  readonly patience = OPEN_CALLS;
  readonly #host: CallHost;
  readonly #asked: AskedCall;
  readonly #forget: () => void;
  readonly #end = new Timeout(() => this.#close(), false);
  #answer: Outcome<unknown> | undefined;

  constructor(host: CallHost, asked: AskedCall, forget: () => void) {
    this.#host = host;
    this.#asked = asked;
    this.#forget = forget;
    host.timers.set(this.#end, host.timers.clock.now() + OPEN_MS);
  }

  /** Asks the server. A definite answer never changes; "unknown" may be asked again. Never rejects. */
  async settle(): Promise<Outcome<unknown>> {
    if (this.#answer !== undefined) return this.#answer;
    const outcome = await new SettleCall(this.#host, this.#asked).start();
    if (this.#answer !== undefined) return this.#answer;
    if (outcome.executed === "unknown") return { ...outcome, settle: () => this.settle() };
    this.#answer = outcome;
    this.#close();
    return outcome;
  }

  abort(): void {
    this.#close();
  }

  #close(): void {
    this.#host.timers.clear(this.#end);
    this.#host.calls.remove(this, true);
    this.#forget();
  }
}

/** Of a call that no question can be asked about. */
export function noAnswer(message: string): Outcome<unknown> {
  return failedOutcome(new RpcError({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message }));
}

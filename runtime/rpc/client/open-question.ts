/** A call of which nobody knows whether it ran, and how it is found out. */
import { formatCallId } from "../call-id.js";
import type { AnyMethod } from "../descriptor.js";
import { failedOutcome, messageOf, RpcError, type Outcome } from "../errors.js";
import { encodeHeaders, joinHeaders, NO_HEADERS, type HeadersInit } from "../headers.js";
import { Timeout } from "../timers.js";
import type { Answerable, CallHost } from "./call-host.js";
import type { Listed } from "./call-list.js";
import { readIdempotencyKey } from "./idempotency-key.js";
import { SettleCall, type AskedCall } from "./settle-call.js";

/**
 * As long as a question is open, the server is not told that the call's record is of no more use: for a minute, and for
 * 4,096 further guarded calls, which must all be kept on its account.
 */
const OPEN_MS = 60_000;
const OPEN_CALLS = 4_096;

/** Keeps the place of `call` among those that are not acknowledged. */
export function openQuestion(host: CallHost, call: Listed, asked: AskedCall): OpenQuestion {
  const question = new OpenQuestion(host, asked);
  host.calls.keep(call, question);
  host.questions.set(asked.id, question);
  return question;
}

class OpenQuestion implements Listed, Answerable {
  sequence = 0;
  previous: Listed | undefined;
  next: Listed | undefined;
  readonly patience = OPEN_CALLS;
  readonly #host: CallHost;
  readonly #asked: AskedCall;
  readonly #end = new Timeout(() => this.#close(), false);
  #answer: Outcome<unknown> | undefined;

  constructor(host: CallHost, asked: AskedCall) {
    this.#host = host;
    this.#asked = asked;
    host.timers.set(this.#end, host.timers.clock.now() + OPEN_MS);
  }

  /** Asks the server. A definite answer never changes; "unknown" may be asked again. Never rejects. */
  settle(): Promise<Outcome<unknown>> {
    let settled = false;
    const outcome = new Promise<Outcome<unknown>>((resolve) =>
      this.run((answer) => {
        settled = true;
        resolve(answer);
      }),
    );
    this.#host.waiting?.until(() => settled);
    return outcome;
  }

  /** As `settle`, with a call, which may come before it returns. */
  run(resolve: (outcome: Outcome<unknown>) => void): void {
    if (this.#answer !== undefined) return resolve(this.#answer);
    new SettleCall(this.#host, this.#asked).run((outcome) => {
      if (this.#answer !== undefined) return resolve(this.#answer);
      if (outcome.executed === "unknown") return resolve({ ...outcome, settle: () => this.settle() });
      this.#answer = outcome;
      this.#close();
      resolve(outcome);
    });
  }

  abort(): void {
    this.#close();
  }

  #close(): void {
    this.#host.timers.clear(this.#end);
    this.#host.calls.remove(this, true);
    this.#host.questions.delete(this.#asked.id);
  }
}

/** Asks about an `@exactlyOnce` call that the application knows by its key, whoever made it, and calls back once. */
export function settleByKey(
  host: CallHost,
  key: string,
  method: AnyMethod,
  headers: HeadersInit | undefined,
  resolve: (outcome: Outcome<unknown>) => void,
): void {
  const { clock } = host.timers;
  try {
    const { bytes, ageMs } = readIdempotencyKey(keyText(key), clock.wall());
    const joined = joinHeaders(headers, NO_HEADERS);
    new SettleCall(host, {
      method,
      id: formatCallId({ client: bytes, sequence: 0 }),
      sequence: 0,
      key: bytes,
      headers: joined === undefined ? undefined : encodeHeaders(joined, host.limits),
      ageMs: () => ageMs,
      server: undefined,
    }).run(resolve);
  } catch (error) {
    resolve(noAnswer(messageOf(error)));
  }
}

/** The key of a call's id, as which an error tells it, in the form of a UUID. */
function keyText(text: string): string {
  const [, a, b, c, d, e] = /^(.{8})(.{4})(.{4})(.{4})(.{12})\/0$/.exec(text) ?? [];
  return a === undefined ? text : [a, b, c, d, e].join("-");
}

/** Of a call that no question can be asked about. */
export function noAnswer(message: string): Outcome<unknown> {
  return failedOutcome(new RpcError({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message }));
}

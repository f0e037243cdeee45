/** A call of one request and one answer: the one kind that must cost next to nothing. */
import type { CallOptions } from "../call-options.js";
import type { AnyMethod } from "../descriptor.js";
import type { CallHost } from "./call-host.js";
import { ClientCall } from "./client-call.js";

export class UnaryCall extends ClientCall {
  readonly #params: unknown;
  #resolve: ((value: never) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor(host: CallHost, method: AnyMethod, params: unknown, options: CallOptions | undefined) {
    super(host, method, options);
    this.#params = params;
  }

  start<Response>(): Promise<Response> {
    return new Promise((resolve, reject) => this.run(resolve, reject));
  }

  /** As `start`, with a call of one of the two, which may come before it returns. */
  run(resolve: (value: never) => void, reject: (error: unknown) => void): void {
    this.#resolve = resolve;
    this.#reject = reject;
    this.begin();
  }

  protected override encodePayload(): Uint8Array {
    return this.encodeRequest(this.#params);
  }

  override reply(payload: Uint8Array): void {
    this.receivedBytes += payload.length;
    let value: unknown;
    try {
      value = this.decodeResponse(payload);
    } catch (error) {
      return this.failUnreadable(error);
    }
    if (!this.guarded) this.known.latencies.add(this.host.timers.clock.now() - this.sentAt);
    this.succeed();
    this.#resolve?.(value as never);
  }

  protected override get replayable(): boolean {
    return true;
  }

  protected override opened(): void {}

  protected override closed(): void {}

  protected override rejected(error: unknown): void {
    this.#reject?.(error);
  }
}

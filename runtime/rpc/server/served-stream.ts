/** A call in which either side, or both, send elements, on its server. */
import { RpcError } from "../errors.js";
import { FrameError } from "../frame-reader.js";
import type { SendWindow } from "../protocol/flow-control.js";
import { Kind } from "../protocol/frame.js";
import { ItemPump, leaveUnread } from "../protocol/item-pump.js";
import type { Answer } from "./guard.js";
import { ownAnswer, thrownAnswer } from "./handler-answer.js";
import { RequestStream } from "./request-stream.js";
import { ServerCall } from "./server-call.js";
import { streamsRequests, streamsResponses } from "./service-table.js";

export class ServedStream extends ServerCall {
  #request: unknown;
  #requests: RequestStream | undefined;
  #window: SendWindow | undefined;
  #pump: ItemPump | undefined;

  override item(payload: Uint8Array, cost: number): void {
    if (this.#requests === undefined) throw new FrameError("the call takes no elements");
    this.receivedBytes += payload.length;
    this.#requests.push(payload, cost);
  }

  override end(): void {
    if (this.#requests === undefined) throw new FrameError("the call takes no elements");
    this.#requests.end();
  }

  override grant(bytes: number): void {
    this.#window?.grant(bytes);
  }

  override lost(error: RpcError): void {
    this.leave(new RpcError({ code: "CANCELLED", message: error.message, cause: error.cause }));
  }

  override due(): void {
    const executed = this.started ? "unknown" : "no";
    const message = `${this.method.path} was not done in time`;
    this.terminate(new RpcError({ code: "DEADLINE_EXCEEDED", executed, message }));
  }

  override terminate(error: RpcError): void {
    this.leave(error, ownAnswer(error, error.executed));
  }

  protected override receive(payload: Uint8Array): void {
    if (!streamsRequests(this.method.kind)) {
      this.#request = this.decode(payload);
      return;
    }
    if (payload.length > 0) throw new FrameError("a call whose requests are a stream carries one itself");
    this.#requests = new RequestStream(this.session, this.head.stream, (bytes) => this.decode(bytes));
    this.#request = this.#requests.items;
  }

  protected override readonly keepsPayload = false;

  protected override recognised(): void {
    if (this.host.openStreams >= this.host.limits.maxStreams) {
      return this.shed("the server has as many streams as it takes");
    }
    this.host.openStreams += 1;
    this.started = true;
    const request = this.#request;
    this.#request = undefined;
    this.handle(request);
  }

  protected override refused(): void {}

  protected override left(reason: RpcError): void {
    this.context.abort(reason);
    if (this.#pump !== undefined) void this.#pump.stop().then(() => this.#vacate());
  }

  protected override leave(reason: RpcError, answer?: Answer): void {
    if (!this.over) this.#requests?.abort(reason);
    super.leave(reason, answer);
  }

  protected override settle(): void {
    super.settle();
    this.#requests?.close();
  }

  protected override returned(outcome: unknown): void {
    if (streamsResponses(this.method.kind)) return this.#answerWithStream(outcome as AsyncIterable<unknown>);
    this.#vacate();
    if (this.over) return;
    try {
      const payload = this.encode(outcome);
      this.context.finish();
      this.answer({ kind: Kind.REPLY, payload });
    } catch (error) {
      this.#fail(error);
    }
  }

  protected override threw(error: unknown): void {
    this.#vacate();
    if (!this.over) this.#fail(error);
  }

  #fail(error: unknown): void {
    this.context.finish();
    this.answer(thrownAnswer(this.method, error, this.report));
  }

  #answerWithStream(elements: AsyncIterable<unknown>): void {
    if (this.over) return void leaveUnread(elements).then(() => this.#vacate());
    const { stream } = this.head;
    const window = this.session.openWindow();
    this.#window = window;
    this.#pump = new ItemPump(elements, {
      window,
      encode: (value) => this.encode(value),
      send: (payload) => {
        this.sentBytes += payload.length;
        this.session.sendPayload(Kind.ITEM, stream, payload);
      },
      finished: () => {
        this.#vacate();
        this.context.finish();
        this.session.sendEnd(stream);
        this.settle();
        this.ended("OK");
      },
      failed: (error) => this.threw(error),
      refused: (error) => this.leave(error, ownAnswer(error, "yes")),
    });
    void this.#pump.run();
  }

  /** The handler came to its end, and with it the place that it took. */
  #vacate(): void {
    this.letGo();
    this.host.openStreams -= 1;
  }
}

/** A connection of HTTP, as its server sees it: the answers that are not through, and what was opened for its calls. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ByteBudget } from "../rpc/byte-budget.js";
import { untaken } from "../rpc/handler-answer.js";
import type { ServerLimits } from "../rpc/server-limits.js";
import type { Bound } from "../transport/transport.js";
import type { Lines } from "./lines.js";

export class HttpConnection {
  readonly lines: Lines;
  readonly #open = new Set<ServerResponse>();
  readonly #limits: ServerLimits;
  /** Of answers that wait for the peer. */
  readonly #unsent: ByteBudget;

  /**
   * @param unsent what answers of all connections may take.
   * @param over called when it is gone.
   */
  constructor(socket: Socket, lines: Lines, limits: ServerLimits, unsent: Bound | undefined, over: () => void) {
    this.lines = lines;
    this.#limits = limits;
    this.#unsent = new ByteBudget(limits.maxConnectionReplyBytes, unsent);
    socket.once("close", () => {
      over();
      lines.close();
      setImmediate(() => this.#abandon());
    });
  }

  /** @param closed told when it is through, or nobody is there to take it any more. */
  begin(response: ServerResponse, closed: () => void): void {
    this.#open.add(response);
    response.once("close", () => {
      this.#open.delete(response);
      closed();
    });
  }

  /** Those that have begun and are not through. */
  get open(): Iterable<ServerResponse> {
    return this.#open;
  }

  /**
   * The answer of a call that ran may wait until the peer takes it.
   * @throws RpcError RESOURCE_EXHAUSTED, `executed` "yes", where more waits already than may.
   */
  hold(response: ServerResponse, { length }: Uint8Array): void {
    if (!this.#open.has(response)) return;
    if (!this.#unsent.take(length)) throw untaken(length, this.#limits.retryAfterMs);
    response.once("close", () => this.#unsent.give(length));
  }

  /** Of answers behind another one on a connection that is gone, Node tells nothing. */
  #abandon(): void {
    for (const response of [...this.#open]) response.destroy().emit("close");
  }
}

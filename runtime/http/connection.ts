/** A connection of HTTP, as its server sees it: the answers that are not through, and what was opened for its calls. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ByteBudget } from "../rpc/byte-budget.js";
import { untaken } from "../rpc/server/handler-answer.js";
import type { ServerLimits } from "../rpc/server/server-limits.js";
import type { Bound } from "../transport/transport.js";
import type { Lines } from "./lines.js";

/** Requests that wait for the answers to earlier ones: a caller that sends more ahead is cut off, for Node reads on, and makes some KB of each. */
const MOST_WAITING = 256;

export class HttpConnection {
  readonly lines: Lines;
  readonly #socket: Socket;
  readonly #open = new Set<ServerResponse>();
  /** What begins the requests that wait. */
  readonly #waiting = new Map<ServerResponse, () => void>();
  /** The one that is being answered. */
  #current: ServerResponse | undefined;
  readonly #limits: ServerLimits;
  /** Of answers that wait for the peer. */
  readonly #unsent: ByteBudget;

  /**
   * @param unsent what answers of all connections may take.
   * @param over called when it is gone.
   */
  constructor(socket: Socket, lines: Lines, limits: ServerLimits, unsent: Bound | undefined, over: () => void) {
    this.lines = lines;
    this.#socket = socket;
    this.#limits = limits;
    this.#unsent = new ByteBudget(limits.maxConnectionReplyBytes, unsent);
    socket.once("close", () => {
      over();
      lines.close();
      setImmediate(() => this.#abandon());
    });
  }

  /**
   * Answers follow each other in any case, so requests that were sent ahead are begun one after the other: of many in one packet each would
   * have a session.
   * @param start begins it, now or behind those before it.
   * @param closed told when it is through, or nobody is there to take it any more.
   */
  begin(response: ServerResponse, start: () => void, closed: () => void): void {
    this.#open.add(response);
    response.once("close", () => {
      this.#open.delete(response);
      this.#waiting.delete(response);
      closed();
      if (response === this.#current) this.#next();
    });
    this.#waiting.set(response, start);
    if (this.#current === undefined) this.#next();
    if (this.#waiting.size > MOST_WAITING) this.#socket.destroy();
  }

  #next(): void {
    const [next] = this.#waiting;
    this.#current = next?.[0];
    if (next === undefined) return;
    this.#waiting.delete(next[0]);
    next[1]();
  }

  /** Those that have come and are not through. */
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
    this.#waiting.clear();
    for (const response of [...this.#open]) response.destroy().emit("close");
  }
}

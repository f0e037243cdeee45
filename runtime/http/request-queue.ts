/**
 * Requests, of which only so many are under way at once: the others wait here, in order. Node's own pool counts connections once they stand,
 * so that a burst of calls would have one each.
 */
import type { ClientRequest } from "node:http";

export class RequestQueue {
  readonly #most: number;
  /** In the order in which they came. */
  readonly #waiting = new Set<() => ClientRequest | undefined>();
  #underWay = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @param start called at once, or when another request is through; undefined: nobody wants it any more.
   * @returns takes it out again, if it still waits.
   */
  add(start: () => ClientRequest | undefined): () => void {
    this.#waiting.add(start);
    this.#startNext();
    return () => this.#waiting.delete(start);
  }

  #startNext(): void {
    for (const start of this.#waiting) {
      if (this.#underWay >= this.#most) return;
      this.#waiting.delete(start);
      const request = start();
      if (request === undefined) continue;
      this.#underWay += 1;
      request.once("close", () => {
        this.#underWay -= 1;
        this.#startNext();
      });
    }
  }
}

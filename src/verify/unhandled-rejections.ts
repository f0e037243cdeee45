/** Rejections that nobody waits for, which would end a server's process. */

export class UnhandledRejections {
  #reasons: unknown[] = [];
  readonly #listener = (reason: unknown): void => void this.#reasons.push(reason);

  constructor() {
    process.on("unhandledRejection", this.#listener);
  }

  /** Those so far do not count. */
  forget(): void {
    this.#reasons = [];
  }

  /** The first since, as text; node tells of them when the microtasks are done. */
  async first(): Promise<string | undefined> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.#reasons.length === 0 ? undefined : String(this.#reasons[0]);
  }

  close(): void {
    process.off("unhandledRejection", this.#listener);
  }
}

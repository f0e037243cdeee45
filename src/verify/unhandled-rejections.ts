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

  /** Those of this work do not count. */
  async passOver(work: () => Promise<void>): Promise<void> {
    await allTold();
    const count = this.#reasons.length;
    await work();
    await allTold();
    this.#reasons.length = count;
  }

  /** The first since, as text. */
  async first(): Promise<string | undefined> {
    await allTold();
    return this.#reasons.length === 0 ? undefined : String(this.#reasons[0]);
  }

  close(): void {
    process.off("unhandledRejection", this.#listener);
  }
}

/** Node tells of them when the microtasks are done. */
function allTold(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

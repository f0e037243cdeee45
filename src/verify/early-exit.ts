/** Notices a handler that ends the process: without a word, that would pass for a run in which all claims hold. */

export class EarlyExit {
  /** What is being tested. */
  at = "the first method";
  readonly #listener = (): void => {
    process.stderr.write(`error: a handler ended the process while ${this.at} was tested, and nothing more was\n  help: throw an error, or test a handler that does not call process.exit\n`);
    process.exitCode = 1;
  };

  constructor() {
    process.on("exit", this.#listener);
  }

  close(): void {
    process.off("exit", this.#listener);
  }
}

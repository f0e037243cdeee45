/** Notices that code of the user's ends the process, or waits for what never comes: without a word, that would pass for success. */

export class EarlyExit {
  readonly #listener: () => void;

  /** `says` is asked when the process ends before `close`, which then has this exit code. */
  constructor(says: () => { readonly problem: string; readonly help: string }, exitCode: number) {
    this.#listener = () => {
      const { problem, help } = says();
      process.stderr.write(`error: ${problem}\n  help: ${help}\n`);
      process.exitCode = exitCode;
    };
    process.on("exit", this.#listener);
  }

  close(): void {
    process.off("exit", this.#listener);
  }
}

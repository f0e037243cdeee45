/** A module that Node.js does not take as it is called, and what to do about it. */
export class Unloadable extends Error {
  override readonly name = "Unloadable";
  readonly help: string;

  constructor(reason: string, help: string, cause: unknown) {
    super(reason, { cause });
    this.help = help;
  }
}

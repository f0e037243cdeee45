/** The user's module, or what it gave, cannot be tested as it is. */
export class SubjectError extends Error {
  override readonly name = "SubjectError";
  /** What to do about it. */
  readonly help: string;

  constructor(message: string, help: string, options?: ErrorOptions) {
    super(message, options);
    this.help = help;
  }
}

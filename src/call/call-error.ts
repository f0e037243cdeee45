/** Why a call cannot be made as it was asked for, and what to do about it. */
export class CallError extends Error {
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}

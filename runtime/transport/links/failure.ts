/** Turns the system's errors into sentences that name the address and the remedy. */

/** What each error code of the system means in one situation. */
export type Remedies = Readonly<Record<string, string>>;

/** The error for the caller: `address: sentence`, with the system's error as its cause. A code without a sentence keeps the system's words. */
export function describeFailure(address: string, error: Error, remedies: Remedies): Error {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return new Error(`${address}: ${remedies[code] ?? error.message}`, { cause: error });
}

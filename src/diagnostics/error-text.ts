/** What somebody else's code has thrown, as the end of a sentence. */

/** It may be anything, and need not have a text. */
export function errorText(error: unknown): string {
  try {
    const text = error instanceof Error ? error.message.trim() || error.name : String(error);
    return text.replace(/\.$/, "");
  } catch {
    return "it threw what cannot be shown";
  }
}

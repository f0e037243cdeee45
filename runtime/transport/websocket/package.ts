/** The `ws` package, which is loaded when a WebSocket is first needed. */
import type * as Ws from "ws";

/** Undefined where it is not installed. */
export async function wsPackage(): Promise<typeof Ws | undefined> {
  // Bun and Deno answer to the name with a likeness that lacks what is used here; they have a WebSocket of their own.
  if ("Bun" in globalThis || "Deno" in globalThis) return undefined;
  try {
    return await import("ws");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

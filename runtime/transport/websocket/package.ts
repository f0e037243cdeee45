/** The `ws` package, which is loaded when a WebSocket is first needed. */
import type * as Ws from "ws";

/** Undefined where it is not installed. */
export async function wsPackage(): Promise<typeof Ws | undefined> {
  if (likeness() !== undefined) return undefined;
  try {
    return await import("ws");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Why no WebSocket can be served where the package is undefined, and what to do about it. */
export function whyUnserved(): string {
  const runtime = likeness();
  if (runtime === undefined) return "the package ws is needed to serve WebSockets; npm install ws";
  return `WebSockets cannot be served on ${runtime}, only called; serve them on Node, or listen on tcp:// here`;
}

/** Bun and Deno answer to the name with a likeness that lacks what is used here; they have a WebSocket of their own. */
function likeness(): "Bun" | "Deno" | undefined {
  if ("Bun" in globalThis) return "Bun";
  return "Deno" in globalThis ? "Deno" : undefined;
}

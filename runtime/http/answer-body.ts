/** The body of an answer, as a whole, or not at all. */
import type { IncomingMessage } from "node:http";

/** What is read of a body that nobody wants, so that its connection can be used again: in bytes, and for so long. */
const UNWANTED_BYTES = 64 << 10;
const UNWANTED_MS = 2_000;

/** @throws Error if it is too long, compressed, or does not come to its end. */
export function readWhole(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      response.destroy();
      reject(new Error(why));
    };
    const coding = response.headers["content-encoding"];
    if (coding !== undefined && coding !== "identity") return fail(`the answer is compressed (content-encoding: ${coding}), which nobody asked for`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    response.on("data", (part: Uint8Array) => {
      bytes += part.length;
      if (bytes > maxBytes) return fail(`the answer exceeds ${maxBytes} bytes`);
      parts.push(part);
    });
    response.on("error", () => {});
    response.on("close", () => {
      if (response.complete) resolve(parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts));
      else reject(new Error("the answer was broken off"));
    });
  });
}

/** Reads a little of what is left, and cuts the connection off if that is not all. */
export function leaveAnswer(response: IncomingMessage): void {
  let bytes = 0;
  const cut = setTimeout(() => response.destroy(), UNWANTED_MS).unref();
  response.on("data", (part: Uint8Array) => {
    bytes += part.length;
    if (bytes > UNWANTED_BYTES) response.destroy();
  });
  response.on("error", () => {});
  response.once("close", () => clearTimeout(cut));
  response.resume();
}

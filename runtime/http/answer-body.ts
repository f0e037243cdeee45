/** The body of an answer, as a whole. */
import type { IncomingMessage } from "node:http";

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

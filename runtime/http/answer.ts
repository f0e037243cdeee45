/** Writes what answers a request, as fast as its caller reads. */
import type { ServerResponse } from "node:http";
import { encodeText, JSON_TYPE, LINES_TYPE } from "./encoding.js";
import type { Failure } from "./failure.js";
import { UNCACHED } from "./cache.js";

/** A stream whose first element takes longer begins without it: a failure that comes later stands in the body. */
const FIRST_MS = 1_000;

export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The whole of it. */
export function answer(response: ServerResponse, { status, headers }: AnswerHead, body: Uint8Array | undefined, stallMs: number): void {
  response.writeHead(status, { ...headers, ...(body !== undefined && { "content-length": String(body.length) }) });
  response.end(body);
  const cut = setTimeout(() => response.destroy(), stallMs);
  response.once("close", () => clearTimeout(cut));
}

export function answerFailure(response: ServerResponse, { status, headers, body }: Failure, stallMs: number): void {
  const head = { status, headers: { ...headers, "content-type": JSON_TYPE, "cache-control": UNCACHED } };
  answer(response, head, encodeText(`${JSON.stringify(body)}\n`), stallMs);
}

/**
 * Elements, each of them a line with its end, while they come.
 * @throws what the iterable throws before anything was sent. After that a failure is the last line, `{"$error":{…}}`,
 * behind which the connection breaks: nobody may take a part for the whole.
 */
export async function answerLines(
  response: ServerResponse,
  elements: AsyncIterable<Uint8Array>,
  stallMs: number,
  failureOf: (error: unknown) => Failure,
): Promise<void> {
  const begin = (): void => {
    // Nginx holds answers back unless it is told not to.
    if (!response.headersSent) response.writeHead(200, { "content-type": LINES_TYPE, "cache-control": UNCACHED, "x-accel-buffering": "no" }).flushHeaders();
  };
  const late = setTimeout(begin, FIRST_MS);
  try {
    for await (const element of elements) {
      begin();
      if (!response.write(element)) await drained(response, stallMs);
    }
    begin();
    response.end();
  } catch (error) {
    if (!response.headersSent) throw error;
    const line = encodeText(`${JSON.stringify({ $error: failureOf(error).body })}\n`);
    response.write(line, () => response.socket?.end());
  } finally {
    clearTimeout(late);
  }
}

/** Resolves when there is room again, or nobody there any more, which whoever reads the elements learns by the signal. */
function drained(response: ServerResponse, stallMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => response.destroy(), stallMs);
    const over = (): void => {
      clearTimeout(cut);
      response.off("drain", over).off("close", over);
      resolve();
    };
    response.on("drain", over).on("close", over);
  });
}

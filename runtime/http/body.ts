/** The body of a request, as a whole or line by line, within bounds of size and time. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Refusal } from "./failure.js";

/** What is read of a body that nobody wants, so that its sender gets to read the answer: in bytes, and for so long. */
const UNWANTED_BYTES = 1 << 20;
const UNWANTED_MS = 2_000;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface BodyBounds {
  readonly maxBytes: number;
  /** For the whole, or between two parts of one that comes in lines; in milliseconds. */
  readonly patienceMs: number;
}

export function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** @throws Refusal if it is too long, comes too slowly, or is compressed. */
export async function wholeBody(request: IncomingMessage, response: ServerResponse, bounds: BodyBounds): Promise<Uint8Array> {
  const { maxBytes } = bounds;
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLong("body", maxBytes);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of partsOf(request, response, bounds.patienceMs, "whole")) {
    bytes += part.length;
    if (bytes > maxBytes) throw tooLong("body", maxBytes);
    parts.push(part);
  }
  return parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts);
}

/** The lines, without their ends; empty ones are left out. @throws as `wholeBody`, of each line. */
export async function* linesOfBody(request: IncomingMessage, response: ServerResponse, bounds: BodyBounds): AsyncGenerator<Uint8Array, undefined> {
  const { maxBytes } = bounds;
  let begun: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of partsOf(request, response, bounds.patienceMs, "part")) {
    let from = 0;
    for (let at = part.indexOf(NEWLINE); at >= 0; at = part.indexOf(NEWLINE, from)) {
      if (bytes + at - from > maxBytes) throw tooLong("line", maxBytes);
      const line = withoutReturn(Buffer.concat([...begun, part.subarray(from, at)]));
      [begun, bytes, from] = [[], 0, at + 1];
      if (line.length > 0) yield line;
    }
    begun.push(part.subarray(from));
    bytes += part.length - from;
    if (bytes > maxBytes) throw tooLong("line", maxBytes);
  }
  const last = withoutReturn(Buffer.concat(begun));
  if (last.length > 0) yield last;
  return undefined;
}

/** Reads a little of what is left, and cuts the connection off if that is not all: to be called behind the answer. */
export function leaveBody(request: IncomingMessage): void {
  if (!hasBody(request.headers) || request.complete || request.destroyed) return;
  let bytes = 0;
  const { socket } = request;
  const cut = setTimeout(() => socket.destroy(), UNWANTED_MS);
  request.on("data", (part: Uint8Array) => {
    bytes += part.length;
    if (bytes > UNWANTED_BYTES) socket.destroy();
  });
  for (const event of ["end", "close"]) request.once(event, () => clearTimeout(cut));
  request.resume();
}

async function* partsOf(request: IncomingMessage, response: ServerResponse, patienceMs: number, of: "whole" | "part"): AsyncGenerator<Uint8Array, undefined> {
  const coding = request.headers["content-encoding"];
  if (coding !== undefined && coding !== "identity") {
    throw new Refusal(415, "INVALID_ARGUMENT", `the body is compressed (content-encoding: ${coding}), and is taken as it is only`, { "accept-encoding": "identity" });
  }
  if (request.headers.expect !== undefined) response.writeContinue();
  let late = false;
  const patience = setTimeout(() => {
    late = true;
    // The request itself stays: its connection is needed for the answer.
    wake?.();
  }, patienceMs);
  let wake: (() => void) | undefined;
  const arrived = (): void => wake?.();
  for (const event of ["readable", "end", "close", "error"]) request.on(event, arrived);
  try {
    for (;;) {
      const part = request.read() as Uint8Array | null;
      if (part !== null) {
        if (of === "part") patience.refresh();
        yield part;
      } else if (request.complete && request.readableEnded) return undefined;
      else if (request.destroyed) throw new Error("the request was broken off");
      else await new Promise<void>((resolve) => (wake = resolve));
      if (late) throw new Refusal(408, "DEADLINE_EXCEEDED", `the body did not come within ${patienceMs} ms`);
    }
  } finally {
    clearTimeout(patience);
    for (const event of ["readable", "end", "close", "error"]) request.off(event, arrived);
  }
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

function tooLong(what: string, maxBytes: number): Refusal {
  return new Refusal(413, "RESOURCE_EXHAUSTED", `a ${what} of the request exceeds ${maxBytes} bytes (\`limits.maxMessageBytes\` of \`serve\`)`);
}

/** The JSON of a call: on the command line, in a file, or from the standard input as it comes. */
import { CallError } from "../../call/call-error.js";
import { jsonLines, parseJson } from "../../call/json-text.js";
import type { Stub } from "../../call/stub.js";
import { locate } from "../../diagnostics/finding.js";
import type { Host } from "../host.js";
import { readElsewhere } from "../value-bytes.js";

/**
 * What the stub takes: parameters, or an iterable of requests that ends when the signal aborts.
 * @throws CallError if there is no such JSON, or it is none of the method's; of a stream from the standard input, the iterable does.
 */
export async function requestOf(stub: Stub, text: string | undefined, host: Host, until: AbortSignal): Promise<unknown> {
  if (stub.kind === "unary" || stub.kind === "serverStream") return request(stub, await wholeText(text ?? "{}", host), "this");
  if (text === undefined || text === "-") return requests(stub, host.stdin(until));
  const all: unknown[] = [];
  for await (const each of requests(stub, [Buffer.from(await wholeText(text, host))])) all.push(each);
  return all;
}

async function wholeText(text: string, host: Host): Promise<string> {
  const read = await readElsewhere(text, host);
  if (read === undefined) return text;
  if ("diagnostic" in read) throw new CallError(locate(read.diagnostic, () => undefined).message);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(read.bytes);
  } catch {
    throw new CallError(`${read.name} is not valid UTF-8`);
  }
}

async function* requests(stub: Stub, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<unknown, undefined> {
  for await (const { line, text } of jsonLines(chunks)) yield request(stub, text, `line ${line}`);
  return undefined;
}

function request(stub: Stub, text: string, what: string): unknown {
  try {
    return stub.request(parseJson(text));
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    throw new CallError(`${what} is no request of ${stub.method.path}: ${error.message}`, error.help);
  }
}

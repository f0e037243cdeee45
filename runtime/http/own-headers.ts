/** Which headers of a request are the call's own, and which are HTTP's. */
import type { IncomingHttpHeaders } from "node:http";
import { Refusal } from "./failure.js";

export const KEY = "idempotency-key";

/** What is HTTP's own: of one hop, of the body, or of caches. All else is the handler's. */
const OF_HTTP: ReadonlySet<string> = new Set([
  "accept",
  "accept-charset",
  "accept-encoding",
  "cache-control",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "expect",
  "host",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "keep-alive",
  "max-forwards",
  "origin",
  "pragma",
  "proxy-authorization",
  "proxy-connection",
  "range",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "upgrade-insecure-requests",
  "via",
]);

export function isOfHttp(name: string): boolean {
  return OF_HTTP.has(name) || name === KEY || name.startsWith("access-control-") || name.startsWith("sec-");
}

/** @param known those that begin with "rpc-" and mean something here. @throws Refusal for one that does not. */
export function ownHeaders(headers: IncomingHttpHeaders, known: readonly string[]): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || isOfHttp(name)) continue;
    if (!name.startsWith("rpc-")) own[name] = Array.isArray(value) ? value.join(", ") : value;
    else if (!known.includes(name)) {
      const message = `the header "${name}" is none of ours; there are ${[...known, KEY].join(", ").replace(/, ([^,]*)$/, " and $1")}`;
      throw new Refusal(400, "INVALID_ARGUMENT", message);
    }
  }
  return own;
}

/** What the headers of a request say of its call: how long it may take, by which key it is known, and what its handler sees. */
import type { IncomingHttpHeaders } from "node:http";
import { PARENT, type CallOptions, type ParentCall } from "../rpc/call-options.js";
import { rankOf, type Criticality, NORMAL } from "../rpc/criticality.js";
import type { AnyMethod } from "../rpc/descriptor.js";
import { isGuarded } from "../rpc/fence.js";
import { NO_HEADERS } from "../rpc/headers.js";
import { readIdempotencyKey } from "../rpc/idempotency-key.js";
import { messageOf } from "../rpc/errors.js";
import { Refusal } from "./failure.js";

const TIMEOUT = "rpc-timeout-ms";
const CRITICALITY = "rpc-criticality";
const KEY = "idempotency-key";

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

/** @throws Refusal that names the header and what is wrong with it. */
export function termsOf(headers: IncomingHttpHeaders, method: AnyMethod, wall: number): CallOptions {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || OF_HTTP.has(name) || name === KEY || name.startsWith("access-control-") || name.startsWith("sec-")) continue;
    if (!name.startsWith("rpc-")) own[name] = Array.isArray(value) ? value.join(", ") : value;
    else if (name !== TIMEOUT && name !== CRITICALITY) {
      throw refused(`the header "${name}" is none of ours; there are ${TIMEOUT}, ${CRITICALITY} and ${KEY}`);
    }
  }
  return {
    headers: own,
    timeoutMs: timeoutOf(headers[TIMEOUT]),
    criticality: criticalityOf(headers[CRITICALITY]),
    [PARENT]: keyedBy(headers[KEY], method, wall),
  };
}

function timeoutOf(text: string | string[] | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (typeof text === "string" && /^\d{1,10}$/.test(text)) return Number(text);
  throw refused(`"${TIMEOUT}: ${String(text)}" is no number of milliseconds`);
}

function criticalityOf(text: string | string[] | undefined): Criticality | undefined {
  if (text === undefined) return undefined;
  try {
    rankOf(text as Criticality, undefined);
  } catch (error) {
    throw refused(`"${CRITICALITY}": ${messageOf(error)}`);
  }
  return text as Criticality;
}

/**
 * Who sends a request again under its key makes the same call, as a handler does that runs again: by the key the server
 * knows it, and by the key's age whether it would have to know it.
 */
function keyedBy(given: string | string[] | undefined, method: AnyMethod, wall: number): ParentCall | undefined {
  // What may run again needs no key.
  if (given === undefined || !isGuarded(method.semantics)) return undefined;
  if (method.kind !== "unary") throw refused(`"${KEY}": no record is kept of ${method.path}, which has streams; leave the key out`);
  const text = String(given).replace(/^"(.*)"$/, "$1");
  try {
    const { bytes, ageMs } = readIdempotencyKey(text, wall);
    return {
      remainingMs: () => Infinity,
      headers: NO_HEADERS,
      hop: 0,
      rank: NORMAL,
      ageMs: () => ageMs,
      childKey: () => bytes,
      aborted: undefined,
      onAbort: () => () => {},
    };
  } catch (error) {
    throw refused(`"${KEY}": ${messageOf(error)}, and so does "uuidgen --time-v7"`);
  }
}

function refused(message: string): Refusal {
  return new Refusal(400, "INVALID_ARGUMENT", message);
}

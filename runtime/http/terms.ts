/** What the headers of a request say of its call: how long it may take, by which key it is known, and what its handler sees. */
import type { IncomingHttpHeaders } from "node:http";
import { PARENT, type CallOptions, type ParentCall } from "../rpc/call-options.js";
import { readIdempotencyKey } from "../rpc/client/idempotency-key.js";
import { rankOf, type Criticality, NORMAL } from "../rpc/criticality.js";
import type { AnyMethod } from "../rpc/descriptor.js";
import { messageOf } from "../rpc/errors.js";
import { NO_HEADERS } from "../rpc/headers.js";
import { isGuarded } from "../rpc/protocol/fence.js";
import { Refusal } from "./failure.js";
import { KEY, ownHeaders } from "./own-headers.js";

const TIMEOUT = "rpc-timeout-ms";
const CRITICALITY = "rpc-criticality";

/** @throws Refusal that names the header and what is wrong with it. */
export function termsOf(headers: IncomingHttpHeaders, method: AnyMethod, wall: number): CallOptions {
  return {
    headers: ownHeaders(headers, [TIMEOUT, CRITICALITY]),
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

/** Which pages of browsers may call, and what a browser wants to be told of it (CORS). */
import type { IncomingMessage, ServerResponse } from "node:http";
import { allows, type Origins } from "../transport/sockets/origin.js";
import { Refusal } from "./failure.js";

/** For so long a browser need not ask again, in seconds: browsers take no more than this. */
const REMEMBERED_S = 7_200;

/** Sets what every answer to the page has. @throws Refusal for a page that may not call. */
export function admitPage({ headers: { origin } }: IncomingMessage, response: ServerResponse, origins: Origins): void {
  if (origins.length > 0) response.setHeader("vary", "Origin");
  if (origin === undefined) return;
  if (!allows(origins, origin)) {
    throw new Refusal(403, "PERMISSION_DENIED", `pages of ${JSON.stringify(origin)} may not call; add it to \`origins\` of \`serve\``);
  }
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", "etag, retry-after");
  // With "*" anybody's page may call, but as nobody.
  if (origins.includes(origin)) response.setHeader("access-control-allow-credentials", "true");
}

/** What may be done at a path, for who asks by OPTIONS. */
export function tellVerbs({ headers }: IncomingMessage, response: ServerResponse, verbs: readonly string[]): void {
  const list = [...verbs, "OPTIONS"].join(", ");
  response.setHeader("allow", list);
  if (headers["access-control-request-method"] !== undefined && headers.origin !== undefined) {
    response.setHeader("access-control-allow-methods", list);
    const wanted = headers["access-control-request-headers"];
    if (wanted !== undefined) response.setHeader("access-control-allow-headers", wanted);
    response.setHeader("access-control-max-age", String(REMEMBERED_S));
  }
  response.writeHead(204).end();
}

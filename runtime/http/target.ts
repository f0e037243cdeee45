/** What a request line asks for: the path of a method, and for a call by GET its parameters. */
import { jsonOf } from "./content-type.js";
import { encodeText, type Encoding } from "./encoding.js";
import { Refusal } from "./failure.js";
import type { Route } from "./routes.js";

export interface Target {
  readonly path: string;
  readonly query: string | undefined;
}

/** A proxy is asked with the whole address before the path. */
export function splitTarget(url: string): Target {
  const target = url.replace(/^https?:\/\/[^/?]*/i, "");
  const at = target.indexOf("?");
  return at < 0 ? { path: target, query: undefined } : { path: target.slice(0, at), query: target.slice(at + 1) };
}

export interface QueriedMessage {
  readonly message: Uint8Array;
  readonly encoding: Encoding;
}

const NAMES: ReadonlySet<string> = new Set(["message", "encoding"]);
/** What may stand behind the base64url. Only at its place: to look for it from everywhere would take time with the square of a hostile length. */
const PADDING = /^={0,2}$/;
const ENCODINGS = ["json", "x-rpcgen"];

/**
 * `?message={…}`, percent-encoded JSON; or `?encoding=x-rpcgen&message=…`, bytes in base64url. Without a message there are no parameters.
 * @throws Refusal that says what is wrong with it.
 */
export function messageOfQuery(query: string | undefined, route: Route): QueriedMessage {
  const given = new URLSearchParams(query);
  for (const name of given.keys()) {
    if (!NAMES.has(name)) throw refused(`the query has ${JSON.stringify(name)}; parameters stand in message={…}, as JSON`);
    if (given.getAll(name).length > 1) throw refused(`the query has ${name} twice`);
  }
  const encoding = given.get("encoding") ?? "json";
  const message = given.get("message") ?? "";
  if (encoding === "json") return { message: encodeText(message), encoding: jsonOf(route) };
  if (encoding !== "x-rpcgen" || route.method.kind !== "unary") {
    throw refused(`the query has the encoding ${JSON.stringify(encoding)}; there is ${route.method.kind === "unary" ? ENCODINGS.join(" and ") : "json"}`);
  }
  const bytes = Buffer.from(message, "base64url");
  const canonical = bytes.toString("base64url");
  if (!message.startsWith(canonical) || !PADDING.test(message.slice(canonical.length))) throw refused("the message of the query is not base64url");
  return { message: bytes, encoding: route.binary };
}

function refused(message: string): Refusal {
  return new Refusal(400, "INVALID_ARGUMENT", message);
}

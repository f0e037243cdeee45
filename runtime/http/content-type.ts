/** Which encoding a body is in, by its type. */
import type { AnyMethod } from "../rpc/descriptor.js";
import { BINARY_TYPE, JSON_TYPE, LINES_TYPE, type Encoding } from "./encoding.js";
import { Refusal } from "./failure.js";
import type { Route } from "./routes.js";

/** What others call a body of one JSON value a line. */
const LINES_TYPES: ReadonlySet<string> = new Set([LINES_TYPE, "application/x-ndjson", "application/x-jsonlines"]);

/** The encoding of a body whose requests are a stream or not. @throws Refusal for a type that the method does not take. */
export function encodingOf(route: Route, contentType: string | undefined, ofStream: boolean): Encoding {
  const type = mediaType(contentType);
  const { method } = route;
  if (ofStream) {
    if (LINES_TYPES.has(type)) return jsonOf(route);
    throw unsupported(method, contentType, LINES_TYPE);
  }
  if (type === JSON_TYPE) return jsonOf(route);
  if (type === BINARY_TYPE && method.kind === "unary") return route.binary;
  throw unsupported(method, contentType, method.kind === "unary" ? `${JSON_TYPE}, ${BINARY_TYPE}` : JSON_TYPE);
}

/** @throws Refusal where nothing is known of the method's JSON. */
export function jsonOf({ json, method }: Route): Encoding {
  if (json !== undefined) return json;
  throw new Refusal(415, "UNIMPLEMENTED", `${method.path} takes no JSON: its service was not made by generated code that knows it`);
}

function mediaType(contentType: string | undefined): string {
  return (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function unsupported({ path }: AnyMethod, contentType: string | undefined, taken: string): Refusal {
  const sent = contentType === undefined ? "without a content-type" : `of the type ${JSON.stringify(contentType)}`;
  const remedy = `curl -H 'content-type: ${taken.split(",", 1)[0] ?? ""}'`;
  return new Refusal(415, "INVALID_ARGUMENT", `${path} takes ${taken}, and the body is ${sent}; with curl: ${remedy}`, { "accept-post": taken });
}

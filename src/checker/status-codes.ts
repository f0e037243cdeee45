/** The sixteen status codes of gRPC and Connect that an error may have, and the reading of `@code`. */
import type { Collector } from "../diagnostics/collector.js";
import { closest } from "../diagnostics/did-you-mean.js";
import type { Applied } from "./read-annotations.js";
import { showLiteral } from "./values.js";

const statusCodes: readonly string[] = [
  ...[
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
  ],
  ...[
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
  ],
];

const defaultCode = "FAILED_PRECONDITION";

/** The code that an error states, or the default. */
export function statusCodeOf(applied: Applied): string {
  const literal = applied.builtIn.get("code")?.literals.get("code");
  if (literal?.kind === "name") return literal.name.text;
  return literal?.kind === "string" ? literal.value : defaultCode;
}

export function checkStatusCode(applied: Applied, found: Collector): void {
  const literal = applied.builtIn.get("code")?.literals.get("code");
  if (literal === undefined) return;
  const isWord = literal.kind === "name" || literal.kind === "string";
  const code = isWord ? statusCodeOf(applied) : showLiteral(literal);
  if (isWord && statusCodes.includes(code)) return;
  const suggestion = closest(code, statusCodes);
  found.report("RPC2114", literal.span, {
    code,
    codes: statusCodes.join(", "),
    ...(suggestion !== undefined && { suggestion }),
  });
}

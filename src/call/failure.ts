/** A failed call as its caller should know it: what went wrong, and whether it may have run. */
import type { RpcError } from "@rpcgen/runtime";
import { jsonText } from "./json-text.js";

const EXECUTED: Readonly<Record<RpcError["executed"], string>> = {
  no: "no, the handler has not run",
  yes: "yes, the handler ran",
  unknown: "unknown, the handler may have run",
};

/** Whether it is one of whichever copy of the runtime. */
export function isRpcError(error: unknown): error is RpcError {
  return error instanceof Error && "code" in error && "executed" in error;
}

/** `details` are the fields of a declared error. */
export function failureText(error: RpcError, details: unknown): string {
  const { code, reason, errorName, message, executed, attempts, callId, retryAfterMs } = error;
  const words = [reason, errorName].filter((word) => word !== undefined);
  const title = [code, ...words].filter((word) => word !== message).join(", ");
  const lines = [`error: ${title}${message === code ? "" : `: ${message}`}`];
  if (details !== undefined) lines.push(`  details: ${jsonText(details)}`);
  lines.push(`  executed: ${EXECUTED[executed]}`);
  if (attempts > 0) lines.push(`  call: ${callId}, ${attempts} ${attempts === 1 ? "attempt" : "attempts"}`);
  if (retryAfterMs !== undefined) lines.push(`  retry: ${retryAfterMs < 0 ? "not asked for" : `after ${retryAfterMs} ms`}`);
  if (code === "UNAUTHENTICATED") lines.push("  help: say who you are with --header KEY=VALUE, or with --cert and --key");
  return `${lines.join("\n")}\n`;
}

export function failureJson(error: RpcError, details: unknown): Record<string, unknown> {
  const { code, reason, errorName, message, executed, attempts, callId, retryAfterMs } = error;
  return {
    code,
    ...(reason !== undefined && { reason }),
    ...(errorName !== undefined && { name: errorName }),
    message,
    ...(details !== undefined && { details }),
    executed,
    attempts,
    ...(attempts > 0 && { callId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Who calls, before anything of the call is looked up: shared by calls and by questions about them. */
import type { Peer } from "../../transport/transport.js";
import { RpcError } from "../errors.js";
import type { Headers } from "../headers.js";
import { principalText } from "./principal.js";
import type { ServerHost } from "./server-host.js";

/** @throws RpcError that refuses the call; it says no more than `authenticate` wants told. */
export async function principalOf(
  host: ServerHost,
  headers: Headers,
  peer: Peer,
  report: (error: unknown) => void,
): Promise<unknown> {
  try {
    return await host.authenticate?.(headers, peer);
  } catch (error) {
    throw refusalOf(error, report);
  }
}

/** What was thrown may throw itself when it is looked at, as a revoked proxy does. */
function refusalOf(error: unknown, report: (error: unknown) => void): RpcError {
  try {
    if (error instanceof RpcError) {
      const { code, message, reason, retryAfterMs } = error;
      return new RpcError({ code, message, reason, retryAfterMs });
    }
    report(error);
  } catch (unfit) {
    report(unfit);
  }
  return unrecognised();
}

/**
 * The name under which records of the caller's calls are kept.
 * @throws RpcError that refuses the call, if there is none.
 */
export function recordsName(principal: unknown, report: (error: unknown) => void): string {
  try {
    return principalText(principal);
  } catch (error) {
    report(error);
    throw unrecognised();
  }
}

function unrecognised(): RpcError {
  return new RpcError({ code: "UNAUTHENTICATED", message: "the caller was not recognised" });
}

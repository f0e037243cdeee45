/** Who calls, before anything of the call is looked up: shared by calls and by questions about them. */
import { RpcError } from "./errors.js";
import type { Headers } from "./headers.js";
import type { ServerHost } from "./server-host.js";
import type { Peer } from "../transport/transport.js";

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
  return new RpcError({ code: "UNAUTHENTICATED", message: "the caller was not recognised" });
}

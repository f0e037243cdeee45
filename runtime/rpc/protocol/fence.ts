/** Which server may be sent a guarded call, and which may be sent it again. */
import type { AnyMethod, Semantics } from "../descriptor.js";
import { RpcError } from "../errors.js";
import type { RemoteMethod } from "./handshake.js";

/** A server as far as the fate of a call depends on it. */
export interface ServerIdentity {
  readonly instance: string;
  readonly storeId: string | undefined;
  /** How long it keeps outcomes, in milliseconds; undefined: not at all. */
  readonly retentionMs: number | undefined;
}

/** What clocks, networks and waits between attempts may add to a call's own time. */
const MARGIN_MS = 60_000;

/** For how long after its first attempt a call may be asked for, where its outcome is kept for so long. */
export function askableMs(retentionMs: number): number {
  return retentionMs - Math.min(MARGIN_MS, retentionMs / 2);
}

/** Whether a server that keeps the promise of `semantics` keeps records of calls. */
export function isGuarded(semantics: Semantics | undefined): boolean {
  return semantics === "atMostOnce" || semantics === "exactlyOnce";
}

/** Why a guarded call must not even be sent: the server would not keep its promise for as long as the call may take. */
export function breachOf(
  method: AnyMethod,
  remote: RemoteMethod,
  server: ServerIdentity,
  timeoutMs: number,
): RpcError | undefined {
  if (method.semantics === "exactlyOnce" && (server.storeId === undefined || remote.semantics !== "exactlyOnce")) {
    return refusal(`${method.path} is @exactlyOnce here, and the server keeps no completions of it`);
  }
  if (server.retentionMs === undefined) return undefined;
  const most = askableMs(server.retentionMs);
  if (timeoutMs <= most) return undefined;
  return refusal(`the server keeps outcomes for ${server.retentionMs} ms, so ${method.path} needs a deadline of at most ${most} ms`);
}

/** Why a `@failStop` call must not be sent: the server would run it in any order. */
export function orderBreach(method: AnyMethod, remote: RemoteMethod, server: ServerIdentity): RpcError | undefined {
  if (remote.semantics !== "failStop") {
    return refusal(`${method.path} is @failStop here and @${remote.semantics ?? "something else"} on the server`);
  }
  return server.retentionMs === undefined ? refusal(`${method.path} is @failStop, and the server keeps no sessions`) : undefined;
}

/**
 * Why a call of which an attempt may have come to `first` must not be sent to `next`.
 * @param loss how the first was lost, if that was seen.
 */
export function fencedOff(method: AnyMethod, first: ServerIdentity, next: ServerIdentity, loss?: Error): RpcError | undefined {
  if (first.instance === next.instance) return undefined;
  if (method.semantics !== "exactlyOnce") {
    const how = loss === undefined ? "" : `: ${loss.message}`;
    const message = `the server that the call was sent to is gone, and another cannot know what became of it${how}`;
    return new RpcError({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message, cause: loss });
  }
  if (first.storeId !== undefined && first.storeId === next.storeId) return undefined;
  const message = `the call may have committed in the store ${first.storeId}, and this server has ${next.storeId}`;
  return new RpcError({ reason: "FENCED", executed: "unknown", message });
}

function refusal(message: string): RpcError {
  return new RpcError({ code: "FAILED_PRECONDITION", executed: "no", message });
}

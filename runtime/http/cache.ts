/** For how long caches on the way may keep what a call by GET answered: not at all, unless its handler says so. */
import { createHash } from "node:crypto";
import type { Context } from "../rpc/context.js";
import type { Peer } from "../transport/transport.js";

interface Policy {
  /** A handler that goes on when its call is over must not speak for the next one. */
  readonly callId: string;
  readonly directives: string;
}

/** By the peer of the context, which has one call at a time. */
const policies = new WeakMap<Peer, Policy>();

export const UNCACHED = "no-store";

/** Visible characters, and blanks between them. */
const FORM = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Says what caches may do with the answer of a `@readonly` call that came as a GET, in the words of the header
 * `Cache-Control`: `cacheControl(ctx, "public, max-age=60")`. Any other call, and one that fails, is never kept;
 * there it has no effect.
 * @throws TypeError for what cannot be the value of a header.
 */
export function cacheControl(ctx: Pick<Context, "peer" | "callId">, directives: string): void {
  if (!FORM.test(directives)) throw new TypeError(`cacheControl: ${JSON.stringify(directives)} is no value of Cache-Control, such as "public, max-age=60"`);
  policies.set(ctx.peer, { callId: ctx.callId, directives });
}

export function policyOf(peer: Peer, callId: string): string {
  const policy = policies.get(peer);
  return policy?.callId === callId ? policy.directives : UNCACHED;
}

/** The same for the same bytes, whichever server answers. */
export function entityTag(body: Uint8Array): string {
  return `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
}

/** Whether the caller has the answer already, by its `If-None-Match`. */
export function isKnown(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(",").some((known) => ["*", tag].includes(known.trim().replace(/^W\//, "")));
}

/** Bounds of time that let a storm be over soon. */
import type { Limits } from "../../runtime/rpc/limits.js";

export const IMPATIENCE: Partial<Limits> = { keepaliveMs: 500, keepaliveTimeoutMs: 500, stallMs: 1_500, handshakeMs: 1_000, leaseMs: 1_000 };

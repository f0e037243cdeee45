/** How long to wait before the next attempt to connect, after some have failed. */
import type { Random } from "../random.js";

interface Pace {
  readonly firstMs: number;
  readonly capMs: number;
}

/** gRPC's connection backoff. */
const NETWORK: Pace = { firstMs: 1_000, capMs: 120_000 };
/** Who is gone within a host is being restarted, and nobody is harmed by looking often. */
const INTRA_HOST: Pace = { firstMs: 80, capMs: 2_000 };
const GROWTH = 1.6;
const JITTER = 0.2;

/** @param failures attempts in a row that failed: after none, the next is made at once. */
export function reconnectDelayMs(failures: number, intraHost: boolean, random: Random): number {
  if (failures === 0) return 0;
  const pace = intraHost ? INTRA_HOST : NETWORK;
  const delay = Math.min(pace.capMs, pace.firstMs * GROWTH ** (failures - 1));
  return delay * (1 - JITTER + 2 * JITTER * random.fraction());
}

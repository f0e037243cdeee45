/** What all processes of this host have in common since it was started. */
import { readFileSync } from "node:fs";

/**
 * Linux alone has such a thing at a place that everyone may read; elsewhere nobody is led to a nearer path. Containers of
 * one kernel share it: whether they share a file as well, connecting shows.
 */
export function hostIdentity(): Uint8Array | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id");
  } catch {
    return undefined;
  }
}

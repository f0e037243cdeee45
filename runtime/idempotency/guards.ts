/** Which guard keeps which promise: the one table. */
import type { MakeGuards } from "../rpc/guard.js";
import { MemoryGuard } from "./memory-guard.js";

export const guards: MakeGuards = ({ limits, timers }) => {
  const memory = new MemoryGuard(limits, timers);
  return {
    of: { atMostOnce: memory },
    retentionMs: limits.recordRetentionMs,
    storeId: undefined,
    close: () => memory.close(),
  };
};

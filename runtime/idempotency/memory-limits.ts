/** What of a server's limits bounds the records that it keeps in memory. */
import type { ServerLimits } from "../rpc/server/server-limits.js";

export type MemoryLimits = Pick<
  ServerLimits,
  | "recordRetentionMs"
  | "keyedRetentionMs"
  | "maxOutcomeBytes"
  | "maxClientRecordBytes"
  | "maxKeyedRecordBytes"
  | "maxRecordBytes"
  | "maxTwins"
  | "retryAfterMs"
>;

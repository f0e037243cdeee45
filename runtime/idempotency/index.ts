/** What users of the runtime may import of the keeping of completions. */
export {
  CommitRefused,
  CommitUnknown,
  CompletionExists,
  StoreUnavailable,
  type Completion,
  type CompletionKey,
  type CompletionOutcome,
  type CompletionStore,
  type StoreTransaction,
} from "./completion-store.js";
export { memoryStore, type MemoryStore, type MemoryStoreOptions } from "./memory-store.js";
export type { KeyRange, MemoryTransaction } from "./memory-transaction.js";

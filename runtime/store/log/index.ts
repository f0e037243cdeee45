/**
 * `@rpcgen/runtime/store/log`: the durable store that needs nothing but a folder. Completions and the user's own data stand
 * in an append-only log that is synced before a call is answered.
 */
import { checkNames, type NamesOf } from "../../wire/known-names.js";
import type { FileSystem } from "./file-system.js";
import { LogStore } from "./log-store.js";
import { nodeFileSystem } from "./node-file-system.js";
import { recover } from "./recovery.js";

export { type FileSystem, FolderInUse, type FolderLock, type LogFile, StoreCorrupt } from "./file-system.js";
export type { KeyRange, KeyValue, KeyValueTransaction } from "./key-value.js";
export type { LogStore } from "./log-store.js";
export { logOutbox, type LogOutboxEntry, type LogOutboxOptions } from "./log-outbox.js";

export interface LogStoreOptions {
  /** How long a completion is kept that its client does not acknowledge, in milliseconds. Default: 24 hours. */
  readonly retentionMs?: number;
  /** The logs are compacted when they are longer than this, in bytes, and than the data itself. Default: 16 MiB. */
  readonly compactBytes?: number;
  /** Milliseconds: the store's time, by which the retention is counted. Default: one that no setting of the machine's clock changes. */
  readonly now?: () => number;
  /** Told when a compaction fails that nobody asked for. The store goes on; the logs keep growing. What it throws is lost. Default: a process warning. */
  readonly onError?: (error: Error) => void;
  /** Default: that of the host. Give another to tests. */
  readonly fileSystem?: FileSystem;
}

const NAMES: NamesOf<LogStoreOptions> = { retentionMs: 0, compactBytes: 0, now: 0, onError: 0, fileSystem: 0 };

const DAY_MS = 24 * 60 * 60 * 1_000;
const COMPACT_BYTES = 16 * 1024 * 1024;

/**
 * Opens the store in a folder, which is made if it does not exist. All its data is read into memory, where it stays while
 * the store is open.
 * @throws TypeError for an unknown option; FolderInUse while another process has it open; StoreCorrupt if data that was durable cannot be read.
 */
export async function openLogStore(folder: string, options: LogStoreOptions = {}): Promise<LogStore> {
  checkNames("openLogStore", options, NAMES);
  const { fileSystem = nodeFileSystem } = options;
  await fileSystem.makeFolder(folder);
  const lock = await fileSystem.lock(folder);
  try {
    const recovered = await recover(fileSystem, folder);
    return new LogStore({ fileSystem, folder, storeId: recovered.storeId, lock }, recovered, {
      retentionMs: options.retentionMs ?? DAY_MS,
      compactBytes: options.compactBytes ?? COMPACT_BYTES,
      now: options.now,
      onError: options.onError ?? ((error) => process.emitWarning(error)),
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

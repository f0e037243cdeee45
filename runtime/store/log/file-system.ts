/**
 * What the log needs of a file system, and what it takes each call to mean. Tests stand in others: one that forgets what
 * was not synced, one that fails at a chosen call.
 */

/** An open file. A call that rejects leaves it unknown what reached the file. */
export interface LogFile {
  /** In bytes, of which not all may be durable. */
  size(): Promise<number>;
  /** Up to `length` bytes from `position`; fewer where the file ends. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Writes all of `bytes` at `position`, which may be the end. Others see them at once; a power failure may keep any part. */
  write(position: number, bytes: Uint8Array): Promise<void>;
  /** Resolves when everything written so far, and the size, will outlive a power failure: fdatasync. */
  sync(): Promise<void>;
  /** Shortens the file; durable with the next `sync`. */
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** The right to a folder, against every other process. */
export interface FolderLock {
  /**
   * Whether it is still ours, asked before anything is written, and after each sync, before anyone is told of it. Another process takes it only from an owner that it
   * believes to be gone, and reads the log only then: what was synced while this said true, it reads.
   */
  held(): boolean;
  release(): Promise<void>;
}

export interface FileSystem {
  /** Makes the folder, and those above it, durably. It may exist. */
  makeFolder(folder: string): Promise<void>;
  /** Names of the entries. */
  list(folder: string): Promise<string[]>;
  /** A new, empty file in place of any other. Its name is durable with `syncFolder`. */
  create(path: string): Promise<LogFile>;
  /** An existing file, to read and to write. */
  open(path: string): Promise<LogFile>;
  /** Replaces what has the new name. Atomic for every reader; durable with `syncFolder`. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Resolves when the names in the folder, as they are, will outlive a power failure. */
  syncFolder(folder: string): Promise<void>;
  /** @throws FolderInUse while another process has it. */
  lock(folder: string): Promise<FolderLock>;
  /** Resolves when everyone who is ready to run has run: what they write joins the same sync. */
  turn(): Promise<void>;
}

/** Another process has the store open. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

/** What is on the disk is not what was written there. */
export class StoreCorrupt extends Error {
  override readonly name = "StoreCorrupt";
}

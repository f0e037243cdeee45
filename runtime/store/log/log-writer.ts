/**
 * Brings records to the disk. Whatever waits while one sync runs shares the next: the more transactions there are at a
 * time, the more commits a sync carries.
 */
import { CommitUnknown, StoreUnavailable } from "../../idempotency/completion-store.js";
import { encodeHeader, fileName, FILE_HEADER } from "./file-header.js";
import type { FileSystem, FolderLock, LogFile } from "./file-system.js";
import { encodeOperations, type Operation } from "./operation.js";
import { encodeRecord } from "./record.js";

/** What nobody waits for is written when so much of it has gathered, or with the next commit. */
const LAZY_BYTES = 256 * 1024;

export interface LogPlace {
  readonly fileSystem: FileSystem;
  readonly folder: string;
  readonly storeId: string;
  readonly lock: FolderLock;
}

interface Waiter {
  readonly number: number;
  resolve(): void;
  reject(error: Error): void;
}

export class LogWriter {
  readonly #place: LogPlace;
  #file: LogFile;
  /** Bytes in the file. */
  #size: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Number of the last record that was appended. */
  #last: number;
  /** Number of the last record that is durable. */
  #durable: number;
  #waiters: Waiter[] = [];
  #running: Promise<void> | undefined;
  #rotations: { resolve(base: number): void; reject(error: Error): void }[] = [];
  #failure: Error | undefined;

  constructor(place: LogPlace, file: LogFile, size: number, last: number) {
    this.#place = place;
    this.#file = file;
    this.#size = size;
    this.#last = last;
    this.#durable = last;
  }

  /** Of the file that is written now, with what waits. */
  get size(): number {
    return this.#size + this.#pendingBytes;
  }

  /** Number of the last record. */
  get last(): number {
    return this.#last;
  }

  /** @throws StoreUnavailable after a failure: the disk is not trusted again before the store is opened anew. */
  check(): void {
    if (this.#failure !== undefined) {
      throw new StoreUnavailable(`${this.#failure.message} Close the store and open it again when the cause is gone.`, { cause: this.#failure });
    }
  }

  /**
   * Before whatever changes a file, and before anyone is told of it: who was taken for gone, and is not, must not write over what its
   * successor has written since.
   * @throws Error if another process has the folder.
   */
  checkOwned(): void {
    if (!this.#place.lock.held()) throw new Error("Another process has taken the store over, since this one seemed to be gone");
  }

  /**
   * One record. Durable when `durable` says so.
   * @throws CommitRefused if it is too large; then nothing was appended.
   */
  append(operations: readonly Operation[]): number {
    this.check();
    const record = encodeRecord(this.#last + 1, this.#durable, encodeOperations(operations));
    this.#last += 1;
    this.#pending.push(record);
    this.#pendingBytes += record.length;
    if (this.#pendingBytes > LAZY_BYTES) this.#start();
    return this.#last;
  }

  /**
   * Resolves when the record, and all before it, outlive a power failure.
   * @throws CommitUnknown if it could not be made so: it may stand when the store is opened again, or not.
   */
  durable(number: number): Promise<void> {
    if (number <= this.#durable) return Promise.resolve();
    if (this.#failure !== undefined) return Promise.reject(unknown(this.#failure));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ number, resolve, reject });
      this.#start();
    });
  }

  /**
   * Begins a new file; resolves with the number of the last record of those before it, which are durable then.
   * @throws Error after a failure.
   */
  rotate(): Promise<number> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#rotations.push({ resolve, reject });
      this.#start();
    });
  }

  async close(): Promise<void> {
    // Nobody waits for what is left, or it would not be left: acknowledgements, of which a crash may take as many.
    if (this.#failure === undefined) await this.durable(this.#last).catch(() => {});
    await this.#running;
    await this.#file.close();
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      // Somebody came after the last look.
      if (this.#isWanted) this.#start();
    });
  }

  get #isWanted(): boolean {
    if (this.#failure !== undefined) return false;
    return this.#waiters.length > 0 || this.#rotations.length > 0 || this.#pendingBytes > LAZY_BYTES;
  }

  async #run(): Promise<void> {
    try {
      while (this.#isWanted) {
        await this.#place.fileSystem.turn();
        await this.#flush();
        if (this.#rotations.length > 0) await this.#beginFile();
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  async #flush(): Promise<void> {
    const [batch, bytes, upTo] = [this.#pending, this.#pendingBytes, this.#last];
    if (batch.length === 0) return;
    this.#pending = [];
    this.#pendingBytes = 0;
    const at = this.#size;
    this.#size += bytes;
    this.checkOwned();
    await this.#file.write(at, batch.length === 1 ? (batch[0] as Buffer) : Buffer.concat(batch, bytes));
    await this.#file.sync();
    this.checkOwned();
    this.#durable = upTo;
    const waiting = this.#waiters;
    this.#waiters = waiting.filter(({ number }) => number > upTo);
    for (const { number, resolve } of waiting) if (number <= upTo) resolve();
  }

  async #beginFile(): Promise<void> {
    const base = this.#durable;
    // One without a record is that file already. To make it anew would empty it first, and nothing could be opened without its header.
    if (this.#size > FILE_HEADER) {
      this.checkOwned();
      const file = await beginLog(this.#place, base);
      await this.#file.close();
      this.#file = file;
      this.#size = FILE_HEADER;
    }
    for (const { resolve } of this.#rotations.splice(0)) resolve(base);
  }

  #fail(cause: Error): void {
    this.#failure = new Error(`The store in ${this.#place.folder} could not write (${cause.message}).`, { cause });
    for (const { reject } of this.#waiters.splice(0)) reject(unknown(this.#failure));
    for (const { reject } of this.#rotations.splice(0)) reject(this.#failure);
  }
}

/** An empty log, durable with its name. */
export async function beginLog({ fileSystem, folder, storeId }: Omit<LogPlace, "lock">, base: number): Promise<LogFile> {
  const file = await fileSystem.create(`${folder}/${fileName("log", base)}`);
  await file.write(0, encodeHeader({ kind: "log", storeId, base }));
  await file.sync();
  await fileSystem.syncFolder(folder);
  return file;
}

function unknown(failure: Error): CommitUnknown {
  return new CommitUnknown(`${failure.message} Whether the transaction stands shows when the store is opened again.`, { cause: failure });
}

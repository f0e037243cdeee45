/** Opens what is on the disk: the last snapshot, then the logs behind it, up to where the last one stops being whole. */
import { randomBytes } from "node:crypto";
import { decodeHeader, FILE_HEADER, type FileHeader, fileName, parseFileName } from "./file-header.js";
import { type FileSystem, type LogFile, StoreCorrupt } from "./file-system.js";
import { LogState } from "./log-state.js";
import { beginLog } from "./log-writer.js";
import { decodeOperations, type Operation } from "./operation.js";
import { RecordReader } from "./record-reader.js";

export interface Recovered {
  readonly storeId: string;
  readonly state: LogState;
  /** The log to go on in, open, and how long it is. */
  readonly file: LogFile;
  readonly size: number;
  /** Number of the last record. */
  readonly last: number;
  /** Bytes of all logs, and of the snapshot. */
  readonly logBytes: number;
  readonly snapshotBytes: number;
}

/**
 * The folder must be locked.
 * @throws StoreCorrupt if something durable is not there any more.
 */
export async function recover(fileSystem: FileSystem, folder: string): Promise<Recovered> {
  const names = await fileSystem.list(folder);
  for (const name of names) if (/^\d{16}\.snapshot\.partial$/.test(name)) await fileSystem.remove(`${folder}/${name}`);
  const files = names.map(parseFileName).filter((file) => file !== undefined);
  const run = new Recovery(fileSystem, folder);
  try {
    return await recoverFrom(run, files, fileSystem, folder);
  } catch (error) {
    await run.abandon();
    throw error;
  }
}

async function recoverFrom(run: Recovery, files: readonly Pick<FileHeader, "kind" | "base">[], fileSystem: FileSystem, folder: string): Promise<Recovered> {
  const bases = (kind: FileHeader["kind"]): number[] => files.filter((file) => file.kind === kind).map(({ base }) => base);
  const snapshot = Math.max(-1, ...bases("snapshot"));
  const logs = bases("log").filter((base) => base >= snapshot).sort((a, b) => a - b);
  const newest = logs.at(-1);
  // That of the snapshot was begun before the snapshot had its name.
  if (newest !== undefined && newest !== snapshot && (await run.removeUnbegun(newest))) logs.pop();
  if (snapshot >= 0) await run.readSnapshot(snapshot);
  // Neither is there without the other, but in a new store.
  if (logs[0] !== Math.max(0, snapshot) && (snapshot >= 0 || logs.length > 0)) throw run.corrupt(fileName("log", Math.max(0, snapshot)), "is missing");
  for (const base of logs) await run.readLog(base, base === logs.at(-1));
  // Left by a compaction that was interrupted, and no longer needed.
  for (const { kind, base } of files) if (base < snapshot) await fileSystem.remove(`${folder}/${fileName(kind, base)}`);
  return run.finish();
}

class Recovery {
  readonly #fileSystem: FileSystem;
  readonly #folder: string;
  readonly #state = new LogState();
  #storeId: string | undefined;
  #last = 0;
  #file: LogFile | undefined;
  readonly #open = new Set<LogFile>();
  #size = 0;
  #logBytes = 0;
  #snapshotBytes = 0;

  constructor(fileSystem: FileSystem, folder: string) {
    this.#fileSystem = fileSystem;
    this.#folder = folder;
  }

  async readSnapshot(base: number): Promise<void> {
    const name = fileName("snapshot", base);
    const file = await this.#opened(name);
    const wrong = await this.#readHeader(file, { kind: "snapshot", base });
    if (wrong !== undefined) throw this.corrupt(name, wrong);
    const reader = new RecordReader(file);
    let count = 0;
    let end: Operation | undefined;
    for (let number = 1; ; number++) {
      const record = await reader.next(number);
      if (record === undefined) break;
      for (const operation of this.#decode(name, record.operations)) {
        this.#state.apply(operation);
        if (operation.kind === "end") end = operation;
        else count += 1;
      }
    }
    await this.#close(file);
    if (end?.kind !== "end" || end.count !== count) throw this.corrupt(name, `breaks off at byte ${reader.at}`);
    this.#last = base;
    this.#snapshotBytes = reader.at;
  }

  /**
   * No record is written to a log before its header is durable: one without was being made when the power failed. The
   * log before it is the newest then, which may end in half a record. `#makeDurable` makes the removal last.
   */
  async removeUnbegun(base: number): Promise<boolean> {
    const name = fileName("log", base);
    const file = await this.#opened(name);
    const unbegun = (await file.size()) <= FILE_HEADER && typeof decodeHeader(Buffer.from(await file.read(0, FILE_HEADER))) === "string";
    await this.#close(file);
    if (!unbegun) return false;
    await this.#fileSystem.remove(`${this.#folder}/${name}`);
    return true;
  }

  async readLog(base: number, isLast: boolean): Promise<void> {
    const name = fileName("log", base);
    if (base !== this.#last) throw this.corrupt(name, `follows record ${base}, and record ${this.#last} is the last before it`);
    const file = await this.#opened(name);
    const wrong = await this.#readHeader(file, { kind: "log", base });
    if (wrong !== undefined) throw this.corrupt(name, wrong);
    const proven = await this.#replay(file, name, isLast);
    if (this.#file !== undefined) await this.#close(this.#file);
    this.#file = file;
    if (isLast) await this.#makeDurable(file, proven);
  }

  async finish(): Promise<Recovered> {
    const storeId = (this.#storeId ??= randomBytes(16).toString("hex"));
    // None: a new store, or one that was being made when the power failed.
    this.#file ??= await this.#begin(storeId);
    return {
      storeId,
      state: this.#state,
      file: this.#file,
      size: this.#size,
      last: this.#last,
      logBytes: this.#logBytes,
      snapshotBytes: this.#snapshotBytes,
    };
  }

  /** Nothing is read any more: a folder that is to be restored must not be held open. */
  async abandon(): Promise<void> {
    for (const file of this.#open) await this.#close(file).catch(() => {});
  }

  corrupt(name: string, wrong: string): StoreCorrupt {
    return new StoreCorrupt(`${this.#folder}/${name} ${wrong}. Durable data is lost: restore the folder as a whole from a backup.`);
  }

  async #opened(name: string): Promise<LogFile> {
    const file = await this.#fileSystem.open(`${this.#folder}/${name}`);
    this.#open.add(file);
    return file;
  }

  async #close(file: LogFile): Promise<void> {
    this.#open.delete(file);
    await file.close();
  }

  async #begin(storeId: string): Promise<LogFile> {
    this.#size = FILE_HEADER;
    return beginLog({ fileSystem: this.#fileSystem, folder: this.#folder, storeId }, this.#last);
  }

  /** What is wrong with it, if something is. */
  async #readHeader(file: LogFile, wanted: Omit<FileHeader, "storeId">): Promise<string | undefined> {
    const header = decodeHeader(Buffer.from(await file.read(0, FILE_HEADER)));
    if (typeof header === "string") return header;
    if (header.kind !== wanted.kind || header.base !== wanted.base) return "is another file than its name says";
    this.#storeId ??= header.storeId;
    return header.storeId === this.#storeId ? undefined : "belongs to another store than the files beside it";
  }

  /** Returns where the part begins that no later record proves durable. */
  async #replay(file: LogFile, name: string, isLast: boolean): Promise<number> {
    const reader = new RecordReader(file);
    const unproven: { readonly number: number; readonly at: number }[] = [];
    for (;;) {
      const record = await reader.next(this.#last + 1);
      if (record === undefined) break;
      this.#last = record.number;
      unproven.push({ number: record.number, at: record.at });
      while ((unproven[0]?.number ?? Infinity) <= record.synced) unproven.shift();
      for (const operation of this.#decode(name, record.operations)) this.#state.apply(operation);
    }
    if (reader.at < (await file.size())) {
      const lost = this.#last + 1;
      if (!isLast || (await reader.proofOfLoss(lost)) !== undefined) throw this.corrupt(name, `is damaged at byte ${reader.at}`);
      await file.truncate(reader.at);
    }
    this.#size = reader.at;
    this.#logBytes += reader.at;
    return unproven[0]?.at ?? reader.at;
  }

  /**
   * What was read may stand in the memory of the system alone: the process before this one was killed before its sync,
   * or its sync failed, after which the system takes the bytes for written. So they are written again.
   */
  async #makeDurable(file: LogFile, from: number): Promise<void> {
    if (this.#size > from) await file.write(from, await file.read(from, this.#size - from));
    await file.sync();
    await this.#fileSystem.syncFolder(this.#folder);
  }

  #decode(name: string, bytes: Buffer): Operation[] {
    try {
      return decodeOperations(bytes);
    } catch (error) {
      throw new StoreCorrupt(`${this.#folder}/${name} was written by another version: open it with that. (${(error as Error).message})`, { cause: error });
    }
  }
}

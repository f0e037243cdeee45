/** Reads the records of one file, and tells where they stop being whole. */
import { FILE_HEADER } from "./file-header.js";
import type { LogFile } from "./file-system.js";
import { decodeHead, isWhole, RECORD_HEADER, type RecordHead } from "./record.js";

const WINDOW_BYTES = 1024 * 1024;

export interface ReadRecord extends RecordHead {
  /** Where it begins in the file. */
  readonly at: number;
  readonly operations: Buffer;
}

export class RecordReader {
  readonly #file: LogFile;
  #at = FILE_HEADER;
  /** Bytes of the file from `#at` on, as far as they are read. */
  #window: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(file: LogFile) {
    this.#file = file;
  }

  /** Where the last whole record ended. */
  get at(): number {
    return this.#at;
  }

  /** The next record; undefined at the end of the file, or where there is no whole record of this number. */
  async next(number: number): Promise<ReadRecord | undefined> {
    await this.#fill(RECORD_HEADER);
    const head = decodeHead(this.#window, 0);
    if (head === undefined || head.number !== number) return undefined;
    await this.#fill(RECORD_HEADER + head.length);
    const record = this.#window.subarray(0, RECORD_HEADER + head.length);
    if (!isWhole(record, head)) return undefined;
    const at = this.#at;
    this.#at += record.length;
    this.#window = this.#window.subarray(record.length);
    return { ...head, at, operations: record.subarray(RECORD_HEADER) };
  }

  /**
   * A whole record behind the place where reading stopped that was made when number `lost` was durable: it proves that
   * what cannot be read was, and is lost. None proves nothing: the end was written when the power failed.
   */
  async proofOfLoss(lost: number): Promise<ReadRecord | undefined> {
    // Twice as much each time, since what is there already is copied.
    while (!this.#ended) await this.#fill(2 * this.#window.length + WINDOW_BYTES);
    for (let at = 0; at + RECORD_HEADER <= this.#window.length; at++) {
      const head = decodeHead(this.#window, at);
      if (head === undefined || !(head.synced >= lost) || !(head.synced < head.number)) continue;
      const record = this.#window.subarray(at, at + RECORD_HEADER + head.length);
      if (isWhole(record, head)) return { ...head, at: this.#at + at, operations: record.subarray(RECORD_HEADER) };
    }
    return undefined;
  }

  async #fill(wanted: number): Promise<void> {
    if (this.#ended || this.#window.length >= wanted) return;
    const length = Math.max(WINDOW_BYTES, wanted - this.#window.length);
    const more = Buffer.from(await this.#file.read(this.#at + this.#window.length, length));
    this.#ended = more.length < length;
    this.#window = this.#window.length === 0 ? more : Buffer.concat([this.#window, more]);
  }
}

/**
 * A record: the operations of one commit behind their length and checksum, so that what a power failure left of it is
 * all or nothing.
 *
 *     u32 length of the operations | u32 CRC-32 of all that follows and of the length | f64 number | f64 synced | operations
 *
 * Numbers count the records of a store without a gap. `synced` is the last number that was known to be durable when the record was
 * made: if a record can be read, none up to its `synced` may be missing.
 */
import { crc32 } from "node:zlib";
import { CommitRefused } from "../../idempotency/completion-store.js";

export const RECORD_HEADER = 24;
/** Of the operations of one commit, in bytes. */
const MAX_OPERATIONS = 64 * 1024 * 1024;

export interface RecordHead {
  readonly length: number;
  readonly checksum: number;
  readonly number: number;
  readonly synced: number;
}

/** @throws CommitRefused beyond 64 MiB. */
export function encodeRecord(number: number, synced: number, operations: Uint8Array): Buffer {
  if (operations.length > MAX_OPERATIONS) {
    throw new CommitRefused(`A transaction writes ${operations.length} bytes, and 64 MiB are the most: divide it, or keep large values elsewhere.`);
  }
  const record = Buffer.allocUnsafe(RECORD_HEADER + operations.length);
  record.writeUInt32LE(operations.length, 0);
  record.writeDoubleLE(number, 8);
  record.writeDoubleLE(synced, 16);
  record.set(operations, RECORD_HEADER);
  record.writeUInt32LE(checksumOf(record), 4);
  return record;
}

/** undefined if there are fewer bytes than a head has, or its length cannot be. */
export function decodeHead(bytes: Buffer, at: number): RecordHead | undefined {
  if (bytes.length - at < RECORD_HEADER) return undefined;
  const length = bytes.readUInt32LE(at);
  if (length > MAX_OPERATIONS) return undefined;
  return { length, checksum: bytes.readUInt32LE(at + 4), number: bytes.readDoubleLE(at + 8), synced: bytes.readDoubleLE(at + 16) };
}

/** Whether the record, from its head to its end, is as it was written. */
export function isWhole(record: Buffer, head: RecordHead): boolean {
  return record.length === RECORD_HEADER + head.length && checksumOf(record) === head.checksum;
}

function checksumOf(record: Buffer): number {
  return crc32(record.subarray(8), crc32(record.subarray(0, 4)));
}

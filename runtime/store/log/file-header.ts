/** How every file of a store begins: what it is, whose it is, and behind which record it stands. */
import { crc32 } from "node:zlib";

export const FILE_HEADER = 48;
const MAGIC = Buffer.from("rpcgen\0\n");
const VERSION = 1;

export type FileKind = "log" | "snapshot";
const KINDS: readonly FileKind[] = ["log", "snapshot"];

export interface FileHeader {
  readonly kind: FileKind;
  /** 32 hexadecimal digits. */
  readonly storeId: string;
  /** A log holds the records behind this number; a snapshot, the sum of those up to it. */
  readonly base: number;
}

export function encodeHeader({ kind, storeId, base }: FileHeader): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  MAGIC.copy(header);
  header.writeUInt8(VERSION, 8);
  header.writeUInt8(KINDS.indexOf(kind), 9);
  header.write(storeId, 16, "hex");
  header.writeDoubleLE(base, 32);
  header.writeUInt32LE(crc32(header.subarray(0, FILE_HEADER - 4)), FILE_HEADER - 4);
  return header;
}

/** A word on what is wrong with it instead, if something is. */
export function decodeHeader(header: Buffer): FileHeader | string {
  if (header.length < FILE_HEADER || !header.subarray(0, MAGIC.length).equals(MAGIC)) return "is no file of a store";
  const version = header.readUInt8(8);
  if (version !== VERSION) return `has version ${version} of the format, and this one reads ${VERSION}`;
  const kind = KINDS[header.readUInt8(9)];
  if (kind === undefined || header.readUInt32LE(FILE_HEADER - 4) !== crc32(header.subarray(0, FILE_HEADER - 4))) return "has a damaged header";
  return { kind, storeId: header.toString("hex", 16, 32), base: header.readDoubleLE(32) };
}

const NUMBER_DIGITS = 16;

export function fileName(kind: FileKind, base: number): string {
  return `${String(base).padStart(NUMBER_DIGITS, "0")}.${kind}`;
}

/** The kind and base that a name stands for; undefined for a file that is none of ours. */
export function parseFileName(name: string): Pick<FileHeader, "kind" | "base"> | undefined {
  const match = /^(\d{16})\.(log|snapshot)$/.exec(name);
  return match === null ? undefined : { kind: match[2] as FileKind, base: Number(match[1]) };
}

/**
 * How two processes come to share memory: over a Unix socket, which stays. The client makes a segment and says under which number it has it
 * open; the server opens it through /proc, where it stands under the client's process, which the system itself names. From then on each byte
 * on the socket is a bell and means nothing else; the end of the socket is the end of the link.
 */
import type { Socket } from "node:net";
import { NONCE_BYTES } from "./segment.js";

/** What a client begins with. To be changed together with anything that both sides must agree on, the layout of segments included. */
const MAGIC = Buffer.from("rpcgen-shm/2");

/** Magic, number of the file, nonce. */
export const ASK_BYTES = MAGIC.length + 4 + NONCE_BYTES;

export const ACCEPTED = 1;
/** A text follows, which says why, up to the end of the socket. */
export const REFUSED = 2;

export interface Ask {
  readonly file: number;
  readonly nonce: Uint8Array;
}

export function writeAsk({ file, nonce }: Ask): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(file);
  return Buffer.concat([MAGIC, number, nonce]);
}

/** Undefined if it is none. */
export function readAsk(bytes: Buffer): Ask | undefined {
  if (bytes.length !== ASK_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  return { file: bytes.readUInt32LE(MAGIC.length), nonce: Uint8Array.from(bytes.subarray(MAGIC.length + 4)) };
}

/** The number of the socket's file, as long as it is open. @throws Error where the platform does not tell. */
export function fileOf(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } | null };
  if (handle === null || handle === undefined) return -1;
  if (typeof handle.fd === "number") return handle.fd;
  throw new Error("shared memory between processes needs the numbers of open files, which this runtime does not tell; use unix: instead");
}

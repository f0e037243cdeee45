/** Who a call is: the id that stays the same over all attempts, and those that its child calls derive from it. */
import { utf8 } from "./frame-writer.js";
import { sha256 } from "./sha256.js";

/** The bytes of a client id, a server instance id and a derived key. */
export const ID_BYTES = 16;

/** In memory and on the wire; as text it is `<32 hexadecimal digits>/<sequence>`. */
export interface CallId {
  /** 16 bytes: the client's random id, or the derived key of a child call. */
  readonly client: Uint8Array;
  /** Counts the calls of a client from 1; 0 with a derived key. */
  readonly sequence: number;
}

export function formatCallId(id: CallId): string {
  return `${formatId(id.client)}/${id.sequence}`;
}

export function formatId(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/**
 * The key of a child call: the first 16 bytes of SHA-256 over the parent's client id, its sequence as 8 bytes
 * little-endian, the child method's path in UTF-8, a byte 0, and the ordinal as 4 bytes little-endian. A parent that
 * runs again makes the same keys in the same order, so that a server that keeps records knows the children again.
 * @param ordinal counts the parent's calls of this method from 0.
 */
export function deriveKey(parent: CallId, path: string, ordinal: number): Uint8Array {
  const name = utf8(path);
  const input = new Uint8Array(ID_BYTES + 8 + name.length + 1 + 4);
  input.set(parent.client);
  const view = new DataView(input.buffer);
  view.setBigUint64(ID_BYTES, BigInt(parent.sequence), true);
  input.set(name, ID_BYTES + 8);
  view.setUint32(input.length - 4, ordinal, true);
  return sha256(input).slice(0, ID_BYTES);
}

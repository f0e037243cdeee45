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

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function formatId(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 1) text += HEX[bytes[at] ?? 0] ?? "";
  return text;
}

/**
 * The key of a child call: the first 16 bytes of SHA-256 over the parent's client id, its sequence as 8 bytes
 * little-endian, the child method's path in UTF-8, and either a byte 0 and the ordinal as 4 bytes little-endian, or a
 * byte 1 and the step in UTF-8. A parent that runs again makes the same keys, in the same order or under the same names
 * of steps, so that a server that keeps records knows the children again.
 * @param step a name; or how many calls of this method the parent made before, without a name.
 */
export function deriveKey(parent: CallId, path: string, step: number | string): Uint8Array {
  const name = utf8(path);
  const ordinal = new Uint8Array(4);
  if (typeof step === "number") new DataView(ordinal.buffer).setUint32(0, step, true);
  const last = typeof step === "number" ? ordinal : utf8(step);
  const input = new Uint8Array(ID_BYTES + 8 + name.length + 1 + last.length);
  input.set(parent.client);
  new DataView(input.buffer).setBigUint64(ID_BYTES, BigInt(parent.sequence), true);
  input.set(name, ID_BYTES + 8);
  input[ID_BYTES + 8 + name.length] = typeof step === "number" ? 0 : 1;
  input.set(last, input.length - last.length);
  return sha256(input).slice(0, ID_BYTES);
}

/** Values to bytes and back, with the constraints of the schema held on either side. */
import type { PayloadCodec } from "./descriptor.js";

/** @throws EncodeError if the value does not fit its type; Error that names the constraint it breaks. */
export function encodeChecked<T>(codec: PayloadCodec<T>, value: T): Uint8Array {
  // A value that is missing has no constraints to break; encoding says what is to be there.
  const breach = value === undefined || value === null ? undefined : codec.check?.(value);
  if (breach !== undefined) throw new Error(breach);
  return codec.encode(value);
}

/** @throws DecodeError if the bytes are not exactly one value; Error that names the constraint it breaks. */
export function decodeChecked<T>(codec: PayloadCodec<T>, bytes: Uint8Array): T {
  const value = codec.decode(bytes);
  const breach = codec.check?.(value);
  if (breach !== undefined) throw new Error(breach);
  return value;
}

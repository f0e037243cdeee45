/** What a decoder keeps of content newer than itself, always in one form: as a whole encoded value of its own. */
import { isWide, TextForm, writeLatin1, writeUtf16 } from "./text.js";
import { tagLength } from "./wire-type.js";

/**
 * The key under which a decoded message keeps the fields that its type did not know, when it has any. It is
 * enumerable, so that a copy by spreading keeps them.
 */
export const UNKNOWN_FIELDS: unique symbol = Symbol.for("rpcgen.unknownFields") as never;

/** The fields of a message that its type did not know. An encoder of the same type merges them back in by number. */
export interface UnknownFields {
  /** The full name of the message, so that a copy into another type does not carry them there. */
  readonly type: string;
  /** A message of these fields alone, as a whole encoded value. */
  readonly bytes: Uint8Array;
}

/** An object that may hold unknown fields. */
export interface Carrier {
  [UNKNOWN_FIELDS]?: UnknownFields;
}

/** A member of a union that the program that decoded it did not know. It encodes to what it was. */
export interface UnknownMember {
  readonly kind: "$unknown";
  readonly number: number;
  /** The union with this member, as a whole encoded value. */
  readonly bytes: Uint8Array;
}

/** A number of an enum that no member has. It encodes to itself. */
export type UnknownEnum<Name extends string> = number & { readonly "~enum": Name };

/** A whole value of a message or union from its fields, less their final 0, and their text. */
export function assemble(body: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  const form = isWide(text) ? TextForm.UTF16 : TextForm.LATIN1;
  const header = text.length * 2 + form;
  const pool = tagLength(header) + body.length + 1;
  const bytes = new Uint8Array(pool + text.length * (1 + form));
  let at = 0;
  for (let rest = header; ; rest >>>= 7) {
    bytes[at++] = rest > 0x7f ? rest | 0x80 : rest;
    if (rest <= 0x7f) break;
  }
  bytes.set(body, at);
  if (form === TextForm.LATIN1) writeLatin1(bytes, pool, text);
  else writeUtf16(bytes, pool, text);
  return bytes;
}

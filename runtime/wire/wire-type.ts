/** The low three bits of a tag: how a reader steps over a payload that it does not know. */
export const WireType = {
  /** A varint. */
  VARINT: 0,
  FIXED4: 1,
  FIXED8: 2,
  /** Varint units; the text is in the pool when there are fewer than 256, else a form byte and the text follow. */
  TEXT: 3,
  /** Varint length, then as many bytes. */
  BYTES: 4,
  /** Fields, then a byte 0. */
  MESSAGE: 5,
  /** Varint `count << 3 | element's wire type`, then payloads; or a map. */
  LIST: 6,
  /** Varint length, varint units of pooled text, then the body. */
  BLOCK: 7,
} as const;

/** The bytes that a tag takes. */
export function tagLength(tag: number): number {
  return tag < 0x80 ? 1 : tag < 0x4000 ? 2 : tag < 0x200000 ? 3 : tag < 0x10000000 ? 4 : 5;
}

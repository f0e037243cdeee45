/** What bounds a value, so that hostile bytes cost no more than their length; the same for encoders and decoders. */

/** Messages, unions and structs that are not flat, within one another. */
export const MAX_DEPTH = 100;

/** Lists and maps directly within one another. No type comes near it; it bounds the skipping of unknown fields. */
export const MAX_NESTED_LISTS = 32;

/** A rough measure of the memory that a value takes: docs/wire.md, 1.6, says what counts how much. */
export const MAX_NODES = 1_048_576;

/** What the unknown fields of a message, or the unknown member of a union, count together: they are kept as bytes. */
export const UNKNOWN_NODES = 4;

/** Text of this many UTF-16 code units and more stands by itself, not in the pool. */
export const INLINE_TEXT = 256;

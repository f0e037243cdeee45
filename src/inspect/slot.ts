/** A type where it is used: its field says what TypeScript makes of it, and with that what a decoder refuses. */
import type { Field, TypeRef } from "../ir/schema.js";

export interface Slot {
  readonly type: TypeRef;
  /** `@number`: 64-bit integers within must be safe ones. */
  readonly safeIntegers: boolean;
  readonly typedArray: boolean;
}

export function plainSlot(type: TypeRef): Slot {
  return { type, safeIntegers: false, typedArray: false };
}

export function slotOf({ type, int64, typedArray }: Field): Slot {
  return { type, safeIntegers: int64 === "number", typedArray };
}

/** What inspecting a value gives: a tree that says of every byte which part of which field it is. */

/** What a run of bytes within a node is. */
export type PartKind =
  /** The byte before an optional field of a struct that is not flat. */
  | "presence"
  | "tag"
  /** The key of a map's entry, all of its payload. */
  | "key"
  | "length"
  | "units"
  /** Also says what the elements are: docs/wire.md, 1.3. */
  | "count"
  | "types"
  | "form"
  | "value"
  | "text"
  /** The byte 0 behind the fields of a message. */
  | "end"
  /** Elements that are left out of the tree. */
  | "left out"
  /** What stands behind a fault. */
  | "not read";

/** Offsets count bytes from the start of the input; ends are exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Part extends ByteRange {
  readonly kind: PartKind;
}

/** Why the bytes are not exactly one value. */
export interface Fault {
  /** Of the first byte that cannot be right; the length of the input where more bytes are due. */
  readonly offset: number;
  /** Of the innermost value that the fault is in; "" for the whole. */
  readonly path: string;
  readonly reason: string;
  readonly expected?: string;
}

/** A node's parts, and then its children, cover its bytes in order, each byte once. */
export interface Annotation extends ByteRange {
  /** What it is called within its parent: a field's name, `[3]`, `["key"]`, `header`, `pool`. */
  readonly label: string;
  /** From the whole value: `order.items[3].sku`; "" for the whole. */
  readonly path: string;
  /** As it is written in the IDL. */
  readonly type?: string;
  /** The number of a field or member. */
  readonly number?: number;
  readonly optional?: true;
  /** The schema does not know the field. */
  readonly unknown?: true;
  /** A name of docs/wire.md, 1.3; `flat` (1.2) or `body` (1.4) where a value stands without the header of one. */
  readonly wireType?: string;
  /** The value, or what the bytes mean, as text. */
  readonly value?: string;
  /** Within a `@sensitive` field: the value is masked, and so should the bytes be. */
  readonly sensitive?: true;
  /** Where a string's text stands in the pool. */
  readonly pooled?: ByteRange;
  /** How many elements this node stands for, instead of one. */
  readonly leftOut?: number;
  readonly fault?: Fault;
  readonly parts: readonly Part[];
  readonly children: readonly Annotation[];
}

export interface Inspection {
  /** What the bytes were read as. */
  readonly type: string;
  /** Of the input, in bytes. */
  readonly length: number;
  readonly root: Annotation;
  /** Also at its node in the tree. Absent where the bytes are exactly one value. */
  readonly fault?: Fault;
}

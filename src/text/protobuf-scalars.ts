/** The scalars of protobuf and ours. Several of theirs differ only in their bytes, which ours choose for themselves. */

export const scalars: Readonly<Record<string, string>> = {
  double: "f64",
  float: "f32",
  int32: "i32",
  sint32: "i32",
  sfixed32: "i32",
  int64: "i64",
  sint64: "i64",
  sfixed64: "i64",
  uint32: "u32",
  fixed32: "u32",
  uint64: "u64",
  fixed64: "u64",
  bool: "bool",
  string: "string",
  bytes: "bytes",
};

/** What the way back must be told: it takes int32 for `i32` otherwise. */
export const unusualScalars: ReadonlySet<string> = new Set(["sint32", "sfixed32", "sint64", "sfixed64", "fixed32", "fixed64"]);

/** The words in which generated code says how its types appear in JSON. */
export { list, map, typedArray } from "./collections.js";
export { enumeration } from "./enumeration.js";
export { f32, f64, i8, i16, i32, i64, i64Number, u8, u16, u32, u64, u64Number } from "./numbers.js";
export { record, union } from "./records.js";
export { bool, bytes, string, uuid } from "./scalars.js";
export { duration, durationNanos, timestamp, timestampNanos } from "./times.js";

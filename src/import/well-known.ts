/**
 * The files that every protobuf compiler brings with it, as far as messages of them can be held. Timestamps, durations and
 * the wrappers have no message of ours: they become `timestamp`, `duration` and the scalar that they wrap.
 */

const WRAPPED = {
  DoubleValue: "f64",
  FloatValue: "f32",
  Int64Value: "i64",
  UInt64Value: "u64",
  Int32Value: "i32",
  UInt32Value: "u32",
  BoolValue: "bool",
  StringValue: "string",
  BytesValue: "bytes",
} as const;

/** The types of ours that take the place of a message, by its full name. */
export const wellKnownTypes: ReadonlyMap<string, string> = new Map([
  ["google.protobuf.Timestamp", "timestamp"],
  ["google.protobuf.Duration", "duration"],
  ...Object.entries(WRAPPED).map(([name, type]) => [`google.protobuf.${name}`, type] as const),
]);

export const EMPTY = "google.protobuf.Empty";

const wrappers = Object.keys(WRAPPED)
  .map((name) => `message ${name} { ${name.replace(/Value$/, "").toLowerCase()} value = 1; }`)
  .join("\n");

const text = (body: string) => `syntax = "proto3";\npackage google.protobuf;\n${body}\n`;

/** Their texts by import name, where no include path has them. */
export const wellKnownFiles: ReadonlyMap<string, string> = new Map([
  ["google/protobuf/timestamp.proto", text("message Timestamp { int64 seconds = 1; int32 nanos = 2; }")],
  ["google/protobuf/duration.proto", text("message Duration { int64 seconds = 1; int32 nanos = 2; }")],
  ["google/protobuf/wrappers.proto", text(wrappers)],
  ["google/protobuf/empty.proto", text("// Holds nothing.\nmessage Empty {}")],
  ["google/protobuf/field_mask.proto", text("// Names some fields of a message.\nmessage FieldMask {\n  // The way to each, names with dots between them.\n  repeated string paths = 1;\n}")],
  [
    "google/protobuf/any.proto",
    text("// A message of any type.\nmessage Any {\n  // Names its type: what stands behind the last slash is the full name.\n  string type_url = 1;\n  // Its bytes.\n  bytes value = 2;\n}"),
  ],
  [
    "google/protobuf/struct.proto",
    text(`// An object as JSON has it.
message Struct { map<string, Value> fields = 1; }
// A value as JSON has it.
message Value {
  oneof kind {
    NullValue null_value = 1;
    double number_value = 2;
    string string_value = 3;
    bool bool_value = 4;
    Struct struct_value = 5;
    ListValue list_value = 6;
  }
}
// The one value of null.
enum NullValue { NULL_VALUE = 0; }
// A list as JSON has it.
message ListValue { repeated Value values = 1; }`),
  ],
]);

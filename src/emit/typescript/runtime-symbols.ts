/** The one list of names that generated code imports from the door of the runtime. A test holds it against the door. */
import type { SymbolRef } from "./symbol.js";

/** The specifier of the door. */
export const RUNTIME_MODULE = "@rpcgen/runtime/generated";

/** Names that exist as types only, and names that exist as values (classes, functions, constants) too. */
const RUNTIME_SYMBOLS = {
  BodyCodec: "type",
  CallOptions: "type",
  Caller: "type",
  Carrier: "type",
  Codec: "type",
  Context: "type",
  ErrorDescriptor: "type",
  ExactlyOnceContext: "type",
  FlatCodec: "type",
  JsonValue: "type",
  MethodDescriptor: "type",
  PayloadCodec: "type",
  Reader: "type",
  ReadonlyContext: "type",
  RpcErrorOptions: "type",
  SchemaText: "type",
  ServiceBinding: "type",
  ServiceDescriptor: "type",
  SyncCallOptions: "type",
  SyncCaller: "type",
  UnknownEnum: "type",
  UnknownMember: "type",
  UnknownRuns: "type",
  Writer: "type",
  NIL_UUID: "value",
  RpcError: "value",
  UNKNOWN_FIELDS: "value",
  bodyCodec: "value",
  callerOf: "value",
  check: "value",
  discreet: "value",
  errorDescriptor: "value",
  failStopSession: "value",
  fieldBits: "value",
  flatCodec: "value",
  flatPayloadCodec: "value",
  hasElements: "value",
  json: "value",
  jsonCodec: "value",
  nothing: "value",
  payloadCodec: "value",
  presence: "value",
  readTypedArray: "value",
  writeTypedArray: "value",
} as const satisfies Readonly<Record<string, "type" | "value">>;

export type RuntimeName = keyof typeof RUNTIME_SYMBOLS;
export type RuntimeValueName = {
  [Name in RuntimeName]: (typeof RUNTIME_SYMBOLS)[Name] extends "value" ? Name : never;
}[RuntimeName];

/** One object for each, since generated code refers to them thousands of times. */
const symbolsOf = (use: SymbolRef["use"]): Readonly<Record<RuntimeName, SymbolRef>> => {
  const names = Object.keys(RUNTIME_SYMBOLS) as RuntimeName[];
  return Object.fromEntries(names.map((name) => [name, { kind: "symbol", origin: { from: "runtime" }, name, use }])) as Record<RuntimeName, SymbolRef>;
};
const TYPES = symbolsOf("type");
const VALUES = symbolsOf("value");

/** A name of the runtime in a place that types alone see. */
export function runtimeType(name: RuntimeName): SymbolRef {
  return TYPES[name];
}

/** A name of the runtime in a place that runs. */
export function runtimeValue(name: RuntimeValueName): SymbolRef {
  return VALUES[name];
}

/** Every name of the list with its kind, for the test that holds it against the door. */
export function runtimeSymbols(): readonly { readonly name: RuntimeName; readonly kind: "type" | "value" }[] {
  return Object.entries(RUNTIME_SYMBOLS).map(([name, kind]) => ({ name: name as RuntimeName, kind }));
}

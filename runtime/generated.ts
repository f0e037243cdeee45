/** The door for generated code, `@rpcgen/runtime/generated`: everything that it may import, and nothing that it does not. */

// Calls.
export type { Caller, CallOptions, SyncCaller, SyncCallOptions } from "./rpc/call-options.js";
export type { Context } from "./rpc/context.js";
export type { ErrorDescriptor, MethodDescriptor, PayloadCodec, ServiceDescriptor } from "./rpc/descriptor.js";
export { callerOf } from "./rpc/caller.js";
export { discreet } from "./rpc/discreet-codec.js";
export { errorDescriptor } from "./rpc/error-descriptor.js";
export { RpcError, type RpcErrorOptions } from "./rpc/errors.js";
export { failStopSession } from "./rpc/client/fail-stop-caller.js";
export type { ExactlyOnceContext, ReadonlyContext } from "./rpc/handler-contexts.js";
export type { SchemaText } from "./rpc/schema-text.js";
export type { ServiceBinding } from "./rpc/server/service-table.js";

// Codecs.
export {
  bodyCodec,
  flatCodec,
  flatPayloadCodec,
  jsonCodec,
  nothing,
  payloadCodec,
  type BodyCodec,
  type Codec,
  type FlatCodec,
} from "./wire/codec.js";
export type { JsonValue } from "./wire/json/json-type.js";
export { fieldBits, presence } from "./wire/presence.js";
export type { Reader, UnknownRuns } from "./wire/reader.js";
export { hasElements, readTypedArray, writeTypedArray } from "./wire/typed-array.js";
export { UNKNOWN_FIELDS, type Carrier, type UnknownEnum, type UnknownMember } from "./wire/unknown-fields.js";
export { NIL_UUID } from "./wire/uuid.js";
export { check, json } from "./wire/words.js";
export type { Writer } from "./wire/writer.js";

/** The door for generated code, `@rpcgen/runtime/generated`: everything that it may import, and nothing that it does not. */

// Calls.
export type { Caller, CallOptions } from "./rpc/call-options.js";
export type { Context } from "./rpc/context.js";
export type { ErrorDescriptor, MethodDescriptor, PayloadCodec, ServiceDescriptor } from "./rpc/descriptor.js";
export { RpcError, type RpcErrorOptions } from "./rpc/errors.js";
export type { ServiceBinding } from "./rpc/service-table.js";

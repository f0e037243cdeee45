/**
 * What users of the runtime may import of calls; the entries `index.ts` and `browser.ts` add the transports of their
 * platform.
 */
export type { Caller, CallOptions, Requests } from "./call-options.js";
export type { Address } from "./address.js";
export type { PassedOver } from "./client/ascent.js";
export { Channel, type ChannelPath, type ConnectOptions, type SettleOptions } from "./client/channel.js";
export type { Alarm, Clock } from "./clock.js";
export type { Code, Executed, Reason } from "./codes.js";
export { CODE_NUMBERS, REASON_CODES } from "./codes.js";
export type { ClientClass, Context } from "./context.js";
export type { Criticality } from "./criticality.js";
export type {
  AnyMethod,
  ErrorDescriptor,
  MethodDescriptor,
  MethodKind,
  PayloadCodec,
  Semantics,
  ServiceDescriptor,
} from "./descriptor.js";
export { outcomeOf, RpcError, type Outcome, type RpcErrorInit, type RpcErrorOptions } from "./errors.js";
export type { ExactlyOnceContext, ReadonlyClient, ReadonlyClientClass, ReadonlyContext } from "./handler-contexts.js";
export type { Headers, HeadersInit } from "./headers.js";
export { newIdempotencyKey } from "./client/idempotency-key.js";
export type { ClientInterceptor, IncomingCall, Interceptor, OutgoingCall, ServerInterceptor } from "./interceptor.js";
export { DEFAULT_LIMITS, type Limits } from "./limits.js";
export { DEFAULT_SERVER_LIMITS, type ServerLimits } from "./server/server-limits.js";
export type { CallObserver, Observe, ObservedAttempt, ObservedCall, ObservedEnd } from "./observer.js";
export type { Random } from "./random.js";
export type { Authenticate, ServerFault } from "./server/server-host.js";
export type { CloseOptions, Server } from "./server/server.js";
export type { ServiceBinding } from "./server/service-table.js";

/**
 * `@rpcgen/runtime/otel`: spans and metrics of OpenTelemetry, and W3C trace context across processes. It needs the package
 * `@opentelemetry/api`, and does nothing until the application has set up an SDK.
 */
import {
  context,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context as OtelContext,
  type MeterProvider,
  type Span,
  type TracerProvider,
} from "@opentelemetry/api";
import type { Context } from "./rpc/context.js";
import type { AnyMethod } from "./rpc/descriptor.js";
import type { IncomingCall, ServerInterceptor } from "./rpc/interceptor.js";
import type { CallObserver, Observe, ObservedEnd } from "./rpc/observer.js";

export interface OtelOptions {
  /** Default: the global ones. */
  readonly tracerProvider?: TracerProvider | undefined;
  readonly meterProvider?: MeterProvider | undefined;
}

const NAME = "@rpcgen/runtime";

/**
 * For `connect(address, { ...otelClient() })`: a span for each call with an event for each attempt, beneath the active one; and the
 * histograms `rpc.client.call.duration` (seconds), `rpc.client.request.size` and `rpc.client.response.size` (bytes).
 */
export function otelClient(options: OtelOptions = {}): { readonly observe: Observe } {
  const tracer = (options.tracerProvider ?? trace).getTracer(NAME);
  const instruments = instrumentsOf("client", options);
  return {
    observe({ method }) {
      const span = tracer.startSpan(method.path, { kind: SpanKind.CLIENT, attributes: attributesOf(method) });
      const headers: Record<string, string> = {};
      propagation.inject(trace.setSpan(context.active(), span), headers);
      return {
        headers,
        attempt({ number, peer, instance, callId, bytes }) {
          const where = placeOf(peer, "server");
          if (number === 1) span.setAttributes({ ...where, "rpcgen.call_id": callId });
          span.addEvent("attempt", { ...where, "rpcgen.attempt": number, "rpcgen.instance": instance, "rpc.message.size": bytes });
        },
        end(end) {
          finish(span, end, true);
          instruments(method, end, end.sentBytes, end.receivedBytes);
        },
      };
    },
  };
}

/**
 * For `serve({ ...otelServer(), … })`: a span for each attempt that comes, beneath the caller's, active in its handler, so that what
 * the handler calls stands beneath it; and the histograms of the client with `rpc.server.` before their names.
 */
export function otelServer(options: OtelOptions = {}): { readonly observe: Observe; readonly interceptors: readonly ServerInterceptor[] } {
  const tracer = (options.tracerProvider ?? trace).getTracer(NAME);
  const instruments = instrumentsOf("server", options);
  const contexts = new WeakMap<Context, OtelContext>();
  const observe: Observe = ({ method, context: served }): CallObserver | undefined => {
    if (served === undefined) return undefined;
    const caller = propagation.extract(ROOT_CONTEXT, served.headers);
    const attributes = { ...attributesOf(method), ...placeOf(served.peer, "client"), "rpcgen.call_id": served.callId, "rpcgen.attempt": served.attempt };
    const span = tracer.startSpan(method.path, { kind: SpanKind.SERVER, attributes }, caller);
    contexts.set(served, trace.setSpan(caller, span));
    return {
      end(end) {
        finish(span, end, isServerFault(end.code));
        instruments(method, end, end.receivedBytes, end.sentBytes);
      },
    };
  };
  const within: ServerInterceptor = async (call, next) => {
    const active = contexts.get(call.context);
    if (active === undefined) return next(call);
    const outcome = await context.with(active, () => next(call));
    return isStream(call) ? inContext(active, outcome as AsyncIterable<unknown>) : outcome;
  };
  return { observe, interceptors: [within] };
}

function isStream({ method }: IncomingCall): boolean {
  return method.kind === "serverStream" || method.kind === "duplex";
}

/** A generator runs when it is asked for the next element, which is later, and elsewhere. */
function inContext(active: OtelContext, elements: AsyncIterable<unknown>): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = context.with(active, () => elements[Symbol.asyncIterator]());
      return {
        next: () => context.with(active, () => iterator.next()),
        ...(iterator.return !== undefined && { return: (value?: unknown) => context.with(active, () => iterator.return?.(value) ?? Promise.resolve({ done: true, value })) }),
      };
    },
  };
}

function attributesOf({ path, semantics }: AnyMethod): Attributes {
  return { "rpc.system.name": "rpcgen", "rpc.method": path, "rpcgen.promise": semantics };
}

/** A URL, or a host and perhaps a port, which is one of TCP; anything else, such as the path of a socket, is an address as it is. */
const PLACE = /^(?<scheme>[a-z0-9]+:\/\/)?(?:\[(?<ipv6>[^\]]+)\]|(?<name>[^:/[\]]+))(?::(?<port>\d+))?(?:\/.*)?$/;

/** The peer in the terms of the semantic conventions: what carries the bytes, and the host and port on their own. */
function placeOf({ transport, address }: Context["peer"], end: "client" | "server"): Attributes {
  const { scheme, ipv6, name = ipv6, port } = PLACE.exec(address)?.groups ?? {};
  return {
    "network.transport": scheme !== undefined || port !== undefined ? "tcp" : transport,
    [`${end}.address`]: name ?? address,
    ...(port !== undefined && { [`${end}.port`]: Number(port) }),
    "rpcgen.transport": transport,
  };
}

function finish(span: Span, { code, reason, executed, attempts }: ObservedEnd, isFault: boolean): void {
  span.setAttributes({ "rpc.response.status_code": code, "rpcgen.executed": executed, "rpcgen.attempts": attempts, ...(reason !== undefined && { "rpcgen.reason": reason }) });
  if (code !== "OK" && isFault) {
    span.setAttribute("error.type", reason ?? code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: reason ?? code });
  }
  span.end();
}

/** What is the caller's mistake is no error of the server. */
function isServerFault(code: string): boolean {
  return ["UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"].includes(code);
}

/** Those of the conventions: without them an SDK counts by bounds that are meant for milliseconds. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

type RecordCall = (method: AnyMethod, end: ObservedEnd, requestBytes: number, responseBytes: number) => void;

function instrumentsOf(side: "client" | "server", { meterProvider }: OtelOptions): RecordCall {
  const meter = (meterProvider ?? metrics).getMeter(NAME);
  const duration = meter.createHistogram(`rpc.${side}.call.duration`, { unit: "s", description: "How long a call took, all of its attempts together", advice: { explicitBucketBoundaries: SECONDS } });
  const requests = meter.createHistogram(`rpc.${side}.request.size`, { unit: "By", description: "Bytes of the requests of a call" });
  const responses = meter.createHistogram(`rpc.${side}.response.size`, { unit: "By", description: "Bytes of the responses of a call" });
  return ({ path }, { code, reason, durationMs }, requestBytes, responseBytes) => {
    const attributes: Attributes = {
      "rpc.system.name": "rpcgen",
      "rpc.method": path,
      "rpc.response.status_code": code,
      ...(code !== "OK" && { "error.type": reason ?? code }),
    };
    duration.record(durationMs / 1_000, attributes);
    requests.record(requestBytes, attributes);
    responses.record(responseBytes, attributes);
  };
}

/** OpenTelemetry over three hops, by its SDK: one trace, each span beneath the right one, and what metrics count. */
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { AggregationTemporality, type Histogram, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { connect, serve, RpcError, type AnyMethod, type Caller, type Channel, type Context } from "../../runtime/index.js";
import { otelClient, otelServer } from "../../runtime/otel.js";
import { collect, failureOf, methods } from "./test-service.js";

const spans = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const figures = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter: figures, exportIntervalMillis: 3_600_000 });
const meterProvider = new MeterProvider({ readers: [reader] });
const providers = { tracerProvider, meterProvider };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
beforeEach(() => spans.reset());
afterAll(async () => {
  context.disable();
  propagation.disable();
  await meterProvider.shutdown();
});

type Handler = (request: unknown, ctx: Context) => unknown;
const methodOf = (service: string, name: keyof typeof methods): AnyMethod => ({ ...methods[name], path: `${service}/${name}` }) as AnyMethod;

async function host(service: string, handlers: Partial<Record<keyof typeof methods, Handler>>): Promise<Channel> {
  const offered = Object.fromEntries((Object.keys(handlers) as (keyof typeof methods)[]).map((name) => [name, methodOf(service, name)]));
  const server = await serve({ listen: "tcp://127.0.0.1:0", services: [{ descriptor: { name: service, fingerprint: "", methods: offered }, handlers }], onError: () => {}, ...otelServer(providers) });
  const channel = await connect(server.addresses[0] ?? "", otelClient(providers));
  onTestFinished(async () => {
    await channel.close();
    await server.close({ graceMs: 0 });
  });
  return channel;
}

/** As a generated client, for `ctx.client`. */
class Client {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  call(service: string, name: "echo" | "put", request: unknown): Promise<unknown> {
    return this.#caller.unary(methodOf(service, name), request);
  }
}

const named = (name: string, kind: SpanKind): ReadableSpan => spans.getFinishedSpans().find((span) => span.name === name && span.kind === kind) ?? expect.fail(`no span ${name}`);
const parentOf = (span: ReadableSpan): string | undefined => span.parentSpanContext?.spanId;

it("is one trace over three hops, and each span stands beneath what caused it", async () => {
  const third = await host("three.Third", { echo: (request) => request });
  const second = await host("two.Second", { put: (request, ctx) => ctx.client(Client, third).call("three.Third", "echo", request) });
  const first = await host("one.First", { put: (request, ctx) => ctx.client(Client, second).call("two.Second", "put", request) });
  await tracerProvider.getTracer("test").startActiveSpan("story", async (story) => {
    expect(await first.unary(methodOf("one.First", "put"), "x")).toBe("x");
    story.end();
  });
  const chain = [
    named("story", SpanKind.INTERNAL),
    named("one.First/put", SpanKind.CLIENT),
    named("one.First/put", SpanKind.SERVER),
    named("two.Second/put", SpanKind.CLIENT),
    named("two.Second/put", SpanKind.SERVER),
    named("three.Third/echo", SpanKind.CLIENT),
    named("three.Third/echo", SpanKind.SERVER),
  ];
  expect(new Set(chain.map((span) => span.spanContext().traceId)).size).toBe(1);
  expect(chain.slice(1).map(parentOf)).toEqual(chain.slice(0, -1).map((span) => span.spanContext().spanId));
  expect(named("three.Third/echo", SpanKind.CLIENT).attributes).toMatchObject({ "rpc.system.name": "rpcgen", "rpc.method": "three.Third/echo", "rpc.response.status_code": "OK", "network.transport": "tcp" });
});

it("has an event for each attempt, and says of a failure whether the call ran", async () => {
  let runs = 0;
  const channel = await host("one.Retried", {
    put: () => { throw new RpcError({ code: "UNAVAILABLE", message: `no ${(runs += 1)}`, retryAfterMs: 1 }); },
    once: () => { throw new TypeError("oops"); },
  });
  await failureOf(channel.unary(methodOf("one.Retried", "put"), 1));
  await failureOf(channel.unary(methodOf("one.Retried", "once"), 1));
  const put = named("one.Retried/put", SpanKind.CLIENT);
  expect(put.events.map(({ name, attributes }) => [name, attributes?.["rpcgen.attempt"]])).toEqual(Array.from({ length: runs }, (_, at) => ["attempt", at + 1]));
  expect(spans.getFinishedSpans().filter(({ name, kind }) => name === "one.Retried/put" && kind === SpanKind.SERVER)).toHaveLength(runs);
  const once = named("one.Retried/once", SpanKind.CLIENT);
  expect(once.status.code).toBe(SpanStatusCode.ERROR);
  expect(once.attributes).toMatchObject({ "error.type": "INTERNAL", "rpcgen.executed": "yes", "rpcgen.attempts": 1 });
});

it("reaches into generators that answer with a stream", async () => {
  let inside: string | undefined;
  const channel = await host("one.Streams", { count: async function* () {
    yield { n: 1 };
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside = trace.getActiveSpan()?.spanContext().spanId;
    yield { n: 2 };
  } });
  expect(await collect(channel.serverStream(methodOf("one.Streams", "count"), { to: 2 }))).toHaveLength(2);
  expect(inside).toBe(named("one.Streams/count", SpanKind.SERVER).spanContext().spanId);
});

it("counts and times calls on both sides", async () => {
  const channel = await host("one.Counted", { echo: (request) => request });
  for (let n = 0; n < 5; n += 1) await channel.unary(methodOf("one.Counted", "echo"), "four");
  await reader.forceFlush();
  const metrics = figures.getMetrics().at(-1)?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
  for (const side of ["client", "server"]) {
    for (const [name, sum] of [["call.duration", undefined], ["request.size", 30], ["response.size", 30]] as const) {
      const metric = metrics.find(({ descriptor }) => descriptor.name === `rpc.${side}.${name}`);
      const point = metric?.dataPoints.find(({ attributes }) => attributes["rpc.method"] === "one.Counted/echo")?.value as { readonly count: number; readonly sum: number };
      expect(point.count).toBe(5);
      if (sum !== undefined) expect(point.sum).toBe(sum);
    }
  }
});

it("says where a call goes in the terms of the conventions: host and port, and what carries them", async () => {
  const channel = await host("near.Service", { echo: (request) => request });
  const [, port] = channel.address.split(/:(?=\d+$)/);
  await channel.unary(methodOf("near.Service", "echo"), 1);
  const [client, server] = [named("near.Service/echo", SpanKind.CLIENT), named("near.Service/echo", SpanKind.SERVER)];
  expect(client.attributes).toMatchObject({ "network.transport": "tcp", "server.address": "127.0.0.1", "server.port": Number(port), "rpcgen.transport": "tcp" });
  expect(client.events[0]?.attributes).toMatchObject({ "server.address": "127.0.0.1", "server.port": Number(port) });
  expect(server.attributes).toMatchObject({ "network.transport": "tcp", "client.address": "127.0.0.1", "client.port": expect.any(Number) as number });
});

it.each([
  [{ transport: "tls", address: "[::1]:4000" }, { "network.transport": "tcp", "server.address": "::1", "server.port": 4000, "rpcgen.transport": "tls" }],
  [{ transport: "wss", address: "wss://example.org/rpc" }, { "network.transport": "tcp", "server.address": "example.org", "rpcgen.transport": "wss" }],
  [{ transport: "ws", address: "ws://127.0.0.1:80/" }, { "network.transport": "tcp", "server.address": "127.0.0.1", "server.port": 80, "rpcgen.transport": "ws" }],
  [{ transport: "unix", address: "/tmp/a.sock" }, { "network.transport": "unix", "server.address": "/tmp/a.sock", "rpcgen.transport": "unix" }],
  [{ transport: "inproc", address: "inproc:orders" }, { "network.transport": "inproc", "server.address": "inproc:orders", "rpcgen.transport": "inproc" }],
])("of %o says %o", (peer, attributes) => {
  const observer = otelClient(providers).observe({ method: methods.echo as AnyMethod, context: undefined }) ?? expect.fail();
  observer.attempt?.({ callId: "1/1", number: 1, peer, instance: "", bytes: 0 });
  observer.end?.({ callId: "1/1", code: "OK", reason: undefined, executed: "yes", attempts: 1, sentBytes: 0, receivedBytes: 0, durationMs: 1 });
  expect(spans.getFinishedSpans()[0]?.events[0]?.attributes).toEqual({ ...attributes, "rpcgen.attempt": 1, "rpcgen.instance": "", "rpc.message.size": 0 });
});

it("counts durations in buckets of parts of a second, which the SDK would not do by itself", async () => {
  const channel = await host("quick.Service", { echo: (request) => request });
  await channel.unary(methodOf("quick.Service", "echo"), 1);
  figures.reset();
  await reader.forceFlush();
  const durations = figures.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)).filter(({ descriptor: { name } }) => name.endsWith(".call.duration"));
  expect(durations.map(({ descriptor: { name } }) => name).toSorted()).toEqual(["rpc.client.call.duration", "rpc.server.call.duration"]);
  for (const { dataPoints } of durations) {
    for (const { value } of dataPoints) {
      expect((value as Histogram).buckets.boundaries).toEqual([0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]);
    }
  }
});

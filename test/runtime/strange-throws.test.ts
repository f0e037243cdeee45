/** Handlers that throw, or give, what nobody should: their caller is told that they failed, their operator how, and the server goes on. */
import { expect, it } from "vitest";
import { memoryStore } from "../../runtime/idempotency/index.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import type { ServeOptions } from "../../runtime/rpc/server/server.js";
import { descriptor, failureOf, methods, pair } from "./test-service.js";

const trap = (): never => {
  throw new Error("a trap");
};
const traps = { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap };

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function having(name: string, property: PropertyDescriptor, object: object = {}): object {
  return Object.defineProperty(object, name, property);
}

const rpcError = (): RpcError => new RpcError({ code: "NOT_FOUND", message: "x" });

const STRANGE: readonly (readonly [string, () => unknown])[] = [
  ["null", () => null],
  ["undefined", () => undefined],
  ["a number", () => 5],
  ["a symbol", () => Symbol("x")],
  ["a function", () => trap],
  ["a frozen error", () => Object.freeze(new Error("frozen"))],
  ["a proxy that throws", () => new Proxy({}, traps)],
  ["a proxy of an error that throws", () => new Proxy(new Error("x"), traps)],
  ["a proxy of an RpcError that throws", () => new Proxy(rpcError(), { ...traps, get: (target, key) => (typeof key === "symbol" ? Reflect.get(target, key) : trap()) })],
  ["a proxy that throws itself", () => { const proxy: object = new Proxy({}, { get: () => { throw proxy; }, has: () => { throw proxy; }, getPrototypeOf: () => { throw proxy; } }); return proxy; }],
  ["a revoked proxy", revoked],
  ["an error whose message throws", () => having("message", { get: trap }, new Error())],
  ["an RpcError whose message throws", () => having("message", { get: trap }, rpcError())],
  ["an RpcError whose code throws", () => having("code", { get: trap }, rpcError())],
];

it.each(STRANGE)("%s, thrown by handlers of every kind", async (_, make) => {
  const fail = (): never => {
    throw make();
  };
  const handlers = { echo: fail, put: async () => fail(), once: fail, count: fail, sum: fail, async *follow() { yield 1; fail(); } };
  await using it = await pair({ handlers: handlers as object });
  const { channel } = it;
  const calls = [channel.unary(methods.echo, 1), channel.unary(methods.put, 1), channel.unary(methods.once, 1), channel.clientStream(methods.sum, [1]), channel.serverStream(methods.count, { to: 1 }).next()];
  for (const call of calls) expect(await failureOf(call)).toMatchObject({ code: "INTERNAL", executed: "yes" });
  const items = channel.serverStream(methods.follow, 1);
  expect(await items.next()).toEqual({ done: false, value: 1 });
  expect(await failureOf(items.next())).toMatchObject({ code: "INTERNAL", executed: "yes" });
  expect(it.faults).toHaveLength(6);
});

it.each(STRANGE)("%s, thrown within a transaction", async (_, make) => {
  const place = { ...methods.once, name: "place", path: "test.Test/place", semantics: "exactlyOnce" as const };
  const services = [{ descriptor: { ...descriptor, methods: { place } }, handlers: { place: () => { throw make(); } } }] as ServeOptions["services"];
  await using it = await pair({ store: memoryStore(), server: { services } });
  expect(await failureOf(it.channel.unary(place, 1))).toMatchObject({ code: "INTERNAL", executed: "no" });
  expect(it.faults.length).toBeGreaterThan(0);
});

it.each(STRANGE)("%s, thrown by authenticate and by observe", async (_, make) => {
  const fail = (): never => {
    throw make();
  };
  await using it = await pair({ server: { authenticate: fail, observe: fail } });
  expect(await failureOf(it.channel.unary(methods.echo, 1))).toMatchObject({ code: "UNAUTHENTICATED", executed: "no" });
  expect(it.faults).toHaveLength(1);
});

it.each([
  ["a thenable that throws", having("then", { value: trap })],
  ["an object whose `then` throws", having("then", { get: trap })],
  ["a proxy that throws", new Proxy({}, traps)],
  ["a revoked proxy", revoked()],
])("%s, given as an answer", async (_, answer) => {
  const give = (): unknown => answer;
  await using it = await pair({ handlers: { echo: give, put: () => Promise.resolve(answer), count: give, sum: give } as object });
  const { channel } = it;
  for (const call of [channel.unary(methods.echo, 1), channel.unary(methods.put, 1), channel.clientStream(methods.sum, [1]), channel.serverStream(methods.count, { to: 1 }).next()]) {
    expect(await failureOf(call)).toMatchObject({ code: "INTERNAL", executed: "yes" });
  }
});

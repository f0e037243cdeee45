/** What is told of a call may act at once: leave the call, or close what carries it. The call goes on as it would from anywhere else. */
import { expect, it, vi } from "vitest";
import type { ObservedEnd } from "../../runtime/rpc/observer.js";
import { collect, failureOf, methods, pair, type Pair } from "./test-service.js";

it("sends a call that its observer ends as it leaves with its own arguments, or not at all", async () => {
  const came: unknown[] = [];
  const ends: ObservedEnd[] = [];
  const controller = new AbortController();
  await using world = await pair({
    handlers: { once: (request) => (came.push(request), request) },
    client: { observe: () => ({ attempt: () => controller.abort(), end: (end) => void ends.push(end) }) },
  });
  const failure = await failureOf(world.channel.unary(methods.once, "mine", { signal: controller.signal }));
  expect(failure).toMatchObject({ code: "CANCELLED", executed: "unknown", attempts: 1 });
  await world.channel.unary(methods.echo, "another");
  expect(came.filter((request) => request !== "mine")).toEqual([]);
  expect(ends.map(({ code }) => code)).toEqual(["CANCELLED", "OK"]);
});

it.each(["OK", "INTERNAL"] as const)("tells of the end once, where the observer of a call that ended %s closes the channel", async (code) => {
  const ends: ObservedEnd[] = [];
  const end = (told: ObservedEnd): void => {
    ends.push(told);
    void world.channel.close();
  };
  await using world: Pair = await pair({
    handlers: { once: (request) => { if (code === "OK") return request; throw new Error("broken"); } },
    client: { observe: () => ({ end }) },
  });
  const call = world.channel.unary(methods.once, 1);
  if (code === "OK") expect(await call).toBe(1);
  else expect(await failureOf(call)).toMatchObject({ code, executed: "yes" });
  expect(ends.map((each) => each.code)).toEqual([code]);
});

it("does not take an answer back from a caller whose observer aborts its signal", async () => {
  const controller = new AbortController();
  const ends: string[] = [];
  await using world = await pair({ client: { observe: () => ({ end: ({ code }) => { ends.push(code); controller.abort(); } }) } });
  expect(await world.channel.unary(methods.once, 1, { signal: controller.signal })).toBe(1);
  expect(ends).toEqual(["OK"]);
});

it("answers once, where the observer of a served call closes the server", async () => {
  const ends: string[] = [];
  await using world: Pair = await pair({
    server: { observe: () => ({ end: ({ code }) => { ends.push(code); void world.server.close({ graceMs: 0 }); } }) },
  });
  expect(await world.channel.unary(methods.once, 1)).toBe(1);
  expect(ends).toEqual(["OK"]);
});

it("ends a stream once, where the observer of the served stream closes the server", async () => {
  const ends: string[] = [];
  await using world: Pair = await pair({
    server: { observe: () => ({ end: ({ code }) => { ends.push(code); void world.server.close({ graceMs: 0 }); } }) },
  });
  expect(await collect(world.channel.serverStream(methods.count, { to: 2 }))).toEqual([{ n: 1 }, { n: 2 }]);
  await vi.waitFor(() => expect(ends).toEqual(["OK"]));
});

it("fails a call whose observer closes the channel as it begins", async () => {
  const came: unknown[] = [];
  await using world: Pair = await pair({
    handlers: { once: (request) => (came.push(request), request) },
    client: { observe: () => void world.channel.close() },
  });
  expect(await failureOf(world.channel.unary(methods.once, 1))).toMatchObject({ code: "CANCELLED", executed: "no" });
  expect(came).toEqual([]);
});

/** One AbortSignal for many calls, as an application that shuts down gives it to all of them. */
import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { failureOf, methods, pair } from "./test-service.js";

const CALLS = 50;

/** The warnings of the process meanwhile. */
async function warningsOf(run: () => Promise<void>): Promise<string[]> {
  const names: string[] = [];
  const warned = ({ name }: Error): void => void names.push(name);
  process.on("warning", warned);
  await run();
  // Warnings are told on a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", warned);
  return names;
}

it("ends all of them, without a warning, and leaves nothing on the signal", async () => {
  await using world = await pair({ handlers: { once: () => new Promise(() => {}) } });
  const controller = new AbortController();
  const { signal } = controller;
  const warnings = await warningsOf(async () => {
    const calls = Array.from({ length: CALLS }, (_, n) => failureOf(world.channel.unary(methods.once, n, { signal })));
    await world.channel.unary(methods.echo, 1, { signal });
    controller.abort();
    for (const failure of await Promise.all(calls)) expect(failure).toMatchObject({ code: "CANCELLED", executed: "unknown" });
  });
  expect(warnings).toEqual([]);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("leaves nothing on a signal that never aborts, and listens anew for the next call", async () => {
  await using world = await pair({ handlers: { once: (_, ctx) => new Promise((resolve) => ctx.signal.addEventListener("abort", resolve)) } });
  const controller = new AbortController();
  const { signal } = controller;
  await Promise.all(Array.from({ length: CALLS }, (_, n) => world.channel.unary(methods.echo, n, { signal })));
  expect(getEventListeners(signal, "abort")).toEqual([]);
  const call = failureOf(world.channel.unary(methods.once, 1, { signal }));
  await world.channel.unary(methods.echo, 1);
  controller.abort();
  expect((await call).code).toBe("CANCELLED");
});

/** Times that are no times: refused where they are given, for a timer that is never due would hold up all the others. */
import { expect, it } from "vitest";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import { failureOf, methods, pair } from "./test-service.js";

it.each([
  ["timeoutMs", NaN],
  ["timeoutMs", -1],
  ["connectTimeoutMs", NaN],
  ["connectTimeoutMs", -1],
])("a channel is not opened with a %s of %d", async (option, value) => {
  await using world = await pair();
  const opened = openChannel("memory:test", [world.transport], { [option]: value });
  void opened.then((channel) => channel.close(), () => {});
  const failure = await failureOf(opened);
  expect(failure).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
  expect(failure.message).toContain(option);
});

it("a call with a timeout beyond what a host's timer holds is answered, and others keep their own", async () => {
  await using world = await pair({ handlers: { once: () => new Promise(() => {}) } });
  expect(await world.channel.unary(methods.echo, 1, { timeoutMs: 2 ** 40 })).toBe(1);
  expect(await failureOf(world.channel.unary(methods.once, 1, { timeoutMs: 5 }))).toMatchObject({ code: "DEADLINE_EXCEEDED" });
});

it("a server that is closed with a grace of NaN closes as without any", async () => {
  let began = (): void => {};
  const running = new Promise<void>((resolve) => (began = resolve));
  await using world = await pair({ handlers: { once: () => (began(), new Promise(() => {})) } });
  const call = failureOf(world.channel.unary(methods.once, 1));
  await running;
  await world.server.close({ graceMs: NaN });
  expect(await call).toMatchObject({ reason: "OUTCOME_UNKNOWN", executed: "unknown" });
});

/** Addresses that a worker leads to. */
import { expect, it } from "vitest";
import { relayed } from "../../runtime/sync/relay.js";
import { stdio } from "../../runtime/transport/stdio/command.js";

it("are others for the same command with other variables, or elsewhere, and the same for one object", () => {
  const transport = relayed("stdio", undefined, undefined, () => undefined);
  const commands = [{}, { env: { A: "1" } }, { env: { A: "2" } }, { cwd: "/" }].map((more) => stdio({ command: "serve", ...more }));
  const names = commands.map((command) => transport.nameOf?.(command));
  expect(new Set(names).size).toBe(commands.length);
  expect(names[0]).toBe("stdio:serve");
  expect(commands.map((command) => transport.nameOf?.(command))).toEqual(names);
});

/** The event loop of a thread that waits. */
import { expect, test } from "vitest";
import { BlockingLoop } from "../../runtime/rpc/client/blocking-loop.js";
import type { BlockingLink } from "../../runtime/transport/blocking.js";

/** More comes each time that it is read. */
const talker: BlockingLink = {
  peer: { transport: "test", address: "test" },
  congested: false,
  over: false,
  turn: () => true,
  open: () => {},
  send: () => {},
  pause: () => {},
  resume: () => {},
  close: () => {},
  abort: () => {},
};

test("a peer that never stops sending does not keep a call from beginning, nor from its deadline", () => {
  const loop = new BlockingLoop();
  loop.add(talker);
  loop.catchUp();
  let rang = false;
  loop.schedule(0, () => (rang = true));
  loop.until(() => rang);
  expect(rang).toBe(true);
});

/** What a relay does with frames that it answers itself. */
import { expect, it } from "vitest";
import { joinLinks } from "../../runtime/sync/join-links.js";
import type { Link, LinkReceiver } from "../../runtime/transport/transport.js";

function link(congested = false): Link & { readonly sent: Uint8Array[]; receiver: LinkReceiver | undefined } {
  const sent: Uint8Array[] = [];
  return {
    peer: { transport: "test", address: "test" },
    sent,
    receiver: undefined,
    congested,
    open(receiver) {
      this.receiver = receiver;
    },
    send: (frame) => void sent.push(frame),
    pause: () => {},
    resume: () => {},
    close: () => {},
    abort: () => {},
  };
}

it.each([2, 4 << 20])("a sign of life that is asked for in %i bytes is given in as many, and the question goes on", (length) => {
  const [near, far] = [link(), link()];
  joinLinks(near, far, () => {});
  const ping = new Uint8Array(length).fill(1);
  ping[0] = 8;
  far.receiver?.frame(ping);
  const pong = ping.slice();
  pong[0] = 9;
  expect(far.sent.map((frame) => Buffer.compare(frame, pong))).toEqual([0]);
  expect(near.sent.map((frame) => Buffer.compare(frame, ping))).toEqual([0]);
});

it("a server that asks for signs of life and does not read them makes nothing pile up for it", () => {
  const [near, far] = [link(), link(true)];
  joinLinks(near, far, () => {});
  for (let asked = 0; asked < 3; asked++) far.receiver?.frame(Uint8Array.of(8, asked));
  expect(far.sent).toEqual([]);
  expect(near.sent.length).toBe(3);
});

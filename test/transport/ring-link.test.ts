/** A link over rings whose other side means harm. */
import { expect, it } from "vitest";
import { RingLink } from "../../runtime/transport/links/ring-link.js";
import { RingPoller } from "../../runtime/transport/links/ring-poller.js";
import { RING_BYTES } from "../../runtime/transport/links/ring.js";
import { endsOf, newRings } from "../../runtime/transport/port/shared-memory.js";
import { Recorder } from "./recorder.js";

const FRAME_BYTES = 1_000;

it("reads no more of who says to be gone, and writes on, than a ring holds", async () => {
  const rings = newRings();
  const { writer } = endsOf(rings, 0);
  const poller = new RingPoller({ processor: () => 0, rest: () => {} });
  const link = new RingLink({ peer: { transport: "shm", address: "test" }, maxFrameBytes: FRAME_BYTES, ...endsOf(rings, 1), poller, ring: () => {}, release: () => {} });
  const write = (): void => {
    if (writer.room(4 + FRAME_BYTES) < 4 + FRAME_BYTES) return;
    writer.putLength(FRAME_BYTES);
    writer.put(new Uint8Array(FRAME_BYTES));
    writer.publish();
  };
  // Would go on for long, and not for ever.
  const recorder = new Recorder(link, () => recorder.bytes < 64 * RING_BYTES && write());
  for (let frames = 0; frames < 2 * (RING_BYTES / FRAME_BYTES); frames += 1) write();
  link.lost(new Error("gone"));
  expect((await recorder.end())?.message).toBe("gone");
  expect(recorder.bytes).toBeGreaterThan(RING_BYTES - 2 * FRAME_BYTES - 4 * (RING_BYTES / FRAME_BYTES));
  expect(recorder.bytes).toBeLessThan(2 * RING_BYTES);
});

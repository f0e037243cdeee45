/** The link over a segment, and the bell beside it. */
import { RingLink } from "../links/ring-link.js";
import { RingPoller } from "../links/ring-poller.js";
import { bellOver, type Line } from "./bell.js";
import type { Segment } from "./segment.js";
import type { System } from "./system.js";

let poller: RingPoller | undefined;

/** @param path of the socket. */
export function linkOver(system: System, segment: Segment, line: Line, path: string, maxFrameBytes: number): RingLink {
  poller ??= new RingPoller(system);
  const { reader, writer } = segment;
  const bell = bellOver(system, line, {
    rung: () => link.rung(),
    lost: () => link.lost(new Error(`${path}: the connection ended without a goodbye; the peer's process may have died`)),
  });
  const link: RingLink = new RingLink({
    peer: { transport: "shm", address: path, onThisHost: true },
    maxFrameBytes,
    reader,
    writer,
    poller,
    ring: () => bell.ring(),
    release() {
      segment.release();
      bell.close();
    },
  });
  return link;
}

/** The link over a segment, and the socket beside it. */
import type { Socket } from "node:net";
import { RingLink } from "../ring-link.js";
import { RingPoller } from "../ring-poller.js";
import { fileOf } from "./rendezvous.js";
import type { Segment } from "./segment.js";
import type { System } from "./system.js";

let poller: RingPoller | undefined;

/** @param path of the socket. */
export function linkOver(system: System, segment: Segment, socket: Socket, path: string, maxFrameBytes: number): RingLink {
  poller ??= new RingPoller(system.rest);
  const { reader, writer } = segment;
  const link = new RingLink({
    peer: { transport: "shm", address: path, onThisHost: true },
    maxFrameBytes,
    reader,
    writer,
    poller,
    ring() {
      const file = fileOf(socket);
      if (file >= 0) system.poke(file);
    },
    release() {
      segment.release();
      socket.destroy();
    },
  });
  const lost = (): void => link.lost(new Error(`${path}: the connection ended without a goodbye; the peer's process may have died`));
  socket.on("data", () => link.rung());
  socket.on("end", lost);
  socket.on("error", lost);
  socket.on("close", lost);
  return link;
}

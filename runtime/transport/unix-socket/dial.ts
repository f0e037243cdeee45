/** Connects to a Unix socket. */
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { connectSocket, linkOver } from "../socket.js";
import type { DialOptions, Link } from "../transport.js";
import { parseAddress } from "./address.js";

const REMEDIES = {
  ENOENT: "there is no such file; is the server running, and is the path the same?",
  ENOTDIR: "a part of the path is not a directory",
  ECONNREFUSED: "nobody listens there; the file was left behind by a server that has died, so start it again",
  EACCES: "this user may not connect; the socket belongs to the user who runs the server",
};

/** The wait before the next try at a server whose queue is full, in milliseconds. */
const QUEUE_FULL_WAIT_MS = 5;

export async function dial(address: string, options: DialOptions): Promise<Link> {
  const path = parseAddress(address);
  const socket = await connectQueued(address, path, options);
  return linkOver(socket, { transport: "unix", address: path }, options.maxFrameBytes);
}

/** Where TCP waits for room in the queue of a listener, a Unix socket answers EAGAIN: so the waiting, until the signal ends it, is done here. */
async function connectQueued(address: string, path: string, options: DialOptions): Promise<Socket> {
  for (;;) {
    try {
      return await connectSocket(address, { path }, options, REMEDIES);
    } catch (error) {
      const { cause } = error as Error;
      if (!(cause instanceof Error && "code" in cause && cause.code === "EAGAIN")) throw error;
    }
    await delay(QUEUE_FULL_WAIT_MS);
  }
}

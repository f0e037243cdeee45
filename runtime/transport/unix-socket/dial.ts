/** Connects to a Unix socket. */
import { connectSocketFile } from "../sockets/socket-file.js";
import { parsePath } from "../sockets/socket-path.js";
import { linkOver } from "../sockets/socket.js";
import type { DialOptions, Link } from "../transport.js";

export async function dial(address: string, options: DialOptions): Promise<Link> {
  const path = parsePath("unix", address);
  const socket = await connectSocketFile(address, path, options);
  return linkOver(socket, { transport: "unix", address: path }, options.maxFrameBytes);
}

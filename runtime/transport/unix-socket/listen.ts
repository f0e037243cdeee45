/** Listens on a Unix socket. */
import { bindSocketFile } from "../sockets/socket-file.js";
import { parsePath } from "../sockets/socket-path.js";
import { acceptSockets } from "../sockets/socket.js";
import type { Listening, ListenOptions } from "../transport.js";

export async function listen(address: string, options: ListenOptions): Promise<Listening> {
  const path = parsePath("unix", address);
  const bound = `unix:${path}`;
  const { server, close } = await bindSocketFile(bound, path);
  acceptSockets(server, bound, options, () => ({ transport: "unix", address: path }));
  return { address: bound, close: async () => close() };
}

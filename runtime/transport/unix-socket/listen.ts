/** Listens on a Unix socket. */
import { acceptSockets } from "../socket.js";
import { bindSocketFile } from "../socket-file.js";
import { parsePath } from "../socket-path.js";
import type { Listening, ListenOptions } from "../transport.js";

export async function listen(address: string, options: ListenOptions): Promise<Listening> {
  const path = parsePath("unix", address);
  const bound = `unix:${path}`;
  const { server, close } = await bindSocketFile(bound, path);
  acceptSockets(server, bound, options, () => ({ transport: "unix", address: path }));
  return { address: bound, close: async () => close() };
}

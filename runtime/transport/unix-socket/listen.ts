/** Listens on a Unix socket. */
import { acceptSockets, closeServer } from "../socket.js";
import type { Listening, ListenOptions } from "../transport.js";
import { formatAddress, parseAddress } from "./address.js";
import { bindSocketFile } from "./socket-file.js";

/** The files to remove should the process exit without closing its listeners. A signal that kills it leaves them to the next server. */
const removals = new Set<() => void>();

function removeAll(): void {
  for (const remove of removals) remove();
}

/** Only the user who runs the server can connect. Put the file into a directory that nobody else may write, or others could take its name first. */
export async function listen(address: string, options: ListenOptions): Promise<Listening> {
  const path = parseAddress(address);
  const { server, remove } = await bindSocketFile(path);
  if (removals.size === 0) process.on("exit", removeAll);
  removals.add(remove);
  const bound = formatAddress(path);
  acceptSockets(server, bound, options, () => ({ transport: "unix", address: path }));
  return {
    address: bound,
    close: async () => {
      remove();
      closeServer(server);
      removals.delete(remove);
      if (removals.size === 0) process.off("exit", removeAll);
    },
  };
}

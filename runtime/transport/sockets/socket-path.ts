/** The paths of sockets in addresses: `unix:/run/user/1000/orders.sock`; a relative path counts from the working directory. */
import { resolve } from "node:path";

/** What the system's `sun_path` holds without its final NUL: 107 bytes on Linux, 103 on macOS and the BSDs. */
export const MAX_PATH_BYTES = process.platform === "linux" ? 107 : 103;

/** What an address with this scheme is the address of. */
const KINDS = { unix: "a Unix socket", shm: "shared memory" } as const;

export type SocketScheme = keyof typeof KINDS;

/**
 * The absolute path. Too long a one is refused here because the system may cut it off silently and take another file.
 * @throws Error that names the address and how it should look.
 */
export function parsePath(scheme: SocketScheme, address: string): string {
  const written = address.startsWith(`${scheme}:`) ? address.slice(scheme.length + 1) : "";
  if (written === "" || written.includes("\0") || written.endsWith("/")) {
    throw new Error(`"${address}": the address of ${KINDS[scheme]} looks like ${scheme}:/run/user/1000/orders.sock`);
  }
  const path = resolve(written);
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_PATH_BYTES) {
    throw new Error(
      `"${address}": the path has ${bytes} bytes and the system takes ${MAX_PATH_BYTES}; choose a shorter directory`,
    );
  }
  return path;
}

/** Addresses of Unix sockets: `unix:/run/user/1000/orders.sock`; a relative path counts from the working directory. */
import { resolve } from "node:path";

/** What the system's `sun_path` holds without its final NUL: 107 bytes on Linux, 103 on macOS and the BSDs. */
export const MAX_PATH_BYTES = process.platform === "linux" ? 107 : 103;

/**
 * The absolute path. Too long a one is refused here because the system may cut it off silently and take another file.
 * @throws Error that names the address and how it should look.
 */
export function parseAddress(address: string): string {
  const written = /^unix:([^\0]+)$/.exec(address)?.[1];
  if (written === undefined || written.endsWith("/")) {
    throw new Error(`"${address}": the address of a Unix socket looks like unix:/run/user/1000/orders.sock`);
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

export function formatAddress(path: string): string {
  return `unix:${path}`;
}

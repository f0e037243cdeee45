/**
 * The file of a Unix socket: made private, taken over from a dead server, never taken from a living one, removed at the end.
 *
 * The socket is bound in a new directory that only its owner may enter, given mode 0600 there, and then linked to its real name. So there is
 * no moment at which somebody else could connect, a name that exists is never overwritten, and the file that a newer server has put in
 * place of ours is not removed when ours closes (which the system's own removal, by name, would do). Files are told apart by device and
 * inode, which nobody else can have while our socket is open.
 */
import { chmodSync, linkSync, lstatSync, mkdtempSync, rmSync, unlinkSync, type BigIntStats } from "node:fs";
import { connect, type Server } from "node:net";
import { dirname, join } from "node:path";
import { describeFailure } from "../failure.js";
import { bindSocket } from "../socket.js";
import { formatAddress, MAX_PATH_BYTES } from "./address.js";

const REMEDIES = {
  ENOENT: "its directory does not exist; create it with mode 0700, so that only its owner may enter",
  ENOTDIR: "a part of the path is not a directory",
  EACCES: "this user may not create files in its directory; choose one of its own, such as $XDG_RUNTIME_DIR",
  EROFS: "its directory is read-only; choose one of your own, such as $XDG_RUNTIME_DIR",
  EPERM:
    "its file system takes no sockets or no hard links; choose a directory on another one, such as $XDG_RUNTIME_DIR",
};

/** Other servers may win the name between a look and a step; after so many times somebody fights for it. */
const ATTEMPTS = 5;

export interface BoundSocket {
  readonly server: Server;
  /** Removes the file, unless it is another's by now; to be called while the server is still open. */
  readonly remove: () => void;
}

/** @throws Error that names the address and the remedy. */
export async function bindSocketFile(path: string): Promise<BoundSocket> {
  const address = formatAddress(path);
  const directory = makePrivateDirectory(path);
  try {
    const staged = join(directory, "s");
    const server = await bindSocket(address, { path: staged, exclusive: true }, REMEDIES);
    try {
      chmodSync(staged, 0o600);
      await giveName(staged, path);
    } catch (error) {
      server.close();
      throw error;
    }
    const ours = lstatSync(path, { bigint: true });
    return { server, remove: () => removeFile(path, ours) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function makePrivateDirectory(path: string): string {
  const address = formatAddress(path);
  const prefix = join(dirname(path), ".");
  const bytes = Buffer.byteLength(prefix) + "XXXXXX/s".length;
  if (bytes > MAX_PATH_BYTES) {
    throw new Error(
      `${address}: its directory's path is too long by ${bytes - MAX_PATH_BYTES} bytes for a socket; choose a shorter one`,
    );
  }
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    throw describeFailure(address, error as Error, REMEDIES);
  }
}

async function giveName(staged: string, path: string): Promise<void> {
  const address = formatAddress(path);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      linkSync(staged, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw describeFailure(address, error as Error, REMEDIES);
    }
    const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (found === undefined) continue;
    if (!found.isSocket())
      throw new Error(
        `${address}: there is a file of another kind, which is left alone; choose another path or remove it`,
      );
    if (await isAlive(address, path))
      throw new Error(`${address}: in use by a running server; stop it or choose another path`);
    removeFile(path, found);
  }
  throw new Error(`${address}: other servers take the path again and again; give each its own`);
}

/** Whether a server accepts there. Only a refusal proves that the file was left behind. */
function isAlive(address: string, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect({ path });
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(false);
      else if (error.code === "EAGAIN") resolve(true);
      else
        reject(
          describeFailure(address, error, {
            EACCES: "another user's socket is there; choose a path in a directory of your own",
          }),
        );
    });
  });
}

function removeFile(path: string, expected: BigIntStats): void {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined || found.ino !== expected.ino || found.dev !== expected.dev) return;
  try {
    unlinkSync(path);
  } catch {
    // Gone by now, or its directory is not ours to write any more: a leftover is recognised by the next server.
  }
}

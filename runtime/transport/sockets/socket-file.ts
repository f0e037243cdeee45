/**
 * The file of a Unix socket: made private, taken over from a dead server, never taken from a living one, removed at the end.
 *
 * The socket is bound in a new directory that only its owner may enter, given mode 0600 there, and then linked to its real name. So there is
 * no moment at which somebody else could connect, a name that exists is never overwritten, and the file that a newer server has put in
 * place of ours is not removed when ours closes (which the system's own removal, by name, would do). Files are told apart by device and
 * inode, which nobody else can have while our socket is open.
 */
import { chmodSync, linkSync, lstatSync, mkdtempSync, rmSync, unlinkSync, type BigIntStats } from "node:fs";
import { connect, type Server, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describeFailure } from "../links/failure.js";
import type { DialOptions } from "../transport.js";
import { MAX_PATH_BYTES } from "./socket-path.js";
import { bindSocket, closeServer, connectSocket } from "./socket.js";

const BIND_REMEDIES = {
  ENOENT: "its directory does not exist; create it with mode 0700, so that only its owner may enter",
  ENOTDIR: "a part of the path is not a directory",
  EACCES: "this user may not create files in its directory; choose one of its own, such as $XDG_RUNTIME_DIR",
  EROFS: "its directory is read-only; choose one of your own, such as $XDG_RUNTIME_DIR",
  EPERM:
    "its file system takes no sockets or no hard links; choose a directory on another one, such as $XDG_RUNTIME_DIR",
};

/** What the system's errors mean to who connects. */
export const CONNECT_REMEDIES = {
  ENOENT: "there is no such file; is the server running, and is the path the same?",
  ENOTDIR: "a part of the path is not a directory",
  ECONNREFUSED: "nobody listens there; the file was left behind by a server that has died, so start it again",
  EACCES: "this user may not connect; the socket belongs to the user who runs the server",
};

/** The wait before the next try at a server whose queue is full, in milliseconds. */
const QUEUE_FULL_WAIT_MS = 5;

/** Other servers may win the name between a look and a step; after so many times somebody fights for it. */
const ATTEMPTS = 5;

/** The files to remove should the process exit without closing its listeners. A signal that kills it leaves them to the next server. */
const removals = new Set<() => void>();

function removeAll(): void {
  for (const remove of removals) remove();
}

export interface BoundSocket {
  readonly server: Server;
  /** Listens no longer, and removes the file unless it is another's by now; what is connected lives on. */
  readonly close: () => void;
}

/**
 * Only the user who runs the server can connect. Put the file into a directory that nobody else may write, or others could take its name first.
 * @throws Error that names the address and the remedy.
 */
export async function bindSocketFile(address: string, path: string): Promise<BoundSocket> {
  const { server, remove } = await bindPrivately(address, path);
  if (removals.size === 0) process.on("exit", removeAll);
  removals.add(remove);
  return {
    server,
    close() {
      remove();
      closeServer(server);
      removals.delete(remove);
      if (removals.size === 0) process.off("exit", removeAll);
    },
  };
}

/** `remove` is to be called while the server is still open. */
async function bindPrivately(address: string, path: string): Promise<{ server: Server; remove: () => void }> {
  const directory = makePrivateDirectory(address, path);
  try {
    const staged = join(directory, "s");
    const server = await bindSocket(address, { path: staged, exclusive: true }, BIND_REMEDIES);
    try {
      chmodSync(staged, 0o600);
      await giveName(address, staged, path);
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

function makePrivateDirectory(address: string, path: string): string {
  const prefix = `${dirname(path)}/.`;
  const bytes = Buffer.byteLength(prefix) + "XXXXXX/s".length;
  if (bytes > MAX_PATH_BYTES) {
    throw new Error(
      `${address}: its directory's path is too long by ${bytes - MAX_PATH_BYTES} bytes for a socket; choose a shorter one`,
    );
  }
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    throw describeFailure(address, error as Error, BIND_REMEDIES);
  }
}

async function giveName(address: string, staged: string, path: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      linkSync(staged, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw describeFailure(address, error as Error, BIND_REMEDIES);
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

/**
 * Where TCP waits for room in the queue of a listener, a Unix socket answers EAGAIN: so the waiting, until the signal ends it, is done here.
 * @throws Error that names the address and the remedy.
 */
export async function connectSocketFile(address: string, path: string, options: DialOptions): Promise<Socket> {
  for (;;) {
    try {
      return await connectSocket(address, { path }, options, CONNECT_REMEDIES);
    } catch (error) {
      const { cause } = error as Error;
      if (!(cause instanceof Error && "code" in cause && cause.code === "EAGAIN")) throw error;
    }
    await delay(QUEUE_FULL_WAIT_MS);
  }
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

/** The file system of the host, by `node:fs`. */
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { FileSystem, LogFile } from "./file-system.js";
import { lockFolder } from "./folder-lock.js";

// By callbacks instead of fs/promises: these are on the way of every commit, and a FileHandle costs more than the call.
const open = promisify(fs.open);
const close = promisify(fs.close);
const fsync = promisify(fs.fsync);

function writeSome(fd: number, bytes: Uint8Array, offset: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(fd, bytes, offset, bytes.length - offset, position, (error, written) => (error ? reject(error) : resolve(written)));
  });
}

function readSome(fd: number, into: Uint8Array, offset: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(fd, into, offset, into.length - offset, position, (error, read) => (error ? reject(error) : resolve(read)));
  });
}

class HostFile implements LogFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  async size(): Promise<number> {
    return (await promisify(fs.fstat)(this.#fd)).size;
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const read = await readSome(this.#fd, bytes, filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  }

  async write(position: number, bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length; ) written += await writeSome(this.#fd, bytes, written, position + written);
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => fs.fdatasync(this.#fd, (error) => (error ? reject(error) : resolve())));
  }

  truncate(size: number): Promise<void> {
    return promisify(fs.ftruncate)(this.#fd, size);
  }

  close(): Promise<void> {
    return close(this.#fd);
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows has no handle of a folder that could be synced; there NTFS logs names by itself.
  if (process.platform === "win32") return;
  const fd = await open(folder, "r");
  try {
    await fsync(fd);
  } finally {
    await close(fd);
  }
}

export const nodeFileSystem: FileSystem = {
  async makeFolder(folder) {
    const first = await fs.promises.mkdir(folder, { recursive: true });
    if (first === undefined) return;
    const top = path.dirname(path.resolve(first));
    for (let made = path.dirname(path.resolve(folder)); made.length >= top.length; made = path.dirname(made)) {
      await syncFolder(made);
      if (made === path.dirname(made)) break;
    }
  },
  list: (folder) => fs.promises.readdir(folder),
  create: async (file) => new HostFile(await open(file, "w+")),
  open: async (file) => new HostFile(await open(file, "r+")),
  rename: (from, to) => fs.promises.rename(from, to),
  remove: (file) => fs.promises.unlink(file),
  syncFolder,
  lock: (folder) => lockFolder(folder),
  turn: () => new Promise((resolve) => setImmediate(resolve)),
};

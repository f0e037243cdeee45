/**
 * Keeps a second process out of a store. Node offers no lock of the kernel, so this is a file that names its owner. That
 * the owner is gone is a guess (a container cannot see the processes of another), and no commit hangs on it: an owner that
 * lives after all finds its file gone before it writes or confirms another one.
 */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { FolderInUse, type FolderLock } from "./file-system.js";

const NAME = "lock";
/** How often an owner touches its file. */
const BEAT_MS = 1_000;
/** How long a file must rest before an owner that cannot be asked counts as gone. */
const REST_MS = 5_000;

interface Owner {
  readonly pid: number;
  /** When the process began, since a number is given out again; undefined where the system does not tell. */
  readonly started?: string | undefined;
  /** Within which process numbers mean anything: this start of this machine, this container. */
  readonly scope: string;
}

/** @throws FolderInUse if the owner lives, or touches its file while we watch (up to 5 s, where it cannot be asked). */
export async function lockFolder(folder: string, restMs = REST_MS): Promise<FolderLock> {
  const file = path.join(folder, NAME);
  for (;;) {
    try {
      return new HeldLock(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const judged = identityOf(file);
    await refuseIfOwned(folder, file, restMs);
    if (judged !== undefined) putAway(file, judged);
  }
}

/** Of two that find an owner gone, one removes its file; the other finds a file that it did not judge, and leaves it. */
function putAway(file: string, judged: string): void {
  const away = `${file}.${randomUUID()}`;
  try {
    fs.renameSync(file, away);
    if (identityOf(away) !== judged) fs.linkSync(away, file);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    fs.rmSync(away, { force: true });
  }
}

function inodeOf(file: string): bigint | undefined {
  return fs.statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}

class HeldLock implements FolderLock {
  readonly #file: string;
  /** Open as long as we own it, so that its inode is given to no other file. */
  readonly #fd: number;
  readonly #inode: bigint;
  readonly #beat: NodeJS.Timeout;
  #released = false;

  /** @throws Error EEXIST if there is a file. */
  constructor(file: string) {
    this.#file = file;
    this.#fd = fs.openSync(file, "wx+");
    fs.writeSync(this.#fd, JSON.stringify({ pid: process.pid, started: startOf("self"), scope: scope() } satisfies Owner));
    this.#inode = fs.fstatSync(this.#fd, { bigint: true }).ino;
    this.#beat = setInterval(() => this.#touch(), BEAT_MS);
    this.#beat.unref();
  }

  /** A disk that does not take it any more takes no commit either, whose caller is told; a file that rests is taken over, which `held` sees. */
  #touch(): void {
    const now = new Date();
    try {
      fs.futimesSync(this.#fd, now, now);
    } catch {}
  }

  held(): boolean {
    return !this.#released && inodeOf(this.#file) === this.#inode;
  }

  async release(): Promise<void> {
    if (this.held()) fs.rmSync(this.#file, { force: true });
    this.#released = true;
    clearInterval(this.#beat);
    fs.closeSync(this.#fd);
  }
}

async function refuseIfOwned(folder: string, file: string, restMs: number): Promise<void> {
  const owner = readOwner(file);
  const inUse = (who: string): FolderInUse =>
    new FolderInUse(`The store in ${folder} is open in ${who}. One process opens it at a time: close it there, or give this one a folder of its own.`);
  if (owner !== undefined && owner.scope === scope()) {
    const started = startOf(owner.pid);
    if (!isAlive(owner.pid) || (started !== undefined && owner.started !== undefined && started !== owner.started)) return;
    if (owner.pid === process.pid && started !== undefined && !isOpenHere(file)) return;
    if (started !== undefined && owner.started !== undefined) throw inUse(`process ${owner.pid}`);
  }
  const before = identityOf(file);
  await new Promise((resolve) => setTimeout(resolve, restMs));
  if (identityOf(file) !== before) throw inUse(owner === undefined ? "another process" : `process ${owner.pid} of another container or machine`);
}

/** Whether a thread of this process has the file open: of one that was terminated, the files were closed. */
function isOpenHere(file: string): boolean {
  const stat = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  return fs.readdirSync("/proc/self/fd").some((fd) => {
    const open = fs.statSync(`/proc/self/fd/${fd}`, { bigint: true, throwIfNoEntry: false });
    return open !== undefined && open.ino === stat?.ino && open.dev === stat.dev;
  });
}

/** Changes when the file is touched, and when another takes its place, even one that was given its inode. */
function identityOf(file: string): string | undefined {
  const stat = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.ino} ${stat.mtimeNs}`;
}

/** undefined if it cannot be read: written by another version, or by hand. */
function readOwner(file: string): Owner | undefined {
  try {
    const owner = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<Owner>;
    return Number.isInteger(owner.pid) && typeof owner.scope === "string" ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

/** A process that was killed has a number until its parent asks for it, and some parents never do: it holds nothing any more. */
function isAlive(pid: number): boolean {
  if (statusOf(pid)?.[0] === "Z") return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function startOf(pid: number | "self"): string | undefined {
  return statusOf(pid)?.[19];
}

/** The words of proc(5)'s `stat` behind the command: the state first, the start as the 20th. */
function statusOf(pid: number | "self"): string[] | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the command stands in parentheses and may hold any character.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function scope(): string {
  try {
    return `${fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fs.readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return os.hostname();
  }
}

/**
 * A disk in memory that forgets. A power failure keeps what was synced; of what was written since it keeps any sectors
 * and loses others, and of names that were made, changed or removed since, any. It can fail a chosen step, too.
 */
import path from "node:path";
import type { FileSystem, FolderLock, LogFile } from "../../runtime/store/log/file-system.js";

const SECTOR_BYTES = 512;

/** Of the machine: nothing that was asked for afterwards happens. */
export class PowerFailure extends Error {
  override readonly name = "PowerFailure";
}

interface Inode {
  content: Buffer;
  durable: Buffer;
  /** Since the last sync, in order. */
  changes: Change[];
}

type Change = { readonly kind: "write"; readonly at: number; readonly bytes: Buffer } | { readonly kind: "truncate"; readonly size: number };
type Names = ReadonlyMap<string, Inode>;

/** What goes wrong, and at which step, counted from 1: the calls that change something. */
export interface Fault {
  readonly step: number;
  /** `power`: the machine stops there, with the step done in part. `error`: the step fails, done in part. */
  readonly kind: "power" | "error";
}

export class ForgetfulFileSystem implements FileSystem {
  /** What a process sees. */
  #names = new Map<string, Inode>();
  /** What a power failure leaves of the names. */
  #durableNames = new Map<string, Inode>();
  #nameChanges: ((names: Map<string, Inode>) => void)[] = [];
  #locked = false;
  #stopped = false;
  #steps = 0;
  readonly #random: () => number;
  readonly #fault: Fault | undefined;

  /** @param random from 0 to 1: decides what is lost. */
  constructor(random: () => number, fault?: Fault, names: Names = new Map()) {
    this.#random = random;
    this.#fault = fault;
    this.#names = new Map(names);
    this.#durableNames = new Map(names);
  }

  /** Steps so far. */
  get steps(): number {
    return this.#steps;
  }

  /** The disk as it is found after the power comes back. */
  afterPowerFailure(fault?: Fault): ForgetfulFileSystem {
    this.#stopped = true;
    const names = new Map(this.#durableNames);
    for (const change of this.#nameChanges) if (this.#random() < 0.5) change(names);
    const found = new Map([...names].map(([name, inode]) => [name, settled(this.#remainder(inode))]));
    return new ForgetfulFileSystem(this.#random, fault, found);
  }

  /** The process is killed, and the machine goes on: nothing is lost yet, and nothing more is durable. */
  afterKill(fault?: Fault): ForgetfulFileSystem {
    this.#stopped = true;
    const next = new ForgetfulFileSystem(this.#random, fault);
    next.#names = new Map(this.#names);
    next.#durableNames = this.#durableNames;
    next.#nameChanges = this.#nameChanges;
    return next;
  }

  async makeFolder(): Promise<void> {}

  async list(folder: string): Promise<string[]> {
    this.#check();
    return [...this.#names.keys()].filter((name) => path.dirname(name) === folder).map((name) => path.basename(name));
  }

  async create(name: string): Promise<LogFile> {
    const inode: Inode = { content: Buffer.alloc(0), durable: Buffer.alloc(0), changes: [] };
    await this.#rename((names) => names.set(name, inode));
    return this.#file(inode);
  }

  async open(name: string): Promise<LogFile> {
    this.#check();
    const inode = this.#names.get(name);
    if (inode === undefined) throw new Error(`ENOENT: ${name}`);
    return this.#file(inode);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#rename((names) => {
      const inode = names.get(from);
      if (inode === undefined) return;
      names.delete(from);
      names.set(to, inode);
    });
  }

  remove(name: string): Promise<void> {
    return this.#rename((names) => names.delete(name));
  }

  async syncFolder(): Promise<void> {
    await this.#step(() => {
      this.#durableNames = new Map(this.#names);
      this.#nameChanges = [];
    });
  }

  async lock(): Promise<FolderLock> {
    if (this.#locked) throw new Error("locked");
    this.#locked = true;
    return { held: () => true, release: async () => void (this.#locked = false) };
  }

  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  #file(inode: Inode): LogFile {
    return {
      size: async () => this.#check() ?? inode.content.length,
      read: async (at, length) => this.#check() ?? Buffer.from(inode.content.subarray(at, at + length)),
      write: (at, bytes) => this.#change(inode, { kind: "write", at, bytes: Buffer.from(bytes) }),
      truncate: (size) => this.#change(inode, { kind: "truncate", size }),
      sync: () => this.#step(() => void settled(inode)),
      close: async () => {},
    };
  }

  async #rename(change: (names: Map<string, Inode>) => void): Promise<void> {
    await this.#step(() => {
      change(this.#names);
      this.#nameChanges.push(change);
    });
  }

  #change(inode: Inode, change: Change): Promise<void> {
    const perform = (): void => {
      inode.content = apply(inode.content, change);
      inode.changes.push(change);
    };
    return this.#step(perform, () => {
      // In part: the beginning of a write, as when the disk is full.
      if (change.kind === "truncate") return;
      const part: Change = { ...change, bytes: change.bytes.subarray(0, Math.floor(this.#random() * (change.bytes.length + 1))) };
      inode.content = apply(inode.content, part);
      inode.changes.push(part);
    });
  }

  /** @param inPart what happens of the step if it fails. */
  async #step(perform: () => void, inPart: () => void = () => {}): Promise<void> {
    this.#check();
    this.#steps += 1;
    if (this.#steps === this.#fault?.step) {
      if (this.#random() < 0.5) perform();
      else inPart();
      if (this.#fault.kind === "error") throw new Error("EIO: the disk failed");
      this.#stopped = true;
    } else perform();
    // The answer comes later, as that of a disk.
    await this.turn();
    this.#check();
  }

  #check(): undefined {
    if (this.#stopped) throw new PowerFailure("The machine has no power.");
  }

  /** What a power failure leaves of a file. */
  #remainder({ durable, changes }: Inode): Inode {
    let content = durable;
    for (const change of changes) {
      if (change.kind === "truncate") {
        if (this.#random() < 0.5) content = apply(content, change);
        continue;
      }
      const keep = this.#random();
      for (let at = 0; at < change.bytes.length; at += SECTOR_BYTES) {
        const end = Math.min(change.bytes.length, at + SECTOR_BYTES);
        if (this.#random() < keep) content = apply(content, { kind: "write", at: change.at + at, bytes: change.bytes.subarray(at, end) });
      }
    }
    return { content, durable: content, changes: [] };
  }
}

function settled(inode: Inode): Inode {
  inode.durable = inode.content;
  inode.changes = [];
  return inode;
}

function apply(content: Buffer, change: Change): Buffer {
  if (change.kind === "truncate") return content.subarray(0, change.size);
  const changed = Buffer.alloc(Math.max(content.length, change.at + change.bytes.length));
  content.copy(changed);
  change.bytes.copy(changed, change.at);
  return changed;
}

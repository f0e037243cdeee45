/** The calls to the system that Node does not have, made through the package `koffi`, which is loaded when shared memory is first asked for. */
import { createRequire } from "node:module";
import { constants } from "node:os";
import type * as Koffi from "koffi";

/** Of Linux, on all processors that Node runs on. */
const PROT_READ_WRITE = 0x1 | 0x2;
const MAP_SHARED = 0x01;
const MAP_PRIVATE = 0x02;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_NORESERVE = 0x4000;
const MFD_CLOEXEC = 0x1;
const MFD_ALLOW_SEALING = 0x2;
const F_DUPFD_CLOEXEC = 1030;
const F_ADD_SEALS = 1033;
const F_GET_SEALS = 1034;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2_000_000;
const SOCK_NONBLOCK = 0o4_000;
const SUN_PATH_BYTES = 108;
const POLLIN = 0x1;

/** No more seals, never shorter, never longer: what a mapping needs so that no access to it can fail. */
export const SEALS = 0x1 | 0x2 | 0x4;

/** A place in this process's address space. */
export interface Place {
  readonly address: bigint;
  readonly view: ArrayBuffer;
}

export interface System {
  /**
   * A file in memory alone, of so many bytes, which nobody else can open by name. All of its memory is there at once, for to run out of it
   * later would end the process.
   * @throws Error with the system's word for it.
   */
  createFile(bytes: number): number;
  /** What `createFile` or `connect` gave: a number that the platform's own `closeSync` need not know. */
  closeFile(file: number): void;
  seal(file: number): void;
  /** Undefined if the file is of a kind that cannot be sealed. */
  sealsOf(file: number): number | undefined;
  /** Memory of nobody, which costs nothing before it is touched. */
  reserve(bytes: number): Place;
  /** Puts the file where the place is. */
  map(place: Place, file: number): void;
  /** Puts memory of nobody there again. The place itself is never given back to the system: to touch it then would end the process. */
  unmap(place: Place): void;
  /** Another number for an open file. */
  duplicate(file: number): number;
  /** Sends a byte on a socket, unless there is no room for it. */
  poke(socket: number): void;
  /** The process at the other end of a socket, by its number here; 0 if it has none. */
  peerOf(socket: number): number;
  /** A socket of this thread's own, connected to a Unix socket, on which nothing waits. @throws Error with the system's word for it. */
  connect(path: string): number;
  /** Writes the first bytes, for which a new socket has room. @throws Error with the system's word for it. */
  write(socket: number, bytes: Uint8Array): void;
  /** How many bytes it read, without waiting: undefined if there are none, 0 at the end. */
  read(socket: number, target: Uint8Array): number | undefined;
  /** Waits for something to read, or for the end, for so many milliseconds at most. */
  await(socket: number, ms: number): void;
  /** Lets another process run on this processor, if one waits for it. */
  rest(): void;
  /** The number of the processor that this thread runs on. */
  processor(): number;
}

const MISSING = "shared memory between processes needs the package koffi; npm install koffi, or use unix: instead";

let loading: Promise<System> | undefined;
let loaded: System | undefined;

/** @throws Error that says what is missing and how to get it. */
export function loadSystem(): Promise<System> {
  loading ??= load();
  return loading;
}

async function load(): Promise<System> {
  checkPlatform();
  try {
    return bind((await import("koffi")).default);
  } catch (error) {
    throw new Error(MISSING, { cause: error });
  }
}

/** As `loadSystem`, for a thread that waits. @throws Error that says what is missing and how to get it. */
export function loadSystemNow(): System {
  checkPlatform();
  try {
    loaded ??= bind(createRequire(import.meta.url)("koffi") as typeof Koffi.default);
  } catch (error) {
    throw new Error(MISSING, { cause: error });
  }
  return loaded;
}

function checkPlatform(): void {
  if (process.platform === "linux") return;
  throw new Error(`shared memory between processes is for Linux, and this is ${process.platform}; use unix: instead`);
}

function bind(koffi: typeof Koffi.default): System {
  const libc = koffi.load(null);
  const memfdCreate = libc.func("int memfd_create(const char *name, uint32_t flags)");
  const fallocate = libc.func("int fallocate(int fd, int mode, int64_t offset, int64_t length)");
  const fchmod = libc.func("int fchmod(int fd, uint32_t mode)");
  const close = libc.func("int close(int fd)");
  const fcntl = libc.func("int fcntl(int fd, int command, int argument)");
  const mmap = libc.func("void *mmap(uintptr_t address, size_t length, int protection, int flags, int fd, int64_t offset)");
  const send = libc.func("int64_t send(int fd, const void *bytes, size_t length, int flags)");
  const getsockopt = libc.func("int getsockopt(int fd, int level, int name, _Out_ void *value, _Inout_ uint32_t *length)");
  const schedYield = libc.func("int sched_yield()");
  const schedGetcpu = libc.func("int sched_getcpu()");
  const socket = libc.func("int socket(int domain, int type, int protocol)");
  const connect = libc.func("int connect(int fd, const void *address, uint32_t length)");
  const recv = libc.func("int64_t recv(int fd, _Out_ void *bytes, size_t length, int flags)");
  const poll = libc.func("int poll(void *fds, unsigned long count, int timeout)");
  const bell = Buffer.of(1);

  const failure = (call: string): Error => {
    const errno = koffi.errno();
    const name = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `error ${errno}`;
    return Object.assign(new Error(`${call}: ${name}`), { code: name });
  };
  const map = (address: bigint | number, bytes: number, flags: number, file: number): bigint => {
    const mapped: unknown = mmap(address, bytes, PROT_READ_WRITE, flags, file, 0);
    // MAP_FAILED is the last address.
    if (typeof mapped !== "bigint" || BigInt.asIntN(64, mapped) === -1n) throw failure("mmap");
    return mapped;
  };
  const nobodys = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

  return {
    createFile(bytes) {
      const file: number = memfdCreate("rpcgen", MFD_CLOEXEC | MFD_ALLOW_SEALING);
      if (file < 0) throw failure("memfd_create");
      if (fchmod(file, 0o600) === 0 && fallocate(file, 0, 0, bytes) === 0) return file;
      const error = failure("fallocate");
      close(file);
      throw error;
    },
    closeFile(file) {
      close(file);
    },
    seal(file) {
      if (fcntl(file, F_ADD_SEALS, SEALS) < 0) throw failure("fcntl");
    },
    sealsOf(file) {
      const seals: number = fcntl(file, F_GET_SEALS, 0);
      return seals < 0 ? undefined : seals;
    },
    reserve(bytes) {
      const address = map(0, bytes, nobodys, -1);
      return { address, view: koffi.view(address, bytes) };
    },
    map(place, file) {
      map(place.address, place.view.byteLength, MAP_SHARED | MAP_FIXED, file);
    },
    unmap(place) {
      map(place.address, place.view.byteLength, nobodys | MAP_FIXED, -1);
    },
    duplicate(file) {
      const other: number = fcntl(file, F_DUPFD_CLOEXEC, 0);
      if (other < 0) throw failure("fcntl");
      return other;
    },
    poke(socket) {
      send(socket, bell, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    },
    peerOf(socket) {
      const credentials = Buffer.alloc(12);
      return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, credentials, [credentials.length]) === 0 ? credentials.readInt32LE(0) : 0;
    },
    connect(path) {
      const file: number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      if (file < 0) throw failure("socket");
      const address = Buffer.alloc(2 + SUN_PATH_BYTES);
      address.writeUInt16LE(AF_UNIX);
      address.write(path, 2);
      if (connect(file, address, address.length) === 0) return file;
      const error = failure("connect");
      close(file);
      throw error;
    },
    write(file, bytes) {
      if (Number(send(file, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL)) !== bytes.length) throw failure("send");
    },
    read(file, target) {
      const length = Number(recv(file, target, target.length, MSG_DONTWAIT));
      if (length >= 0) return length;
      return koffi.errno() === constants.errno.EAGAIN || koffi.errno() === constants.errno.EINTR ? undefined : 0;
    },
    await(file, ms) {
      const polled = Buffer.alloc(8);
      polled.writeInt32LE(file);
      polled.writeInt16LE(POLLIN, 4);
      poll(polled, 1, Math.ceil(ms));
    },
    rest: () => void schedYield(),
    processor: () => schedGetcpu() as number,
  };
}

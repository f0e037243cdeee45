/** The calls to the system that Node does not have, made through the package `koffi`, which is loaded when shared memory is first asked for. */
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
  /** What `createFile` gave: a number that the platform's own `closeSync` need not know. */
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
  /** Lets another process run on this processor, if one waits for it. */
  rest(): void;
  /** The number of the processor that this thread runs on. */
  processor(): number;
}

let loading: Promise<System> | undefined;

/** @throws Error that says what is missing and how to get it. */
export function loadSystem(): Promise<System> {
  loading ??= load();
  return loading;
}

async function load(): Promise<System> {
  if (process.platform !== "linux")
    throw new Error(`shared memory between processes is for Linux, and this is ${process.platform}; use unix: instead`);
  let koffi: typeof Koffi.default;
  try {
    koffi = (await import("koffi")).default;
  } catch (error) {
    throw new Error("shared memory between processes needs the package koffi; npm install koffi, or use unix: instead", { cause: error });
  }
  return bind(koffi);
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
    rest: () => void schedYield(),
    processor: () => schedGetcpu() as number,
  };
}

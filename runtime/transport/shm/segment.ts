/**
 * A segment of shared memory: a file in memory alone, of mode 0600, sealed so that nobody can make it shorter under a mapping, for an access
 * behind its end would kill the process. Whoever is given one by another process checks all of that before mapping it.
 *
 * It is gone when nobody has it mapped: also if both processes are killed, nothing stays behind.
 */
import { closeSync, constants, fstatSync, openSync, statfsSync } from "node:fs";
import { sameBytes } from "../../wire/same-bytes.js";
import { RING_SPACE, RingReader, RingWriter } from "../links/ring.js";
import { SEALS, type Place, type System } from "./system.js";

/** What a segment begins with: a number that only those two know who are to share it. */
export const NONCE_BYTES = 16;

/** The first page has the nonce; then come the ring of the one who made the segment, and that of the other. */
const HEADER_BYTES = 4096;
export const SEGMENT_BYTES = HEADER_BYTES + 2 * RING_SPACE;

/** Files in memory are of this kind; of the others that can be sealed, those in huge pages, an access may fail for want of one. */
const TMPFS = 0x01021994;

/** The unit in which the system says how much memory a file has. */
const BLOCK_BYTES = 512;

const NO_MEMORY = "the system has no memory for a segment; close other connections, or use unix: instead";

/** What the system's errors mean to who makes one. */
export const SEGMENT_REMEDIES = {
  ENOMEM: NO_MEMORY,
  ENOSPC: NO_MEMORY,
  EFBIG: "this process may not make files as large as a segment, 2 MiB; raise its limit (ulimit -f), or use unix: instead",
  EMFILE: "this process has too many files open; raise its limit (ulimit -n), or close connections",
  ENFILE: "the system has too many files open",
  EPERM: "this system does not let processes share memory; use unix: instead",
  ENOSYS: "this system has no memfd_create; use unix: instead",
};

/** Places that segments have left, to be used again: they are never given back, for somebody may still have a view of one. */
const free: Place[] = [];

export interface Segment {
  readonly writer: RingWriter;
  readonly reader: RingReader;
  /** Gives it back. Neither ring is to be touched any more. */
  release(): void;
}

/** A new segment, and its file for the other side to open, to be closed when it has. @throws Error of the system. */
export function createSegment(system: System, nonce: Uint8Array): { readonly segment: Segment; readonly file: number } {
  const file = system.createFile(SEGMENT_BYTES);
  try {
    system.seal(file);
    const place = mapped(system, file);
    new Uint8Array(place.view).set(nonce);
    return { segment: segmentAt(system, place, 0), file };
  } catch (error) {
    system.closeFile(file);
    throw error;
  }
}

/**
 * The segment that another process has open.
 * @param file its number there.
 * @throws Error that says what is wrong with it.
 */
export function openSegment(system: System, pid: number, file: number, nonce: Uint8Array): Segment {
  // Whatever it is, to open it must neither wait nor change anything.
  const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY;
  const opened = openSync(`/proc/${pid}/fd/${file}`, flags);
  try {
    check(system, opened);
    const place = mapped(system, opened);
    if (sameBytes(new Uint8Array(place.view).slice(0, NONCE_BYTES), nonce)) return segmentAt(system, place, 1);
    giveBack(system, place);
    throw new Error("the segment is another than was meant");
  } finally {
    closeSync(opened);
  }
}

function check(system: System, file: number): void {
  const { size, blocks } = fstatSync(file);
  if (((system.sealsOf(file) ?? 0) & SEALS) !== SEALS) throw new Error("the segment is not sealed, so its owner could pull it away");
  if (statfsSync(`/proc/self/fd/${file}`).type !== TMPFS) throw new Error("the segment is not in ordinary memory");
  if (size !== SEGMENT_BYTES) throw new Error(`the segment has ${size} bytes instead of ${SEGMENT_BYTES}`);
  // A hole would be filled at the first access, or end the process if there is no memory left by then.
  if (blocks * BLOCK_BYTES < size) throw new Error(`the segment has memory for ${blocks * BLOCK_BYTES} of its ${size} bytes`);
}

function mapped(system: System, file: number): Place {
  const place = free.pop() ?? system.reserve(SEGMENT_BYTES);
  try {
    system.map(place, file);
    return place;
  } catch (error) {
    giveBack(system, place);
    throw error;
  }
}

function giveBack(system: System, place: Place): void {
  system.unmap(place);
  free.push(place);
}

function segmentAt(system: System, { address, view }: Place, side: 0 | 1): Segment {
  const [own, other] = side === 0 ? [0, RING_SPACE] : [RING_SPACE, 0];
  let held = true;
  return {
    writer: new RingWriter(view, HEADER_BYTES + own),
    reader: new RingReader(view, HEADER_BYTES + other),
    release() {
      if (!held) return;
      held = false;
      giveBack(system, { address, view });
    },
  };
}

/** The rings of a thread that waits, to a server in another process: dialled, read and waited for without the event loop. */
import { randomBytes } from "node:crypto";
import type { BytePort } from "../links/byte-port.js";
import { describeFailure } from "../links/failure.js";
import { CONNECT_REMEDIES } from "../sockets/socket-file.js";
import { parsePath } from "../sockets/socket-path.js";
import type { Peer } from "../transport.js";
import { ACCEPTED, REFUSED, writeAsk } from "./rendezvous.js";
import { createSegment, NONCE_BYTES, SEGMENT_REMEDIES, type Segment } from "./segment.js";
import { loadSystemNow, type System } from "./system.js";

/** How often to look between two looks at the clock, and how long to look, in milliseconds, before this thread sleeps. */
const BUSY_LOOKS = 20;
const PATIENCE_MS = 0.05;

/** Who has not looked at the socket for so long, in milliseconds, looks before he writes: the server may have gone. */
const QUIET_MS = 5;

const REMEDIES = {
  ...CONNECT_REMEDIES,
  ...SEGMENT_REMEDIES,
  EAGAIN: "the server's queue is full; it may have stopped",
};

const bells = new Uint8Array(64);

export class WaitingShmPort implements BytePort {
  readonly peer: Peer;
  readonly #system: System;
  readonly #socket: number;
  readonly #segment: Segment;
  /** Of the segment, for the server to open; undefined when it has. */
  #file: number | undefined;
  #refusal: string | undefined;
  #gone = false;
  #heardAt = performance.now();

  /** @throws Error whose message names the address and the remedy. */
  constructor(address: string) {
    const path = parsePath("shm", address);
    this.peer = { transport: "shm", address: path, onThisHost: true };
    try {
      this.#system = loadSystemNow();
    } catch (error) {
      throw new Error(`${address}: ${(error as Error).message}`, { cause: error });
    }
    const nonce = Uint8Array.from(randomBytes(NONCE_BYTES));
    let socket: number | undefined;
    let made: { readonly segment: Segment; readonly file: number } | undefined;
    try {
      socket = this.#system.connect(path);
      made = createSegment(this.#system, nonce);
      this.#system.write(socket, writeAsk({ file: made.file, nonce }));
    } catch (error) {
      if (socket !== undefined) this.#system.closeFile(socket);
      if (made !== undefined) this.#system.closeFile(made.file);
      made?.segment.release();
      throw describeFailure(address, error as Error, REMEDIES);
    }
    this.#socket = socket;
    this.#segment = made.segment;
    this.#file = made.file;
  }

  write(bytes: Uint8Array): number {
    if (this.#file !== undefined) return 0;
    const { writer } = this.#segment;
    const length = Math.min(bytes.length, writer.room(bytes.length));
    if (length === 0) return 0;
    writer.put(bytes.subarray(0, length));
    writer.publish();
    if (writer.takeSleeper()) this.#system.poke(this.#socket);
    return length;
  }

  read(target: Uint8Array): number {
    if (this.#file !== undefined || performance.now() - this.#heardAt > QUIET_MS) this.#hear();
    // Before the ring is looked at: what was written before the end is in there by now.
    const gone = this.#gone;
    const { reader } = this.#segment;
    const length = this.#file === undefined ? reader.take(target) : 0;
    if (length > 0 && reader.takeSleeper()) this.#system.poke(this.#socket);
    if (length === 0 && gone) throw this.#failure();
    return length;
  }

  wait(ms: number, forRoom: boolean): void {
    const { reader, writer } = this.#segment;
    if (this.#file === undefined) {
      const processor = this.#system.processor();
      reader.runsOn(processor);
      const until = performance.now() + Math.min(ms, PATIENCE_MS);
      do {
        // The server can do nothing where it needs this very processor.
        if (writer.readerProcessor === processor) this.#system.rest();
        for (let looks = 0; looks < BUSY_LOOKS; looks += 1) if (!reader.empty) return;
      } while (performance.now() < until);
      if (!reader.sleep()) return;
      if (forRoom && !writer.sleep()) return reader.wake();
    }
    this.#system.await(this.#socket, Math.min(ms, 0x7fff_ffff));
    reader.wake();
    this.#hear();
  }

  release(): void {
    this.#closeFile();
    this.#segment.release();
    this.#system.closeFile(this.#socket);
  }

  /** Takes the answer, and after it the bells, which say nothing but that it was worth waking up; and the end. */
  #hear(): void {
    this.#heardAt = performance.now();
    for (;;) {
      const length = this.#system.read(this.#socket, bells);
      if (length === undefined) return;
      if (length === 0) {
        this.#gone = true;
        return;
      }
      this.#answered(bells.subarray(0, length));
      if (length < bells.length) return;
    }
  }

  #answered(bytes: Uint8Array): void {
    if (this.#file === undefined) return;
    if (this.#refusal !== undefined || bytes[0] === REFUSED) {
      this.#refusal = (this.#refusal ?? "") + Buffer.from(bytes.subarray(this.#refusal === undefined ? 1 : 0)).toString();
    } else if (bytes[0] === ACCEPTED) {
      this.#closeFile();
    } else {
      this.#refusal = "who answers there is no server of shared memory";
      this.#gone = true;
    }
  }

  #closeFile(): void {
    if (this.#file !== undefined) this.#system.closeFile(this.#file);
    this.#file = undefined;
  }

  #failure(): Error {
    const { address } = this.peer;
    if (this.#refusal !== undefined) return new Error(`${address}: ${this.#refusal}`);
    if (this.#file !== undefined) return new Error(`${address}: the server ended the connection; is it one of another version?`);
    return new Error(`${address}: the connection ended without a goodbye; the peer's process may have died`);
  }
}

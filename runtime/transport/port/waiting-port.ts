/** The rings of a thread that waits, to one that need not: the way of a blocking client to a server, or to a relay, in another thread. */
import type { BytePort } from "../links/byte-port.js";
import type { RingReader, RingWriter } from "../links/ring.js";
import { isWord, mayWait, newWord, ringBell, ThreadBell } from "../links/thread-bell.js";
import type { Peer } from "../transport.js";
import { TrustError, type TrustFault } from "../trust.js";
import { openChannel, type OwnPort, type PortLike } from "./message-port.js";
import { ask } from "./rendezvous.js";
import { endsOf, newRings, obstacle } from "./shared-memory.js";
import { Fate } from "./waiter.js";

/** A thread that ends without a word is noticed after this, in milliseconds, where the platform lets it be noticed. */
const SLICE_MS = 100;

/** The next message of a port, without waiting; undefined if there is none. Browsers have no such thing. */
export type ReceiveMessage = (port: OwnPort) => unknown;

export interface WaitingPortOptions {
  readonly address: string;
  readonly port: PortLike;
  readonly receive?: ReceiveMessage | undefined;
  /** Sent along for a relay: where to. */
  readonly to?: unknown;
  /** Called when the other thread is found to have ended; what that means, as a sentence. */
  readonly ended?: (() => string) | undefined;
}

/** What a relay posts before it ends a link for a reason of its own. */
export interface RelayFailure {
  readonly failure: string;
  readonly fault: TrustFault | undefined;
}

function failureIn(message: unknown): Error | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { failure, fault } = message as Partial<RelayFailure>;
  if (failure === undefined) return undefined;
  return fault === undefined ? new Error(failure) : new TrustError(fault, failure);
}

/** A relay stands for the transport that it leads to. */
function schemeIn(address: string): string {
  return address.slice(0, address.indexOf(":"));
}

let bell: ThreadBell | undefined;

export class WaitingPort implements BytePort {
  readonly peer: Peer;
  readonly #own: OwnPort;
  readonly #receive: ReceiveMessage | undefined;
  readonly #ended: (() => string) | undefined;
  readonly #fate: Int32Array;
  readonly #reader: RingReader;
  readonly #writer: RingWriter;
  readonly #bell: ThreadBell;
  /** Of the other thread, as soon as it is known. */
  #theirs: Int32Array | undefined;
  #heardAt = performance.now();
  #accepted = false;
  #dead = false;

  /** @throws Error whose message names the address and the remedy. */
  constructor({ address, port, receive, to, ended }: WaitingPortOptions) {
    const hindrance = obstacle() ?? (mayWait() ? undefined : "the thread of a page may not wait; call from a worker");
    if (hindrance !== undefined) throw new Error(`${address}: ${hindrance}`);
    this.peer = { transport: schemeIn(address), address };
    this.#receive = receive;
    this.#ended = ended;
    this.#bell = bell ??= new ThreadBell();
    this.#fate = newWord();
    const rings = newRings();
    ({ reader: this.#reader, writer: this.#writer } = endsOf(rings, 0));
    const { own, theirs } = openChannel();
    this.#own = own;
    try {
      ask(port, theirs, { shared: true, waiter: { rings, bell: this.#bell.word, fate: this.#fate }, to });
    } catch (error) {
      own.close();
      throw new Error(`${address}: the port takes no message; was it transferred to another thread?`, { cause: error });
    }
  }

  write(bytes: Uint8Array): number {
    if (!this.#isOpen) return 0;
    const length = Math.min(bytes.length, this.#writer.room(bytes.length));
    if (length === 0) return 0;
    this.#writer.put(bytes.subarray(0, length));
    this.#writer.publish();
    if (this.#writer.takeSleeper()) this.#own.postMessage(0);
    else if (this.#theirs !== undefined) ringBell(this.#theirs);
    return length;
  }

  read(target: Uint8Array): number {
    const fate = Atomics.load(this.#fate, 0);
    const length = this.#reader.take(target);
    if (length > 0) {
      this.#heardAt = performance.now();
      if (this.#reader.takeSleeper()) this.#own.postMessage(0);
      return length;
    }
    // What it was when it was looked at: what was written before the end has been read by now.
    if (fate === Fate.ASKED || fate === Fate.ACCEPTED) {
      if (!this.#isDead()) return 0;
      throw this.#failure(this.#ended?.() ?? "the other thread has ended");
    }
    throw this.#reason(fate);
  }

  wait(ms: number, forRoom: boolean): void {
    if (forRoom && this.#isOpen && !this.#writer.sleep()) return;
    this.#bell.wait(Math.min(ms, SLICE_MS));
  }

  release(): void {
    this.#own.postMessage(1);
    this.#own.close();
  }

  /** Asked now and then of a thread that is quiet. What it wrote at last is found in the ring before that counts. */
  #isDead(): boolean {
    const now = performance.now();
    if (this.#dead || now - this.#heardAt < SLICE_MS) return this.#dead;
    this.#heardAt = now;
    // Node says so of a port whose other end is gone.
    const reached: unknown = this.#own.postMessage(0);
    this.#dead = reached === false;
    return this.#dead && this.#reader.empty;
  }

  get #isOpen(): boolean {
    if (this.#accepted) return true;
    if (Atomics.load(this.#fate, 0) !== Fate.ACCEPTED) return false;
    this.#accepted = true;
    const message = this.#receive?.(this.#own);
    if (isWord(message)) this.#theirs = message;
    return true;
  }

  #reason(fate: number): Error {
    if (fate === Fate.REFUSED) return this.#failure("nobody listens there any more; the server has closed");
    if (fate === Fate.UNSHARED) return this.#failure("the server there shares no memory; let it listen on sharedMemory(port)");
    for (let message = this.#receive?.(this.#own); message !== undefined; message = this.#receive?.(this.#own)) {
      const failure = failureIn(message);
      if (failure !== undefined) return failure;
    }
    return this.#failure("the connection ended without a goodbye; the other thread may have ended");
  }

  #failure(sentence: string): Error {
    return new Error(`${this.peer.address}: ${sentence}`);
  }
}

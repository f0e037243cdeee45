/** Reads every frame that arrives, and holds both ends to what they owe each other. */
import { formatCallId, formatId } from "../../runtime/rpc/call-id.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { FrameError, FrameReader } from "../../runtime/rpc/frame-reader.js";
import { Kind, KIND_MASK, readCall, readGoaway, type CallHead } from "../../runtime/rpc/protocol/frame.js";
import { readHello, readWelcome } from "../../runtime/rpc/protocol/handshake.js";
import { PieceReceiver } from "../../runtime/rpc/protocol/pieces.js";
import type { SimEnd } from "./sim-link.js";
import type { FrameObserver } from "./sim-network.js";
import type { SimProcess } from "./sim-process.js";
import { methods, isGuarded, type MethodName } from "./sim-service.js";

/** The first byte of HELLO and WELCOME, which no other frame has. */
const GREETING = 0x72;

const NAMES = Object.keys(methods) as MethodName[];

/** A logical call as the wire has it. */
export interface WireCall {
  readonly id: string;
  readonly method: MethodName;
  /** Undefined where the requests are a stream. */
  readonly op: number | undefined;
  readonly attempts: number[];
  /** By server process and attempt: until when that process may begin it, by the time that came with the frame. */
  readonly beginsBy: Map<string, number>;
  reply: string | undefined;
}

interface Connection {
  clientId: Uint8Array | undefined;
  readonly pieces: Readonly<Record<"client" | "server", PieceReceiver>>;
  readonly streams: Map<number, WireCall>;
}

function connectionOf(): Connection {
  return { clientId: undefined, pieces: { client: new PieceReceiver(), server: new PieceReceiver() }, streams: new Map() };
}

export interface WiretapOwner {
  readonly now: number;
  violate(invariant: string, what: string): void;
  /** Undefined for none that it knows. */
  deadlineOf(op: number): number | undefined;
  /** Whether a frame may break the rules because the weather made it two. */
  readonly duplicates: boolean;
}

export class Wiretap implements FrameObserver {
  readonly calls = new Map<string, WireCall>();
  /** By the id that a server has on the wire. */
  readonly instances = new Map<string, SimProcess>();
  /** By client process: attempts beyond the first of calls that may run twice. */
  readonly retries = new Map<string, Set<string>>();
  readonly triedAgain = new Set<number>();
  readonly #owner: WiretapOwner;
  readonly #connections = new Map<number, Connection>();

  constructor(owner: WiretapOwner) {
    this.#owner = owner;
  }

  /** A client's call never takes more time along than it has left, whichever attempt it is. */
  sent(end: SimEnd, frame: Uint8Array): void {
    const first = frame[0] ?? 0;
    if (end.side !== "client" || (first & KIND_MASK) !== Kind.CALL || !end.process.name.startsWith("client")) return;
    const reader = new FrameReader(frame);
    const { remainingMs, attempt, method } = readCall(reader, reader.u8() & ~KIND_MASK);
    const op = opOf(reader.rest());
    const name = NAMES[method];
    if (attempt > 1 && name !== undefined && !isGuarded(name)) {
      const made = this.retries.get(end.process.name) ?? new Set();
      // A server that is going sends back what it has not begun: the same attempt leaves again.
      this.retries.set(end.process.name, made.add(`${op} ${attempt}`));
    }
    if (attempt > 1 && op !== undefined) this.triedAgain.add(op);
    const deadlineAt = op === undefined ? undefined : this.#owner.deadlineOf(op);
    if (op === undefined || deadlineAt === undefined) return;
    const leftMs = deadlineAt - this.#owner.now;
    if (leftMs === Infinity ? remainingMs !== 0 : remainingMs === 0 || remainingMs > Math.ceil(leftMs) + 1) {
      this.#owner.violate("I8", `attempt ${attempt} of ${op} takes ${remainingMs} ms along and has ${leftMs}`);
    }
  }

  arrived(end: SimEnd, frame: Uint8Array): void {
    const connection = this.#connections.get(end.id) ?? connectionOf();
    this.#connections.set(end.id, connection);
    if (frame[0] === GREETING) {
      if (end.side === "server") connection.clientId = readHello(frame).clientId;
      else this.#welcomed(end, frame);
      return;
    }
    const whole = this.#whole(end, connection, frame);
    if (whole === undefined) return;
    const reader = new FrameReader(whole);
    const first = reader.u8();
    const kind = first & KIND_MASK;
    if (kind === Kind.CALL && end.side === "server") this.#called(end.process, connection, readCall(reader, first & ~KIND_MASK), reader.rest());
    if (kind === Kind.REPLY && end.side === "client") this.#replied(connection, reader.varint(), reader.rest());
    if (kind === Kind.GOAWAY) {
      const { code, message } = readGoaway(reader);
      if (code === "UNAVAILABLE" || (code === "INVALID_ARGUMENT" && this.#owner.duplicates)) return;
      this.#owner.violate("I13", `a GOAWAY to the ${end.side}: ${code}: ${message}`);
    }
  }

  /** The frame, or that of which it is the last piece. */
  #whole(end: SimEnd, { pieces }: Connection, frame: Uint8Array): Uint8Array | undefined {
    if (((frame[0] ?? 0) & KIND_MASK) !== Kind.PIECE) return frame;
    const reader = new FrameReader(frame);
    reader.u8();
    try {
      return pieces[end.side].take(reader.varint(), reader, Infinity);
    } catch (error) {
      // One that came twice.
      if (error instanceof FrameError && this.#owner.duplicates) return undefined;
      throw error;
    }
  }

  #welcomed(end: SimEnd, frame: Uint8Array): void {
    try {
      this.instances.set(formatId(readWelcome(frame).instanceId), end.other.process);
    } catch (error) {
      // The server is full, or closing.
      if (!(error instanceof RpcError)) throw error;
    }
  }

  /** Infinity for a call without a deadline; undefined of an attempt that never came to the process. */
  beginsBy({ name }: SimProcess, callId: string, attempt: number): number | undefined {
    return this.calls.get(callId)?.beginsBy.get(`${name}/${attempt}`);
  }

  #called(process: SimProcess, connection: Connection, head: CallHead, payload: Uint8Array): void {
    const { clientId } = connection;
    const method = NAMES[head.method];
    if (clientId === undefined || method === undefined) return;
    const id = formatCallId({ client: head.key ?? clientId, sequence: head.sequence });
    const op = opOf(payload);
    const known: WireCall = this.calls.get(id) ?? { id, method, op, attempts: [], beginsBy: new Map(), reply: undefined };
    this.calls.set(id, known);
    if (known.op !== op || known.method !== method) this.#owner.violate("I5", `the id ${id} stands for ${known.method} ${known.op} and ${method} ${op}`);
    connection.streams.set(head.stream, known);
    known.attempts.push(head.attempt);
    const beginsBy = head.remainingMs === 0 ? Infinity : this.#owner.now + head.remainingMs;
    const frame = `${process.name}/${head.attempt}`;
    // A server that is going sends back what it has not begun, and the same attempt comes again.
    known.beginsBy.set(frame, Math.max(beginsBy, known.beginsBy.get(frame) ?? 0));
    if (head.hop > 0 && head.attempt > 1) this.#owner.violate("I7", `${method} ${op} is tried again below a retry`);
  }

  #replied(connection: Connection, stream: number, payload: Uint8Array): void {
    const call = connection.streams.get(stream);
    if (call === undefined || !isGuarded(call.method)) return;
    const reply = Buffer.from(payload).toString("latin1");
    if (call.reply !== undefined && call.reply !== reply) this.#owner.violate("I4", `${call.method} ${call.op} has two replies: ${call.reply.slice(0, 80)} and ${reply.slice(0, 80)}`);
    call.reply = reply;
  }
}

/** What the request says that it is about; undefined where the requests are a stream. */
function opOf(payload: Uint8Array): number | undefined {
  return payload.length === 0 ? undefined : (JSON.parse(Buffer.from(payload).toString()) as { op: number }).op;
}

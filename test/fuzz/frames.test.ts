/** Damaged frames and greetings: whatever reads them answers with its own error or with what they say. */
import { describe, expect, it } from "vitest";
import { FrameReader, FrameError } from "../../runtime/rpc/frame-reader.js";
import { 
  errorBody,
  Kind,
  readCall,
  readError,
  readGoaway,
  readSettle,
  writeCall,
  writeGoaway,
  writePayload,
  writeSettle,
} from "../../runtime/rpc/frame.js";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { readHello, readWelcome, writeHello, writeRefusal, writeWelcome } from "../../runtime/rpc/handshake.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { mutatedBytes } from "../random/mutate.js";
import { Random } from "../random/random.js";
import { hex } from "../reference/agreement.js";

const writer = new FrameWriter();
const id = new Uint8Array(16).fill(7);
const call = {
  stream: 1,
  method: 2,
  sequence: 300,
  ackBelow: 5,
  key: undefined,
  ageMs: 70_000,
  remainingMs: 1000,
  attempt: 2,
  hop: 1,
  rank: 1,
  headers: Uint8Array.of(0),
};
const error = {
  code: "NOT_FOUND",
  executed: "yes",
  reason: undefined,
  retryAfterMs: 5,
  errorName: "a.B",
  message: "é",
  details: Uint8Array.of(1),
} as const;

/** The reader gets a frame without its first byte. */
const behindKind = (read: (reader: FrameReader, flags: number) => unknown) => (bytes: Uint8Array) =>
  read(new FrameReader(bytes.subarray(1)), bytes[0] ?? 0);

describe.each([
  [
    "CALL",
    behindKind((reader, first) => readCall(reader, first & 0xf0)),
    [writeCall(writer, call, Uint8Array.of(1, 2)), writeCall(writer, { ...call, key: id }, id)],
  ],
  [
    "SETTLE",
    behindKind((reader, first) => readSettle(reader, first & 0xf0)),
    [writeSettle(writer, call), writeSettle(writer, { ...call, key: id, headers: undefined })],
  ],
  ["ERROR", behindKind(readError), [writePayload(writer, Kind.ERROR, 1, errorBody(error))]],
  ["GOAWAY", behindKind(readGoaway), [writeGoaway(writer, { lastStream: 300, code: "UNAVAILABLE", message: "soon" })]],
  ["a client's greeting", readHello, [writeHello({ ...DEFAULT_LIMITS, clientId: id, boundInstance: id })]],
  [
    "a server's greeting",
    readWelcome,
    [
      writeWelcome(id, [{ name: "a.B", fingerprint: "f", methods: {} }], DEFAULT_LIMITS, {
        retentionMs: 600_000,
        storeId: "orders",
      }),
      writeRefusal("UNAVAILABLE", "later"),
    ],
  ],
])("%s", (_name, read, whole) => {
  it("is read, or refused with an error of its own", () => {
    const random = new Random(1);
    const seeds = whole.map((bytes) => bytes.slice());
    let answered = 0;
    for (let left = 20_000; left > 0; left--) {
      const bytes = mutatedBytes(random, random.pick(seeds), seeds);
      try {
        read(bytes);
        answered++;
      } catch (failure) {
        if (!(failure instanceof FrameError) && !(failure instanceof RpcError))
          expect.fail(`${hex(bytes)}: ${String(failure)}`);
      }
    }
    expect(answered).toBeGreaterThan(0);
  });
});

/** Frames and greetings with every part that they may have, to be damaged. */
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { errorBody, Kind, writeCall, writeGoaway, writePayload, writeSettle } from "../../runtime/rpc/protocol/frame.js";
import { writeHello, writeRefusal, writeWelcome } from "../../runtime/rpc/protocol/handshake.js";

const writer = new FrameWriter();
const id = new Uint8Array(16).fill(7);
const usual = {
  stream: 1,
  method: 2,
  sequence: 300,
  ackBelow: 5,
  key: undefined,
  ageMs: 0,
  remainingMs: 1000,
  attempt: 1,
  hop: 0,
  rank: 1,
  headers: undefined,
};
const unusual = { ...usual, ageMs: 2 ** 40, attempt: 2, hop: 1, rank: 3, headers: Uint8Array.of(1, 1, 0x61, 1, 0x62) };
const keyed = { ...usual, key: id, sequence: 0, ackBelow: 0, ageMs: 9 };
const failure = {
  code: "NOT_FOUND",
  executed: "yes",
  reason: "STALE",
  retryAfterMs: 5,
  errorName: "a.B",
  message: "é",
  details: Uint8Array.of(1),
} as const;

/** Each has its bytes to itself. */
function whole(...frames: readonly Uint8Array[]): readonly Uint8Array[] {
  return frames.map((bytes) => bytes.slice());
}

export const calls = whole(
  writeCall(writer, usual, id),
  writeCall(writer, unusual, id),
  writeCall(writer, keyed, id),
  writeCall(writer, { ...usual, session: { id, ordinal: 3 } }, id),
);

export const settles = whole(writeSettle(writer, usual), writeSettle(writer, { ...keyed, headers: unusual.headers }));

export const errors = whole(writePayload(writer, Kind.ERROR, 1, errorBody(failure)));

export const goaways = whole(writeGoaway(writer, { lastStream: 300, code: "UNAVAILABLE", message: "soon" }));

export const hellos = whole(writeHello({ ...DEFAULT_LIMITS, clientId: id, boundInstance: id, challenge: id }));

export const welcomes = whole(
  writeWelcome(id, [{ name: "a.B", fingerprint: "f", methods: {} }], DEFAULT_LIMITS, { retentionMs: 600_000, storeId: "orders" }, { proof: id, offer: id }),
  writeRefusal("UNAVAILABLE", "later"),
);

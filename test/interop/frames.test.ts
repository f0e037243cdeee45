/** Damaged frames, greetings and headers: the runtime and the implementation in Python read the same parts, or both refuse them. INTEROP_SEED repeats a run. */
import { expect, it } from "vitest";
import { numberOfReason } from "../../runtime/rpc/codes.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { FrameError, FrameReader } from "../../runtime/rpc/frame-reader.js";
import { decodeHeaders, encodeHeaders } from "../../runtime/rpc/headers.js";
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { Kind, readCall, readError, readGoaway, readSettle } from "../../runtime/rpc/protocol/frame.js";
import { readHello, readWelcome } from "../../runtime/rpc/protocol/handshake.js";
import { describeUnless } from "../left-out.js";
import { mutatedBytes } from "../random/mutate.js";
import { Random } from "../random/random.js";
import { calls, errors, goaways, hellos, settles, welcomes } from "../random/whole-frames.js";
import { hex } from "../reference/agreement.js";
import { linesOf, missingPython } from "./python.js";

const SEED = Number(process.env["INTEROP_SEED"] ?? 1);
const DAMAGED = 1500;

const hexOf = (bytes: Uint8Array | undefined): string => hex(bytes ?? new Uint8Array());
const orNull = (bytes: Uint8Array | undefined): string | null => (bytes === undefined ? null : hex(bytes));

/** Of a frame whose kind the damage left as it was. */
function partsOfFrame(bytes: Uint8Array): readonly unknown[] {
  const reader = new FrameReader(bytes);
  const first = reader.u8();
  const kind = first & 15;
  if (kind === Kind.CALL) {
    const { stream, method, key, sequence, ackBelow, ageMs, remainingMs, attempt, hop, rank, session, headers } =
      readCall(reader, first & 0xf0);
    const place = session === undefined ? [] : [hex(session.id), session.ordinal];
    return [
      stream,
      method,
      hexOf(key),
      sequence,
      ackBelow,
      ageMs,
      remainingMs,
      attempt,
      hop,
      rank,
      ...place,
      hexOf(headers),
      hexOf(reader.rest()),
    ];
  }
  if (kind === Kind.SETTLE) {
    const { stream, method, key, sequence, ageMs, headers } = readSettle(reader, first & 0xf0);
    return [stream, method, hexOf(key), sequence, 0, ageMs, 0, 1, 0, 1, hexOf(headers), ""];
  }
  if (first !== kind) throw new FrameError("the session refuses flags");
  if (kind === Kind.ERROR) {
    reader.varint();
    const { code, executed, reason, retryAfterMs, errorName, message, details } = readError(reader);
    const pushback = retryAfterMs === undefined ? 0 : retryAfterMs < 0 ? 1 : retryAfterMs + 2;
    return [code, executed, numberOfReason(reason), pushback, errorName, message, hex(details)];
  }
  const { lastStream, code, message } = readGoaway(reader);
  return [lastStream, code, message];
}

function partsOfHello(bytes: Uint8Array): readonly unknown[] {
  const { clientId, boundInstance, challenge, maxMessageBytes, streamWindowBytes, connectionWindowBytes } =
    readHello(bytes);
  return [
    hex(clientId),
    orNull(boundInstance),
    orNull(challenge),
    maxMessageBytes,
    streamWindowBytes,
    connectionWindowBytes,
  ];
}

function partsOfWelcome(bytes: Uint8Array): readonly unknown[] {
  const { instanceId, proof, offer, maxMessageBytes, streamWindowBytes, connectionWindowBytes, retentionMs, methods } =
    readWelcome(bytes);
  const windows = [maxMessageBytes, streamWindowBytes, connectionWindowBytes, retentionMs ?? null];
  return [
    hex(instanceId),
    orNull(proof),
    orNull(offer),
    ...windows,
    [...methods].map(([path, { semantics }]) => [path, semantics ?? ""]),
  ];
}

const partsOfHeaders = (bytes: Uint8Array): readonly unknown[] =>
  Object.entries(decodeHeaders(bytes, DEFAULT_LIMITS)).sort(([a], [b]) => (a < b ? -1 : 1));

const TOPICS: readonly (readonly [
  topic: string,
  parts: (bytes: Uint8Array) => readonly unknown[],
  whole: readonly Uint8Array[],
])[] = [
  ["frame", partsOfFrame, [...calls, ...settles, ...errors, ...goaways]],
  ["hello", partsOfHello, hellos],
  ["welcome", partsOfWelcome, welcomes],
  ["headers", partsOfHeaders, [encodeHeaders({ a: "b", "a-longer.key_9": "é 漢", empty: "" }, DEFAULT_LIMITS)]],
];

describeUnless(missingPython(), "the runtime and Python agree about frames", () => {
  it.each(TOPICS)("%s", (topic, parts, corpus) => {
    const random = new Random(SEED);
    const kinds = new Set(corpus.map(([first = 0]) => first & 15));
    const damaged = Array.from({ length: DAMAGED }, () => mutatedBytes(random, random.pick(corpus), corpus)).filter(
      ([first = 0]) => topic !== "frame" || kinds.has(first & 15),
    );
    const cases = [...corpus, ...damaged];
    const answers = linesOf(
      "frames.py",
      cases.map((bytes) => ({ [topic]: hex(bytes) })),
    );
    cases.forEach((bytes, at) => {
      let ours;
      try {
        ours = parts(bytes);
      } catch (error) {
        if (!(error instanceof FrameError) && !(error instanceof RpcError)) throw error;
        expect(answers[at], `${hex(bytes)}: ${error.message}`).toHaveProperty("refused");
        return;
      }
      expect(answers[at], hex(bytes)).toEqual(ours);
    });
  });
});

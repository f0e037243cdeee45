/** Damaged frames and greetings: whatever reads them answers with its own error or with what they say. */
import { describe, expect, it } from "vitest";
import { RpcError } from "../../runtime/rpc/errors.js";
import { FrameReader, FrameError } from "../../runtime/rpc/frame-reader.js";
import { readCall, readError, readGoaway, readSettle } from "../../runtime/rpc/protocol/frame.js";
import { readHello, readWelcome } from "../../runtime/rpc/protocol/handshake.js";
import { mutatedBytes } from "../random/mutate.js";
import { Random } from "../random/random.js";
import { calls, errors, goaways, hellos, settles, welcomes } from "../random/whole-frames.js";
import { hex } from "../reference/agreement.js";

/** The reader gets a frame without its first byte. */
const behindKind = (read: (reader: FrameReader, flags: number) => unknown) => (bytes: Uint8Array) =>
  read(new FrameReader(bytes.subarray(1)), bytes[0] ?? 0);

describe.each([
  ["CALL", behindKind((reader, first) => readCall(reader, first & 0xf0)), calls],
  ["SETTLE", behindKind((reader, first) => readSettle(reader, first & 0xf0)), settles],
  ["ERROR", behindKind(readError), errors],
  ["GOAWAY", behindKind(readGoaway), goaways],
  ["a client's greeting", readHello, hellos],
  ["a server's greeting", readWelcome, welcomes],
])("%s", (_name, read, seeds) => {
  it("is read, or refused with an error of its own", () => {
    const random = new Random(1);
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

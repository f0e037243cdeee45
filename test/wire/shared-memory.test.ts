/** Results share pieces of memory, and nobody may notice who looks at the bytes alone. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { giveUp } from "../../runtime/wire/own-memory.js";
import { sameBytes } from "../../runtime/wire/same-bytes.js";
import { type AnyCodec, loadGenerated } from "../load-generated.js";

const IDL = `package sharing;
message Blob { data: bytes = 1; @typedArray numbers: f64[] = 2; text: string = 3; }`;

/** Around each of the sizes at which memory is got in another way. */
const length = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 3_000 }),
  fc.constantFrom(7_900, 8_192, 16_000, 32_000, 33_000, 70_000, 140_000),
);

interface Blob {
  readonly data: Uint8Array;
  readonly numbers: Float64Array;
  readonly text: string;
}

let codec: AnyCodec;
beforeAll(async () => {
  codec = (await loadGenerated({ "sharing.idl": IDL })).subjects[0]?.codec ?? expect.fail();
});

function blob(size: number, mark: number): Blob {
  return {
    data: new Uint8Array(size).fill(mark),
    numbers: new Float64Array(size >>> 4).fill(mark),
    text: String.fromCharCode(0x61 + (mark % 26)).repeat(size >>> 2),
  };
}

function isBlob(value: Blob, size: number, mark: number): boolean {
  const { data, numbers, text } = blob(size, mark);
  return sameBytes(value.data, data) && value.numbers.every((n) => n === mark) && value.numbers.length === numbers.length && value.text === text;
}

test("what was encoded or decoded stays as it was, whatever comes after it and is written into", () => {
  fc.assert(
    fc.property(fc.array(length, { minLength: 1, maxLength: 40 }), (sizes) => {
      const encoded = sizes.map((size, mark) => codec.encode(blob(size, mark)));
      const decoded = encoded.map((bytes) => codec.decode(bytes) as Blob);
      for (const [at, value] of decoded.entries()) expect(isBlob(value, sizes[at] as number, at)).toBe(true);
      for (const [at, { data, numbers }] of decoded.entries()) {
        encoded[at]?.fill(0xff);
        data.fill(0xee);
        numbers.fill(-1);
        const next = decoded[at + 1];
        if (next !== undefined) expect(isBlob(next, sizes[at + 1] as number, at + 1)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test("memory that a caller gave to another thread is not written into any more", () => {
  for (const size of [100, 1_000, 20_000, 100_000]) {
    const { buffer } = codec.encode(blob(size, 1));
    structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
    const decoded = codec.decode(codec.encode(blob(size, 2))) as Blob;
    expect(isBlob(decoded, size, 2)).toBe(true);
    structuredClone(decoded.data.buffer, { transfer: [decoded.data.buffer as ArrayBuffer] });
    expect(isBlob(codec.decode(codec.encode(blob(size, 3))) as Blob, size, 3)).toBe(true);
  }
});

test("of a message that has its memory to itself, the first value that is decoded keeps it, and no other has a part of it", () => {
  const message = { ...blob(1_000_000, 7), numbers: new Float64Array(3), text: "" };
  for (const [given, isKept] of [[true, true], [false, false]] as const) {
    const bytes = codec.encode(message);
    if (given) giveUp(bytes.buffer);
    const first = codec.decode(bytes) as Blob;
    const second = codec.decode(bytes) as Blob;
    expect([first.data.buffer === bytes.buffer, second.data.buffer === bytes.buffer]).toEqual([isKept, false]);
    first.data.fill(1);
    expect(second.data.every((byte) => byte === 7)).toBe(true);
  }
});

test("a value that fills less than half of its message's memory does not keep it", () => {
  const bytes = codec.encode({ ...blob(400_000, 7), numbers: new Float64Array(100_000) });
  giveUp(bytes.buffer);
  expect((codec.decode(bytes) as Blob).data.buffer).not.toBe(bytes.buffer);
});

test("memory that threads share is copied, for another may write to it", () => {
  const encoded = codec.encode({ ...blob(1_000_000, 7), numbers: new Float64Array(0), text: "" });
  const bytes = new Uint8Array(new SharedArrayBuffer(encoded.length));
  bytes.set(encoded);
  giveUp(bytes.buffer);
  expect((codec.decode(bytes) as Blob).data.buffer).not.toBe(bytes.buffer);
});

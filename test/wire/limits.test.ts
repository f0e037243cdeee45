/** Hostile and extreme input: bounded depth and memory (nodes: node-limit.test.ts); no prototype touched; one encode within another. */
import { beforeAll, describe, expect, test } from "vitest";
import { DecodeError, EncodeError } from "../../runtime/wire/errors.js";
import { loadGenerated, type AnyCodec } from "../load-generated.js";

const IDL = `package limits;
message Chain { next?: Chain = 1; }
message Nest { all: Nest[] = 1; }
message Texts { all: string[] = 1; text: string = 2; by: map<u32, string> = 3; }
message Numbers { all: u8[] = 1; reals: f64[] = 2; data: bytes = 3; @typedArray typed: f64[] = 4; }
struct Link { text: string; next: Link[]; }
union Tree { leaf: u8 = 1; left: Tree = 2; }`;

const codecs: Record<string, AnyCodec> = {};
beforeAll(async () => {
  const { subjects } = await loadGenerated({ "limits.idl": IDL });
  for (const { name, codec } of subjects) codecs[name.replace("limits.", "")] = codec;
});
const codec = (name: string): AnyCodec => codecs[name] as AnyCodec;

describe("depth", () => {
  const nested: Readonly<Record<string, (depth: number) => unknown>> = {
    Chain: (depth) => wrap(depth, {}, (next) => ({ next })),
    Nest: (depth) => wrap(depth, { all: [] }, (inner) => ({ all: [inner] })),
    Link: (depth) => wrap(depth, { text: "", next: [] }, (next) => ({ text: "", next: [next] })),
    Tree: (depth) => wrap(depth, { kind: "leaf", value: 0 }, (value) => ({ kind: "left", value })),
  };
  test.each(Object.entries(nested))("of %s is 100 at most, both ways", (name, make) => {
    const deepest = make(100);
    expect(codec(name).decode(codec(name).encode(deepest))).toStrictEqual(deepest);
    expect(() => codec(name).encode(make(101))).toThrow(EncodeError);
    expect(() => codec(name).encode(make(100_000))).toThrow(EncodeError);
  });

  test("a list in a list in a list does not exhaust the stack of one who skips it", () => {
    expect(() => codec("Chain").decode(Uint8Array.from([0, 0x16, ...new Array<number>(50_000).fill(0x0e)]))).toThrow(
      DecodeError,
    );
  });
});

function wrap(depth: number, innermost: unknown, around: (inner: unknown) => unknown): unknown {
  let value = innermost;
  for (let level = 1; level < depth; level++) value = around(value);
  return value;
}

describe("a length or count on its own", () => {
  const huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
  test.each<[string, string, number[]]>([
    ["elements", "Texts", [0, 0x0e, 0xfb, 0xff, 0xff, 0xff, 0x0f]],
    ["units of text", "Texts", [0, 0x13, ...huge]],
    ["units of long text", "Texts", [0, 0x13, ...huge, 0]],
    ["units of the pool", "Texts", [0xfe, 0xff, 0xff, 0xff, 0x0f]],
    ["entries", "Texts", [0, 0x1e, 0xf8, 0xff, 0xff, 0xff, 0x0f, 0x03]],
    ["bytes", "Numbers", [0, 0x1c, ...huge]],
    ["flat elements", "Numbers", [0, 0x0c, ...huge]],
    ["elements of a typed array", "Numbers", [0, 0x24, 0xf8, 0xff, 0xff, 0xff, 0x0f]],
    ["what a skipped field states", "Chain", [0, 0x14, ...huge]],
  ])("of %s reserves nothing", (_, name, head) => {
    const before = process.memoryUsage();
    expect(() => codec(name).decode(Uint8Array.from([...head, ...new Array<number>(50).fill(0)]))).toThrow(DecodeError);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(8 << 20);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(64 << 20);
  });
});

test("random bytes are a value or a DecodeError, and leave the prototypes as they were", () => {
  const before = JSON.stringify(
    [Object.prototype, Array.prototype, Map.prototype].map((of) => Reflect.ownKeys(of).map(String)),
  );
  let state = 7;
  const byte = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24;
  for (const [name, { decode, encode }] of Object.entries(codecs)) {
    for (let run = 0; run < 20_000; run++) {
      const bytes = Uint8Array.from({ length: byte() % 24 }, () => (byte() < 128 ? byte() % 32 : byte()));
      try {
        expect(encode(decode(bytes)), name).toEqual(bytes);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
    }
  }
  const after = JSON.stringify(
    [Object.prototype, Array.prototype, Map.prototype].map((of) => Reflect.ownKeys(of).map(String)),
  );
  expect(after).toBe(before);
});

describe("what the results share", () => {
  test("bytes of an encode are its own: the next does not change them", () => {
    const { encode, decode } = codec("Texts");
    const values = ["a", "漢字", "x".repeat(100), "y".repeat(5000)].map((text) => ({
      all: [text],
      text,
      by: new Map(),
    }));
    const all = values.map((value) => encode(value));
    expect(all.map((bytes) => decode(bytes))).toStrictEqual(values);
    for (const bytes of all) expect(bytes.constructor).toBe(Uint8Array);
  });

  test("decoded bytes and typed arrays are copies, from a Buffer at an odd offset too", () => {
    const value = { all: [1, 2], reals: [0.5], data: Uint8Array.of(1, 2, 3), typed: Float64Array.of(1.5, Number.NaN) };
    const encoded = codec("Numbers").encode(value);
    const within = Buffer.concat([Buffer.from("x"), encoded, Buffer.from("y")]).subarray(1, -1);
    const decoded = codec("Numbers").decode(within) as typeof value;
    expect(decoded).toStrictEqual(value);
    within.fill(0);
    expect(decoded).toStrictEqual(value);
    expect(decoded.data.constructor).toBe(Uint8Array);
    expect(decoded.data.buffer.byteLength).toBe(3);
  });

  test("an encode within another's getter disturbs neither", () => {
    const { encode, decode } = codec("Texts");
    let inner: Uint8Array | undefined;
    const outer = {
      all: ["before"],
      get text() {
        inner = encode({ all: ["inner"], text: "within", by: new Map() });
        return "after";
      },
      by: new Map([[1, "last"]]),
    };
    expect(decode(encode(outer))).toStrictEqual({ all: ["before"], text: "after", by: new Map([[1, "last"]]) });
    expect(decode(inner as Uint8Array)).toMatchObject({ all: ["inner"] });
  });

  test("what a failed decode held is let go, and the next one is right", () => {
    const { encode, decode } = codec("Texts");
    const bytes = encode({ all: ["a"], text: "b", by: new Map() });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decode(bytes.subarray(0, length))).toThrow(DecodeError);
      expect(decode(bytes)).toMatchObject({ all: ["a"], text: "b" });
    }
  });
});

test("what is not a Uint8Array is a DecodeError", () => {
  for (const wrong of [undefined, null, "00", [0, 0], new ArrayBuffer(2), new Uint16Array(1)]) {
    expect(() => codec("Chain").decode(wrong as unknown as Uint8Array)).toThrow(DecodeError);
  }
});

/** A value has the same bytes wherever the writer's buffer ends while it is written. */
import { expect, test } from "vitest";
import { sameBytes } from "../../runtime/wire/same-bytes.js";
import { Writer } from "../../runtime/wire/writer.js";
import { loadGenerated } from "../load-generated.js";

const IDL = `package growth;
union Choice { name: string = 1; blob: bytes = 2; }
struct Flat { a: u8; b: f64; }
struct Loose { text: string; tags: string[]; }
message Small { a: i32 = 1; b: u64 = 2; far: bool = 20; }
message All {
  body: bytes = 1; labels: map<string, string> = 2; when: timestamp = 3; small: Small = 4; smalls: Small[] = 5; choice: Choice = 6;
  flat: Flat = 7; loose: Loose[] = 8; counts: map<u32, Small> = 9; numbers: f64[] = 10; text: string = 11; long: string = 12;
  @typedArray typed: i32[] = 13; last: i64 = 14;
}
message Tiny { loose?: Loose = 1; choice?: Choice = 2; tinies: Tiny[] = 3; n: u32 = 4; }`;

test("wherever the buffer grows", async () => {
  const { codecs } = await loadGenerated({ "growth.idl": IDL }).then(({ subjects }) => ({ codecs: subjects }));
  const codec = codecs.find(({ name }) => name === "growth.All")?.codec as unknown as {
    encode(value: unknown): Uint8Array;
    write(writer: Writer, value: unknown): void;
  };
  const small = { a: -70_000, b: 2n ** 60n, far: true };
  const value = (length: number): unknown => ({
    body: new Uint8Array(length).fill(7),
    labels: new Map([["a", "b"], ["c", "ü"]]),
    when: new Date(1),
    small,
    smalls: [small, small],
    choice: { kind: "blob", value: new Uint8Array(40) },
    flat: { a: 1, b: 2 },
    loose: [{ text: "x", tags: ["y", "z"] }, { text: "", tags: [] }],
    counts: new Map([[1, small], [300, small]]),
    numbers: [1, 2, 3],
    text: "short",
    long: "l".repeat(300),
    typed: Int32Array.of(1, -1),
    last: -1n,
  });
  codec.encode(value(20_000));
  for (let length = 0; length < 1_200; length++) {
    const writer = new Writer(new Uint8Array(300));
    codec.write(writer, value(length));
    expect(sameBytes(writer.finish(), codec.encode(value(length)))).toBe(true);
  }
});

test("and where a small value just fits, so that only what is written last could make it grow", async () => {
  const { subjects } = await loadGenerated({ "growth.idl": IDL });
  const codec = subjects.find(({ name }) => name === "growth.Tiny")?.codec as unknown as {
    write(writer: Writer, value: unknown): void;
  };
  const loose = { text: "", tags: [] };
  const values = [
    { tinies: [], n: 0 },
    { tinies: [], n: 5 },
    { loose, tinies: [], n: 0 },
    { loose: { text: "ab", tags: ["c"] }, tinies: [], n: 0 },
    { choice: { kind: "name", value: "" }, tinies: [{ loose, tinies: [], n: 1 }], n: 2 },
    { loose: { text: "x".repeat(130), tags: Array<string>(200).fill("y") }, tinies: [], n: 0 },
  ];
  for (const value of values) {
    const written = (capacity: number): string => {
      const writer = new Writer(new Uint8Array(capacity));
      const finish = (of: unknown): string => {
        codec.write(writer, of);
        return writer.finish().join();
      };
      // The first one stays where it is, before the second.
      return finish({ tinies: Array<unknown>(40).fill({ tinies: [], n: 1 }), n: 0 }) + finish(value);
    };
    const roomy = written(10_000);
    for (let capacity = 256; capacity < 1_200; capacity++) expect([capacity, written(capacity)]).toEqual([capacity, roomy]);
  }
});

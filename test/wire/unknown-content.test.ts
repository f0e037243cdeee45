/** What a program does not know: kept on the object, carried by copies, and written back in its place. */
import { beforeAll, describe, expect, test } from "vitest";
import { DecodeError, EncodeError } from "../../runtime/wire/errors.js";
import { loadGenerated, type AnyCodec } from "../load-generated.js";

const IDL = `package unknown;
message Inner { n: u32 = 1; text: string = 2; }
union Choice { a: u32 = 1; inner: Inner = 2; word: string = 3; }
union OldChoice { a: u32 = 1; }
message New { first: string = 1; inner: Inner = 5; words: string[] = 6; last: string = 9; more: u64 = 11; choice?: Choice = 12; }
message Old { first: string = 1; last: string = 9; choice?: OldChoice = 12; }
message Other { first: string = 1; last: string = 9; }
enum Level { NONE = 0; HIGH = 7; }
message Levels { one: Level = 1; many: Level[] = 2; by: map<Level, u8> = 3; }`;

const UNKNOWN_FIELDS = Symbol.for("rpcgen.unknownFields");
const NEW = {
  first: "the first",
  inner: { n: 1, text: "inside" },
  words: ["one", "", "three"],
  last: "the last",
  more: 12n,
  choice: { kind: "inner", value: { n: 2, text: "chosen" } },
};

let codecs: Record<string, AnyCodec>;
beforeAll(async () => {
  const { subjects } = await loadGenerated({ "unknown.idl": IDL });
  codecs = Object.fromEntries(subjects.map(({ name, codec }) => [name.replace("unknown.", ""), codec]));
});

const codec = (name: string): AnyCodec => codecs[name] as AnyCodec;
const decodedByOld = (): Record<string | symbol, unknown> =>
  codec("Old").decode(codec("New").encode(NEW)) as Record<string, unknown>;

describe("unknown fields", () => {
  test("do not show among the keys, and are not there when there are none", () => {
    expect(Object.keys(decodedByOld())).toEqual(["first", "last", "choice"]);
    const known = codec("Old").decode(codec("Old").encode({ first: "a", last: "b" })) as object;
    expect(Reflect.ownKeys(known)).toEqual(["first", "last"]);
  });

  test("come back in their places, with their text", () => {
    expect(codec("Old").encode(decodedByOld())).toEqual(codec("New").encode(NEW));
  });

  test("are carried by a copy, and known fields may change beside them", () => {
    const changed = codec("Old").encode({ ...decodedByOld(), first: "変わった", last: "" });
    expect(codec("New").decode(changed)).toStrictEqual({ ...NEW, first: "変わった", last: "" });
  });

  test("are not carried into another type by a copy", () => {
    const { choice: _, ...fields } = decodedByOld();
    const asOther = codec("Other").encode(fields);
    expect(asOther).toEqual(codec("Other").encode({ first: NEW.first, last: NEW.last }));
  });

  test("leave with the symbol's property", () => {
    const value = decodedByOld();
    delete value[UNKNOWN_FIELDS];
    delete value["choice"];
    expect(codec("New").decode(codec("Old").encode(value))).toStrictEqual({
      first: NEW.first,
      inner: { n: 0, text: "" },
      words: [],
      last: NEW.last,
      more: 0n,
    });
  });

  test("that were tampered with are an EncodeError", () => {
    const value = decodedByOld();
    const { type, bytes } = value[UNKNOWN_FIELDS] as { type: string; bytes: Uint8Array };
    for (const damaged of [bytes.subarray(1), bytes.subarray(0, -1), new Uint8Array(0)]) {
      expect(() => codec("Old").encode({ ...value, [UNKNOWN_FIELDS]: { type, bytes: damaged } })).toThrow(EncodeError);
    }
  });

  test("whose number is known by now give way to the known ones", () => {
    const value = codec("Old").decode(codec("New").encode(NEW)) as Record<symbol, { bytes: Uint8Array }>;
    const unknown = { type: "unknown.New", bytes: (value[UNKNOWN_FIELDS] as { bytes: Uint8Array }).bytes };
    const again = codec("New").encode({ ...NEW, more: 99n, [UNKNOWN_FIELDS]: unknown });
    expect(codec("New").decode(again)).toStrictEqual({ ...NEW, more: 99n });
  });

  test("cost the decoder no more than a small multiple of their bytes", () => {
    // Field 2, a list of empty strings: the most elements for their bytes.
    const list = [0x16, ...listHead(100_000), ...new Uint8Array(100_000)];
    const value = codec("Old").decode(Uint8Array.from([0x00, ...list, 0x00]));
    const kept = (value as Record<symbol, { bytes: Uint8Array }>)[UNKNOWN_FIELDS] as { bytes: Uint8Array };
    expect(kept.bytes.length).toBeLessThan(100_020);
  });
});

function listHead(count: number): number[] {
  const bytes: number[] = [];
  let rest = count * 8 + 3;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

describe("an unknown member of a union", () => {
  test("says its number, and is written as it was", () => {
    const { choice } = decodedByOld() as { choice: { kind: string; number: number; bytes: Uint8Array } };
    expect(choice).toMatchObject({ kind: "$unknown", number: 2 });
    expect(codec("Choice").decode(choice.bytes)).toStrictEqual(NEW.choice);
    expect(codec("OldChoice").encode(choice)).toEqual(choice.bytes);
  });

  test("may stand anywhere in another value", () => {
    const word = codec("OldChoice").decode(codec("Choice").encode({ kind: "word", value: "漢字" }));
    const moved = codec("Old").encode({ first: "x", last: "y", choice: word });
    expect(codec("New").decode(moved)).toMatchObject({
      first: "x",
      choice: { kind: "word", value: "漢字" },
      last: "y",
    });
  });

  test("with bytes of something else is an EncodeError", () => {
    const word = codec("OldChoice").decode(codec("Choice").encode({ kind: "word", value: "w" })) as {
      bytes: Uint8Array;
    };
    for (const wrong of [
      { number: 4 },
      { number: "3" },
      { bytes: word.bytes.subarray(1) },
      { bytes: "3" },
      { bytes: codec("New").encode(NEW) },
    ]) {
      expect(() => codec("OldChoice").encode({ ...word, ...wrong })).toThrow(EncodeError);
    }
  });
});

test("an unknown number of an enum is that number again", () => {
  const value = {
    one: 99,
    many: [0, -5, 7],
    by: new Map([
      [-1, 1],
      [8, 2],
    ]),
  };
  expect(codec("Levels").decode(codec("Levels").encode(value))).toStrictEqual(value);
});

test("a known field of another wire type is no unknown field", () => {
  // Field 1 as a varint, where a string is due.
  expect(() => codec("Old").decode(Uint8Array.of(0x00, 0x08, 0x01, 0x00))).toThrow(DecodeError);
});

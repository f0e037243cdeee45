/** The vectors of `test/vectors` hold for generated code, in every direction that they speak of. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { DecodeError, EncodeError } from "../../runtime/wire/errors.js";
import { loadGenerated } from "../load-generated.js";

interface Codec {
  readonly encode: (value: unknown) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly toJson: (value: unknown) => unknown;
  readonly fromJson: (json: unknown) => unknown;
}

interface Topic {
  readonly wire: number;
  readonly idl: readonly string[];
  readonly encodes?: readonly { name: string; type: string; within?: string; json: unknown; hex: string }[];
  readonly failsToEncode?: readonly { name: string; type: string; json: unknown }[];
  readonly failsToDecode?: readonly { name: string; type: string; hex: string }[];
  readonly keeps?: readonly { name: string; older: string; newer: string; json: unknown; hex: string }[];
}

const folder = fileURLToPath(new URL("../vectors", import.meta.url));
const topics = readdirSync(folder).filter((name) => name.endsWith(".json"));

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

test("there are vectors of every kind, and many", () => {
  const all = topics.map((name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as Topic);
  const count = (kind: "encodes" | "failsToEncode" | "failsToDecode" | "keeps"): number =>
    all.reduce((sum, topic) => sum + (topic[kind]?.length ?? 0), 0);
  expect(count("encodes")).toBeGreaterThan(200);
  expect(count("failsToEncode")).toBeGreaterThan(40);
  expect(count("failsToDecode")).toBeGreaterThan(100);
  expect(count("keeps")).toBeGreaterThan(5);
});

describe.each(topics)("%s", (file) => {
  const topic = JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Topic;
  const codecs = new Map<string, Codec>();

  beforeAll(async () => {
    const { subjects } = await loadGenerated({ "vectors.idl": topic.idl.join("\n") });
    for (const { name, codec } of subjects) codecs.set(name, codec as Codec);
  });

  function codecOf(name: string): Codec {
    const codec = codecs.get(name);
    if (codec === undefined) throw new Error(`no type ${name}`);
    return codec;
  }

  test("is of this version", () => expect(topic.wire).toBe(1));

  for (const { name, type, within, json, hex } of topic.encodes ?? []) {
    test(`${type} encodes: ${name}`, () => {
      const { encode, decode } = codecOf(type);
      const holder = codecOf(within ?? type);
      const value =
        within === undefined ? holder.fromJson(json) : (holder.fromJson({ value: json }) as { value: unknown }).value;
      expect(hexOf(encode(value))).toBe(hex);
      expect(decode(bytesOf(hex))).toStrictEqual(value);
      if (within === undefined) expect(holder.fromJson(holder.toJson(value))).toStrictEqual(value);
    });

    test(`${type} refuses prefixes and trailing bytes: ${name}`, () => {
      const { decode } = codecOf(type);
      const bytes = bytesOf(hex);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decode(bytes.subarray(0, length)), `${length} bytes`).toThrow(DecodeError);
      }
      expect(() => decode(bytesOf(`${hex}00`))).toThrow(DecodeError);
    });
  }

  for (const { name, type, json } of topic.failsToEncode ?? []) {
    test(`${type} fails to encode: ${name}`, () => {
      const { encode, fromJson } = codecOf(type);
      const error = caught(() => encode(fromJson(json)));
      expect(error instanceof DecodeError || error instanceof EncodeError, String(error)).toBe(true);
    });
  }

  for (const { name, type, hex } of topic.failsToDecode ?? []) {
    test(`${type} fails to decode: ${name}`, () => {
      expect(() => codecOf(type).decode(bytesOf(hex))).toThrow(DecodeError);
    });
  }

  for (const { name, older, newer, json, hex } of topic.keeps ?? []) {
    test(`${older} keeps what only ${newer} knows: ${name}`, () => {
      const { encode, decode } = codecOf(older);
      expect(hexOf(encode(decode(bytesOf(hex))))).toBe(hex);
      const theirs = codecOf(newer);
      expect(hexOf(theirs.encode(theirs.fromJson(json)))).toBe(hex);
    });
  }
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

/**
 * Bytes made to fill the heap: what they decode to takes a bounded multiple of them, and the zeros of absent fields, which nobody
 * wrote, take no more than the limit of nodes allows.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, expect, it } from "vitest";
import { type AnyCodec, loadGenerated } from "../load-generated.js";
import { Wire } from "../reference/layout.js";
import { varint } from "../reference/piece.js";

/** What all nodes that a value may have take, roughly. */
const MOST_BYTES = 64 << 20;
/** What a byte on the wire may take beside that. */
const FACTOR = 16;
/** A frame has as many bytes, by default. */
const FRAME = 4 << 20;
const MOST_NODES = 1_048_576;

const fields = (count: number, type: string): string =>
  Array.from({ length: count }, (_, at) => `field${at}: ${type} = ${at + 1};`).join(" ");

const SOURCE = `package hostile;
struct Spot { at: timestamp; x: f64; y: f64; }
struct Bag { a: bytes; b: map<u8, u8>; c: string[]; d: Bag[]; }
message Nothing {}
message Maps { ${fields(20, "map<u8, u8>")} }
message FewMaps { ${fields(2, "map<string, Nothing>")} }
message Lists { ${fields(20, "string[]")} }
message FlatLists { ${fields(20, "u8[]")} }
message StructLists { ${fields(20, "Bag[]")} }
message Blobs { ${fields(20, "bytes")} }
message Times { ${fields(20, "timestamp")} }
message Messages { ${fields(20, "Nothing")} }
message Spots { ${fields(20, "Spot")} }
message Bags { ${fields(20, "Bag")} }
message All { maps: Maps = 1; lists: Lists = 2; blobs: Blobs = 3; times: Times = 4; messages: Messages = 5; spots: Spots = 6; bags: Bags = 7; }
union Either { all: All = 1; maps: Maps = 2; }`;

/** Lists whose elements take a few bytes on the wire: the type, what an element counts at least, and its payload. */
const LISTS: readonly (readonly [type: string, nodes: number, wireType: number, payload: readonly number[]])[] = [
  ["Nothing", 2, Wire.MESSAGE, [0]],
  ["Maps", 82, Wire.MESSAGE, [0]],
  ["FewMaps", 10, Wire.MESSAGE, [0]],
  ["Lists", 22, Wire.MESSAGE, [0]],
  ["FlatLists", 22, Wire.MESSAGE, [0]],
  ["StructLists", 22, Wire.MESSAGE, [0]],
  ["Blobs", 82, Wire.MESSAGE, [0]],
  ["Times", 42, Wire.MESSAGE, [0]],
  ["Messages", 22, Wire.MESSAGE, [0]],
  ["Spots", 62, Wire.MESSAGE, [0]],
  ["Bags", 222, Wire.MESSAGE, [0]],
  ["All", 529, Wire.MESSAGE, [0]],
  ["Either", 530, Wire.MESSAGE, [0x0d, 0, 0]],
  ["bytes", 5, Wire.BYTES, [0]],
  ["bytes", 5, Wire.BYTES, [1, 7]],
  ["map<u8, u8>", 5, Wire.LIST, [0]],
  ["map<u8, u8>", 6, Wire.LIST, [8, 0, 1, 1]],
  ["map<u8, Nothing>[]", 9, Wire.LIST, [8 + Wire.LIST, 8, 5, 1, 0]],
  ["string[]", 2, Wire.LIST, [0]],
  ["u8[]", 2, Wire.BYTES, [0]],
  ["Bag[]", 2, Wire.BLOCK, [0, 0]],
  ["string", 1, Wire.TEXT, [0]],
];

/** Maps from u32, likewise. */
const MAPS: typeof LISTS = [
  ["bytes", 5, Wire.BYTES, [0]],
  ["map<u8, u8>", 5, Wire.LIST, [0]],
  ["string[]", 2, Wire.LIST, [0]],
  ["timestamp", 3, Wire.BYTES, [12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["Nothing", 2, Wire.MESSAGE, [0]],
  ["Maps", 82, Wire.MESSAGE, [0]],
  ["u8", 1, Wire.VARINT, [0]],
];

const codecs = new Map<string, AnyCodec>();
let collectGarbage: () => void;

beforeAll(async () => {
  setFlagsFromString("--expose-gc");
  collectGarbage = runInNewContext("gc") as () => void;
  const lists = LISTS.map(([type], at) => `@readonly list${at}() -> ${type}[];`);
  const maps = MAPS.map(([type], at) => `@readonly map${at}() -> map<u32, ${type}>;`);
  const { subjects } = await loadGenerated({ "a.idl": `${SOURCE}\nservice Many { ${[...lists, ...maps].join(" ")} }` });
  for (const { name, codec } of subjects) codecs.set(name, codec);
});

/** As many elements as the limit of nodes or a frame allows, and each of its own bytes. */
function most(nodes: number, bytes: number): number {
  return Math.floor(Math.min(MOST_NODES / nodes, (FRAME - 16) / bytes));
}

function listOf(count: number, wireType: number, payload: readonly number[]): Uint8Array {
  const head = [0, ...varint(count * 8 + wireType)];
  const bytes = new Uint8Array(head.length + count * payload.length);
  bytes.set(head);
  for (let at = head.length; at < bytes.length; at += payload.length) bytes.set(payload, at);
  return bytes;
}

function mapOf(count: number, wireType: number, payload: readonly number[]): Uint8Array {
  const body: number[] = [0, ...varint(count * 8), Wire.VARINT * 16 + wireType];
  for (let key = 0; key < count; key++) {
    for (const byte of varint(key)) body.push(byte);
    for (const byte of payload) body.push(byte);
  }
  return Uint8Array.from(body);
}

function heap(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function expectBounded(name: string, bytes: Uint8Array, count: number): void {
  const { decode } = codecs.get(`hostile.Many/${name} response`) ?? expect.fail(`no ${name}`);
  const before = heap();
  const value = decode(bytes) as { readonly length?: number; readonly size?: number };
  const taken = heap() - before;
  expect(value.length ?? value.size).toBe(count);
  expect(taken).toBeLessThan(MOST_BYTES + FACTOR * bytes.length);
}

it.each(LISTS.map((each, at) => [at, ...each] as const))("list %i, of %s", (at, _type, nodes, wireType, payload) => {
  const count = most(nodes, payload.length);
  expectBounded(`list${at}`, listOf(count, wireType, payload), count);
});

it.each(MAPS.map((each, at) => [at, ...each] as const))("map %i, to %s", (at, _type, nodes, wireType, payload) => {
  const count = most(nodes, payload.length + 4);
  expectBounded(`map${at}`, mapOf(count, wireType, payload), count);
});

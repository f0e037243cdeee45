/** Values made to fill the heap with few bytes: the types, and bytes of each as many as a frame or the limit of nodes allows. */
import { Random } from "../random/random.js";
import { Wire } from "../reference/layout.js";
import { varint } from "../reference/piece.js";

type Bytes = readonly number[];

/** A list, or a map from u32, of elements that are made one after another. */
export interface MemoryCase {
  readonly name: string;
  /** Of the elements. */
  readonly type: string;
  readonly isMap?: boolean;
  /** Of the elements. Those of a list of flat values, or of other structs, have none: they stand end to end. */
  readonly wireType: number | "flat" | "structs";
  /** The payload of the element of that index; where it ignores that, they are all the same. */
  readonly element: (at: number) => Bytes;
}

const numbered = (count: number, type: string, optional = "", annotation = ""): string =>
  Array.from({ length: count }, (_, at) => `${annotation} f${at}${optional}: ${type} = ${at + 1};`).join(" ");
const plain = (names: string, type: string): string => [...names].map((name) => `${name}: ${type};`).join(" ");

export const DECLARATIONS = `package hostile;
struct Spot { at: timestamp; x: f64; y: f64; }
struct Bag { a: bytes; b: map<u8, u8>; c: string[]; d: Bag[]; }
struct Byte { x: u8; }
struct Nothing {}
struct Nothings { ${plain("abcdefgh", "Nothing")} }
struct Shell1 { x: Byte; } struct Shell2 { x: Shell1; } struct Shell3 { x: Shell2; } struct Shell4 { x: Shell3; }
struct Short { x: i32; y: i32; }
struct Tick { at: timestamp; price: f64; }
message Empty {}
message Maps { ${numbered(20, "map<u8, u8>")} }
message FewMaps { ${numbered(2, "map<string, Empty>")} }
message Lists { ${numbered(20, "string[]")} }
message FlatLists { ${numbered(20, "u8[]")} }
message TypedArrays { ${numbered(20, "f64[]", "", "@typedArray")} }
message StructLists { ${numbered(20, "Bag[]")} }
message Blobs { ${numbered(20, "bytes")} }
message Times { ${numbered(20, "timestamp")} }
message Messages { ${numbered(20, "Empty")} }
message Spots { ${numbered(20, "Spot")} }
message Bags { ${numbered(20, "Bag")} }
message All { maps: Maps = 1; lists: Lists = 2; blobs: Blobs = 3; times: Times = 4; messages: Messages = 5; spots: Spots = 6; bags: Bags = 7; }
message Seven { ${numbered(7, "f64")} }
message Hundred { ${numbered(100, "u8")} }
message Reals { ${numbered(100, "f64")} }
message Durations { ${numbered(100, "duration")} }
message Wide { ${numbered(171, "u8")} more?: u8 = 200; }
message Wider { ${numbered(400, "u8")} more?: u8 = 500; }
message Widest { ${numbered(1100, "u8")} }
message MaybeNumbers { ${numbered(900, "u8", "?")} }
message MaybeMaps { ${numbered(300, "map<u8, u8>", "?")} }
message MaybeLists { ${numbered(300, "u8[]", "?")} }
message MaybeTexts { ${numbered(300, "string[]", "?")} }
message MaybeArrays { ${numbered(300, "f64[]", "?", "@typedArray")} }
message MaybeBlobs { ${numbered(300, "bytes", "?")} }
message MaybeShells { ${numbered(300, "Shell4", "?")} }
message MaybeTimes { ${numbered(300, "timestamp", "?")} }
message Both { ${numbered(100, "u8")} ${Array.from({ length: 300 }, (_, at) => `g${at}?: u8 = ${at + 101};`).join(" ")} }
struct MaybeStruct { a?: map<u8, u8>; b?: bytes; c?: string[]; d?: Shell4; text: string; }
message Few { ${numbered(7, "u8")} ${Array.from({ length: 300 }, (_, at) => `g${at}?: u8 = ${at + 101};`).join(" ")} }
message Twelve { ${numbered(100, "f64")} ${Array.from({ length: 12 }, (_, at) => `g${at}?: u8 = ${at + 101};`).join(" ")} }
message Grove { ${numbered(7, "f64")} left?: Grove = 9; right?: Grove = 10; }
message Mixed { reals: Reals[] = 1; numbers: MaybeNumbers[] = 2; }
message Chain { next?: Chain = 1; }
message Fork { left?: Fork = 1; right?: Fork = 2; }
union Either { end: u32 = 1; deeper: Either = 2; all: All = 3; maps: Maps = 4; map: map<u8, u8> = 5; list: u8[] = 6; bytes: bytes = 7; many: Either[] = 8; shell: Shell4 = 9; }`;

const ZERO: Bytes = [0];
const TIME: Bytes = [12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const HALF: Bytes = [0, 0, 0, 0, 0, 0, 0xe0, 0x3f];

const tag = (number: number, wireType: number): Bytes => varint(number * 8 + wireType);
const fields = (...all: readonly Bytes[]): Bytes => [...all.flat(), 0];
const same = (type: string, wireType: number, element: Bytes, name = type): MemoryCase => ({
  name,
  type,
  wireType,
  element: () => element,
});

/** A message of as many fields that hold all the same. */
const filled = (count: number, wireType: number, payload: Bytes): Bytes =>
  fields(...Array.from({ length: count }, (_, at) => [...tag(at + 1, wireType), ...payload]));

/** Messages whose fields hold fractions in the last of the first of them, for which engines keep a box in all others. */
function boxed(type: string, count: number, wireType: number, payload: Bytes, element = ZERO): MemoryCase {
  const first = filled(count, wireType, payload);
  return { name: `${type} in boxes`, type, wireType: Wire.MESSAGE, element: (at) => (at === 1 ? first : element) };
}

/** Messages of as many fields each, picked at random, so that engines find no two of one shape. */
function subsets(type: string, of: number, size: number, wireType: number, payload: Bytes, from = 1): MemoryCase {
  const random = new Random(size);
  const element = (): Bytes => {
    const numbers = new Set<number>();
    while (numbers.size < size) numbers.add(from + random.below(of));
    return fields(...[...numbers].sort((a, b) => a - b).map((number) => [...tag(number, wireType), ...payload]));
  };
  return { name: `${size} fields of ${type}`, type, wireType: Wire.MESSAGE, element };
}

function nested(levels: number, head: Bytes, innermost: Bytes, tail: Bytes): Bytes {
  return [...Array.from({ length: levels }, () => head).flat(), ...innermost, ...Array.from({ length: levels }, () => tail).flat()];
}

/** A tree of messages with two fields, and something unknown in each. */
function forks(levels: number, unknown: Bytes, left = 1): Bytes {
  if (levels === 0) return [...unknown, 0];
  const inner = forks(levels - 1, unknown, left);
  return [...tag(left, Wire.MESSAGE), ...inner, ...tag(left + 1, Wire.MESSAGE), ...inner, ...unknown, 0];
}

/** Messages in boxes, which take many nodes and few bytes, and messages of no shape, which take many bytes and few nodes. */
function mixed(reals: number, numbers: number): MemoryCase["element"] {
  const shapeless = subsets("MaybeNumbers", 900, 30, Wire.VARINT, [1]);
  const boxes = boxed("Reals", 100, Wire.FIXED8, HALF);
  const list = (number: number, count: number, element: (at: number) => Bytes): Bytes => [
    ...tag(number, Wire.LIST),
    ...varint(count * 8 + Wire.MESSAGE),
    ...Array.from({ length: count }, (_, at) => element(at)).flat(),
  ];
  return (at) =>
    fields(
      list(1, reals, (k) => boxes.element(at * reals + k)),
      list(2, numbers, shapeless.element),
    );
}

const UNKNOWN: Bytes = [...tag(15, Wire.VARINT), 1];

export const CASES: readonly MemoryCase[] = [
  ...["Empty", "Maps", "FewMaps", "Lists", "FlatLists", "TypedArrays", "StructLists", "Blobs", "Times", "Messages"].map(
    (type) => same(type, Wire.MESSAGE, ZERO),
  ),
  ...["Spots", "Bags", "All", "Hundred", "Wide", "Wider", "Widest"].map((type) => same(type, Wire.MESSAGE, ZERO)),
  same("bytes", Wire.BYTES, ZERO, "empty bytes"),
  same("bytes", Wire.BYTES, [1, 7], "bytes of one"),
  same("bytes", Wire.BYTES, [65, ...Array<number>(65).fill(7)], "bytes outside the heap"),
  same("u8[]", Wire.BYTES, ZERO, "empty lists of numbers"),
  same("u8[]", Wire.BYTES, [1, 7], "lists of a number"),
  same("map<u8, u8>", Wire.LIST, ZERO, "empty maps"),
  same("map<u8, u8>", Wire.LIST, [8, 0, 1, 1], "maps of an entry"),
  same("map<u8, Empty>[]", Wire.LIST, [8 + Wire.LIST, 8, 5, 1, 0], "lists of a map"),
  same("string[]", Wire.LIST, ZERO, "empty lists"),
  same("string[]", Wire.LIST, [8 + Wire.TEXT, 0], "lists of a string"),
  same("Bag[]", Wire.BLOCK, [0, 0], "empty lists of structs"),
  same("string", Wire.TEXT, ZERO, "empty strings"),

  ...(
    [
      ["bool", 1],
      ["u8", 1],
      ["u32", 4],
      ["f64", 8],
      ["i64", 8],
      ["timestamp", 12],
      ["duration", 12],
      ["uuid", 16],
      ["Byte", 1],
      ["Nothing", 1],
      ["Nothings", 8],
      ["Shell4", 1],
      ["Short", 8],
      ["Tick", 20],
    ] as const
  ).map(([type, width]) => {
    const zeros = Array<number>(width).fill(0);
    return { name: `flat ${type}`, type, wireType: "flat" as const, element: (): Bytes => zeros };
  }),

  boxed("Seven", 7, Wire.FIXED8, HALF),
  boxed("Reals", 100, Wire.FIXED8, HALF),
  boxed("Durations", 100, Wire.BYTES, [12, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]),
  same("Wide", Wire.MESSAGE, fields([...tag(200, Wire.VARINT), 1]), "wide messages with one field more"),
  same("Wider", Wire.MESSAGE, fields([...tag(500, Wire.VARINT), 1]), "wider messages with one field more"),
  same("Wider", Wire.MESSAGE, fields([...tag(600, Wire.VARINT), 1]), "wider messages with something unknown"),
  ...[1, 4, 300].map((size) => subsets("MaybeNumbers", 900, size, Wire.VARINT, [1])),
  subsets("MaybeMaps", 300, 20, Wire.LIST, ZERO),
  subsets("MaybeLists", 300, 20, Wire.BYTES, [1, 7]),
  subsets("MaybeTexts", 300, 20, Wire.LIST, [8 + Wire.TEXT, 0]),
  subsets("MaybeArrays", 300, 20, Wire.BYTES, ZERO),
  subsets("MaybeBlobs", 300, 20, Wire.BYTES, ZERO),
  subsets("MaybeShells", 300, 20, Wire.BYTES, [1, 7]),
  subsets("MaybeTimes", 300, 20, Wire.BYTES, TIME),
  ...[3, 30, 150].map((size) => subsets("Both", 300, size, Wire.VARINT, [1], 101)),
  ...[3, 8].map((size) => subsets("Few", 300, size, Wire.VARINT, [1], 101)),
  subsets("Twelve", 12, 6, Wire.VARINT, [1], 101),
  subsets("Empty", 15, 1, Wire.VARINT, [1]),
  { name: "structs of what is optional", type: "MaybeStruct", wireType: "structs", element: () => [1, 0, 1, 0, 1, 0, 1, 7, 0] },

  same("Chain", Wire.MESSAGE, nested(90, tag(1, Wire.MESSAGE), ZERO, ZERO), "chains of messages"),
  same("Chain", Wire.MESSAGE, nested(90, tag(1, Wire.MESSAGE), [...UNKNOWN, 0], [...UNKNOWN, 0]), "chains with something unknown"),
  same("Fork", Wire.MESSAGE, forks(6, []), "trees of messages"),
  same("Fork", Wire.MESSAGE, forks(6, UNKNOWN), "trees with something unknown"),
  boxed("Grove", 7, Wire.FIXED8, HALF, forks(6, [], 9)),
  { name: "both limits", type: "Mixed", wireType: Wire.MESSAGE, element: mixed(8, 17) },
  same("Either", Wire.MESSAGE, nested(90, tag(2, Wire.MESSAGE), fields([8, 1]), ZERO), "chains of unions"),
  same("Either", Wire.MESSAGE, fields([0x1d, 0]), "members that hold all"),
  same("Either", Wire.MESSAGE, fields([0x25, 0]), "members that hold maps"),
  same("Either", Wire.MESSAGE, fields([0x2e, 0]), "members that are maps"),
  same("Either", Wire.MESSAGE, fields([0x34, 1, 7]), "members that are lists"),
  same("Either", Wire.MESSAGE, fields([0x3c, 0]), "members that are bytes"),
  same("Either", Wire.MESSAGE, fields([0x4c, 1, 7]), "members that are structs of a byte"),
  same("Either", Wire.MESSAGE, nested(45, [...tag(8, Wire.LIST), 8 + Wire.MESSAGE], fields([8, 1]), ZERO), "lists of unions in unions"),
  same("Either", Wire.MESSAGE, fields([...tag(15, Wire.VARINT), 1]), "unknown members"),
  same("Either", Wire.MESSAGE, fields([...tag(15, Wire.LIST), ...varint(50 * 8 + Wire.TEXT), ...Array<number>(50).fill(0)]), "unknown lists"),

  ...(
    [
      ["bytes", Wire.BYTES, ZERO],
      ["map<u8, u8>", Wire.LIST, ZERO],
      ["string[]", Wire.LIST, ZERO],
      ["timestamp", Wire.BYTES, TIME],
      ["Empty", Wire.MESSAGE, ZERO],
      ["Maps", Wire.MESSAGE, ZERO],
      ["u8", Wire.VARINT, ZERO],
      ["Shell4", Wire.BYTES, [1, 7]],
    ] as const
  ).map(([type, wireType, element]) => ({ ...same(type, wireType, element, `entries of ${type}`), isMap: true })),
];

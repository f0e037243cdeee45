/** Encoded values damaged at random: some as bytes, some as the tree of fields that they are, so that lengths still agree. */
import { Refused } from "../reference/input.js";
import { Wire } from "../reference/layout.js";
import { varint } from "../reference/piece.js";
import type { Random } from "./random.js";
import { type MessageTree, parseTree, payloadsIn, printTree, type Payload, type TreeField } from "./wire-tree.js";

/** `corpus` is what pieces of other values are taken from. */
export function mutated(random: Random, bytes: Uint8Array, corpus: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.6)) return mutatedBytes(random, bytes, corpus);
  const tree = treeOf(bytes);
  if (tree === undefined) return mutatedBytes(random, bytes, corpus);
  mutateTree(random, tree);
  const printed = printTree(tree);
  return random.chance(0.2) ? mutatedBytes(random, printed, corpus) : printed;
}

/** Undefined where the bytes are no message. */
export function treeOf(bytes: Uint8Array): MessageTree | undefined {
  try {
    return parseTree(bytes);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

const INTERESTING = [
  0,
  1,
  2,
  3,
  7,
  8,
  127,
  128,
  255,
  256,
  16383,
  16384,
  2 ** 20,
  2 ** 28,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
const INTERESTING_BYTES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x0f, 0xd8, 0xdc];

/** Cheap: one to three edits of a copy. */
export function mutatedBytes(random: Random, bytes: Uint8Array, corpus: readonly Uint8Array[]): Uint8Array {
  let result = bytes;
  for (let left = random.pick([1, 1, 2, 3]); left > 0; left--) {
    const at = random.below(result.length + 1);
    switch (random.below(9)) {
      case 0:
        result = spliced(result, at, 1, [random.pick(INTERESTING_BYTES)]);
        break;
      case 1:
        result = spliced(result, at, 0, [random.below(256)]);
        break;
      case 2:
        result = spliced(result, at, random.pick([1, 1, 2, 8]), []);
        break;
      case 3:
        result = spliced(result, at, random.pick([0, 1, 1]), varint(random.pick(INTERESTING)));
        break;
      case 4:
        result = result.slice(0, at);
        break;
      case 5: {
        const other = random.pick(corpus);
        const from = random.below(other.length + 1);
        result = spliced(result, at, random.below(4), other.slice(from, from + random.below(24)));
        break;
      }
      case 6:
        result = spliced(result, at, 0, result.slice(at, at + random.between(1, 16)));
        break;
      default:
        result = spliced(result, at, 1, [(result[at] ?? 0) ^ (1 << random.below(8))]);
    }
  }
  return result;
}

function spliced(bytes: Uint8Array, at: number, removed: number, inserted: ArrayLike<number>): Uint8Array {
  const end = Math.min(at + removed, bytes.length);
  const result = new Uint8Array(bytes.length - (end - at) + inserted.length);
  result.set(bytes.subarray(0, at));
  result.set(inserted, at);
  result.set(bytes.subarray(end), at + inserted.length);
  return result;
}

function mutateTree(random: Random, tree: MessageTree): void {
  for (let left = random.pick([1, 1, 2, 3]); left > 0; left--) {
    mutatePayload(random, random.pick([...payloadsIn(tree)].slice(0, 300)));
  }
}

function mutatePayload(random: Random, payload: Payload): void {
  switch (payload.wireType) {
    case Wire.VARINT:
      payload.value = random.pick([...INTERESTING, payload.value ^ 1, (payload.value + 1) % 2 ** 32]) >>> 0;
      return;
    case Wire.TEXT:
      payload.text = random.pick([
        "",
        "a",
        "é",
        "漢",
        "😀",
        payload.text + payload.text,
        payload.text.slice(1),
        "x".repeat(256),
      ]);
      return;
    case Wire.MESSAGE:
      mutateFields(random, payload.fields);
      return;
    case Wire.LIST:
      mutateItems(random, payload);
      return;
    case Wire.BLOCK:
      payload.body = mutatedBytes(random, payload.body, [payload.body]);
      return;
    default:
      if (random.chance(0.5))
        payload.bytes = payload.bytes.map((byte) => (random.chance(0.3) ? random.pick(INTERESTING_BYTES) : byte));
      else if (payload.wireType === Wire.BYTES) payload.bytes = mutatedBytes(random, payload.bytes, [payload.bytes]);
  }
}

function mutateFields(random: Random, fields: TreeField[]): void {
  const at = random.below(fields.length + 1);
  const field = fields[at];
  switch (random.below(5)) {
    case 0:
      fields.splice(at, 1);
      return;
    case 1:
      if (field !== undefined) field.number = random.pick([field.number + 1, random.between(1, 20), 2 ** 29 - 1]);
      return;
    case 2:
      if (field !== undefined) field.payload = randomPayload(random, 2);
      return;
    case 3:
      if (field !== undefined) fields.splice(random.below(fields.length + 1), 0, structuredClone(field));
      return;
    default: {
      const number = random.pick([(fields[at - 1]?.number ?? 0) + 1, random.between(1, 30), 2 ** 29 - 1, 1000]);
      fields.splice(at, 0, { number, payload: randomPayload(random, 3) });
      if (random.chance(0.9)) fields.sort((a, b) => a.number - b.number);
    }
  }
}

function mutateItems(random: Random, list: Extract<Payload, { wireType: 6 }>): void {
  const step = list.types.length;
  if (step === 0) {
    list.types = random.pick([[Wire.TEXT], [random.below(8)], [Wire.TEXT, Wire.TEXT]]);
    return;
  }
  const at = step * random.below(Math.floor(list.items.length / step) + 1);
  switch (random.below(5)) {
    case 0:
      list.items.splice(at, step);
      if (list.items.length === 0 && random.chance(0.5)) list.types = [];
      return;
    case 1:
      list.items.splice(at, 0, ...structuredClone(list.items.slice(at, at + step)));
      return;
    case 2:
      list.items.reverse();
      return;
    case 3:
      // Two strings that share a surrogate pair.
      if (step > 1 || list.types[0] !== Wire.TEXT) return;
      list.items.splice(at, 0, { wireType: Wire.TEXT, text: "\ud83d" }, { wireType: Wire.TEXT, text: "\ude00" });
      return;
    default:
      list.types = list.types.map((type) => (random.chance(0.5) ? random.below(9) : type));
  }
}

/** A payload of any wire type, well made for the most part. */
export function randomPayload(random: Random, depth: number): Payload {
  const wireType = random.below(depth > 0 ? 8 : 5);
  switch (wireType) {
    case Wire.VARINT:
      return { wireType, value: random.pick(INTERESTING) };
    case Wire.FIXED4:
    case Wire.FIXED8:
      return { wireType, bytes: Uint8Array.from({ length: 4 * wireType }, () => random.below(256)) };
    case Wire.TEXT:
      return { wireType, text: random.pick(["", "unknown", "é", "漢字", "😀", "long ".repeat(60)]) };
    case Wire.MESSAGE: {
      const numbers = new Set(Array.from({ length: random.below(4) }, () => random.between(1, 40)));
      const inOrder = [...numbers].sort((a, b) => a - b);
      return { wireType, fields: inOrder.map((number) => ({ number, payload: randomPayload(random, depth - 1) })) };
    }
    case Wire.LIST: {
      // A map whose values would have a wire type that does not exist, and no bytes.
      if (random.chance(0.1)) return { wireType, types: [Wire.TEXT, random.between(8, 15)], items: [leaf(random)] };
      const isMap = random.chance(0.4);
      const like = isMap ? [leaf(random), randomPayload(random, depth - 1)] : [nonFlat(random, depth)];
      const items = Array.from({ length: random.below(4) }, () => structuredClone(like)).flat();
      return { wireType, types: items.length === 0 ? [] : like.map((each) => each.wireType), items };
    }
    case Wire.BLOCK:
      return {
        wireType,
        body: Uint8Array.from({ length: random.below(9) }, () => random.below(256)),
        text: random.pick(["", "in a block"]),
      };
    default:
      return { wireType: Wire.BYTES, bytes: Uint8Array.from({ length: random.below(40) }, () => random.below(256)) };
  }
}

const leaf = (random: Random): Payload => ({ wireType: Wire.TEXT, text: random.pick(["k", "é", ""]) });

function nonFlat(random: Random, depth: number): Payload {
  for (;;) {
    const payload = randomPayload(random, depth - 1);
    if (payload.wireType >= Wire.TEXT) return payload;
  }
}

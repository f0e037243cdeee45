/**
 * Run by itself with --expose-gc: decodes each case, or those of the names that are its arguments, and prints what it took.
 * A process of its own, so that nothing else allocates or is collected between two looks at the heap.
 */
import { Reader } from "../../runtime/wire/reader.js";
import { type AnyCodec, loadGenerated } from "../load-generated.js";
import { Wire } from "../reference/layout.js";
import { varint } from "../reference/piece.js";
import { CASES, DECLARATIONS, type MemoryCase } from "./memory-cases.js";

/** What a frame holds, by default. */
const FRAME = 4 << 20;
const MOST_NODES = 1_048_576;

export interface Measured {
  readonly name: string;
  readonly elements: number;
  readonly bytes: number;
  readonly nodes: number;
  /** What the value holds on the heap, and in buffers outside of it, in bytes. */
  readonly heap: number;
}

type Holder = AnyCodec & { readonly read: (reader: Reader) => { readonly items: { length?: number; size?: number } } };

/** A message with the list or map in its field 1. */
function holding({ isMap, wireType }: MemoryCase, count: number, elements: Uint8Array): Uint8Array {
  const field = (fieldType: number, ...head: readonly (readonly number[])[]): Uint8Array =>
    Buffer.concat([Uint8Array.of(0, 8 + fieldType), Uint8Array.from(head.flat()), elements, Uint8Array.of(0)]);
  if (wireType === "flat") return field(Wire.BYTES, varint(elements.length));
  if (wireType === "structs") {
    return field(Wire.BLOCK, varint(varint(count).length + elements.length), [0], varint(count));
  }
  if (isMap) return field(Wire.LIST, varint(count * 8), [Wire.VARINT * 16 + wireType]);
  return field(Wire.LIST, varint(count * 8 + wireType));
}

function decode({ read }: Holder, bytes: Uint8Array) {
  const reader = new Reader().open(bytes);
  const { items } = read(reader);
  reader.close();
  return { items, nodes: reader.nodes };
}

/** As many elements as the limit of nodes or a frame allows. */
function fill(each: MemoryCase, holder: Holder): { readonly bytes: Uint8Array; readonly count: number } {
  const element = (at: number): number[] => [...(each.isMap ? varint(at) : []), ...each.element(at)];
  const none = decode(holder, Uint8Array.of(0, 0)).nodes;
  const cost = decode(holder, holding(each, 1, Uint8Array.from(element(0)))).nodes - none;
  const elements = Buffer.alloc(FRAME - 16);
  let [at, count] = [0, 0];
  for (; none + (count + 1) * cost <= MOST_NODES; count++) {
    const next = element(count);
    if (at + next.length > elements.length) break;
    elements.set(next, at);
    at += next.length;
  }
  return { bytes: holding(each, count, elements.subarray(0, at)), count };
}

/** What the case before has left goes in two rounds at the latest: V8 keeps the shapes of objects for one. */
function heap(rounds: number): number {
  if (globalThis.gc === undefined) throw new Error("this needs --expose-gc");
  for (let round = 0; round < rounds; round++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function measure(each: MemoryCase, holder: Holder): Measured {
  const { bytes, count } = fill(each, holder);
  const before = heap(3);
  const { items, nodes } = decode(holder, bytes);
  const taken = heap(1) - before;
  const elements = items.length ?? items.size ?? 0;
  if (elements !== count) throw new Error(`${each.name}: ${elements} elements instead of ${count}`);
  return { name: each.name, elements, bytes: bytes.length, nodes, heap: taken };
}

const holders = CASES.map(({ type, isMap }, at) => `message Holder${at} { items: ${isMap ? `map<u32, ${type}>` : `${type}[]`} = 1; }`);
const { subjects } = await loadGenerated({ "a.idl": [DECLARATIONS, ...holders].join("\n") });
const chosen = process.argv.slice(2);
for (const [at, each] of CASES.entries()) {
  if (chosen.length > 0 && !chosen.includes(each.name)) continue;
  const holder = subjects.find(({ name }) => name === `hostile.Holder${at}`)?.codec as Holder;
  process.stdout.write(`${JSON.stringify(measure(each, holder))}\n`);
}

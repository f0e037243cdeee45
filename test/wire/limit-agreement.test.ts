/** At the limits of docs/wire.md, 1.6, an encoder takes exactly what a decoder takes: what one sends, the other reads. */
import { beforeAll, describe, expect, it } from "vitest";
import { DecodeError, EncodeError } from "../../runtime/wire/errors.js";
import { Reader } from "../../runtime/wire/reader.js";
import { Writer } from "../../runtime/wire/writer.js";
import { type AnyCodec, type Generated, loadGenerated, type Subject } from "../load-generated.js";
import { sourcesOf } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";
import { hex } from "../reference/agreement.js";
import { decodeRoot } from "../reference/decode.js";
import { encodeRoot } from "../reference/encode.js";
import { Refused } from "../reference/input.js";

const SEED = Number(process.env["LIMIT_SEED"] ?? 1);
const MOST_NODES = 1_048_576;
const MOST_DEPTH = 100;

/** What the codecs of types have, for those of other types. */
interface Parts {
  readonly read?: (reader: Reader) => unknown;
  readonly write: (writer: Writer, value: unknown) => void;
}

function passes(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError || error instanceof Refused) return false;
    throw error;
  }
}

/** Whether bytes are read, and a value written, within something that is as deep and has as many nodes already. */
function isRead({ read }: Parts, bytes: Uint8Array, depth: number, nodes: number): boolean {
  const reader = new Reader().open(bytes);
  reader.enter(nodes);
  for (let level = 1; level < depth; level++) reader.enter(0);
  return passes(() => read?.(reader));
}

function isWritten({ write }: Parts, value: unknown, depth: number, nodes: number): boolean {
  const writer = new Writer(new Uint8Array(1024));
  writer.enter({}, "all", nodes);
  for (let level = 1; level < depth; level++) writer.enter({}, "all", 0);
  return passes(() => write(writer, value));
}

/** The greatest number up to a limit that is accepted, where all smaller ones are; 0 where 1 is not. */
function greatest(limit: number, accepts: (number: number) => boolean): number {
  let [low, high] = [0, limit + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (accepts(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** A value may be written as deep, and beside as many nodes, as its bytes may be read, and not deeper or beside more. */
function expectAgreement(name: string, parts: Parts, value: unknown, bytes: Uint8Array): void {
  const about = `${name}, ${hex(bytes)}`;
  const depth = greatest(MOST_DEPTH, (at) => isRead(parts, bytes, at, 0));
  const nodes = greatest(MOST_NODES, (count) => isRead(parts, bytes, 1, count));
  const atMost = [depth, nodes, isWritten(parts, value, depth, 0), isWritten(parts, value, 1, nodes)];
  const beyond = [isWritten(parts, value, depth + 1, 0), isWritten(parts, value, 1, nodes + 1)];
  expect([about, ...atMost, ...beyond]).toEqual([about, depth, nodes, true, true, false, false]);
}

describe("random values within others", () => {
  it.each(Array.from({ length: 30 }, (_, at) => SEED + at))("of the random program of seed %i", async (seed) => {
    const random = new Random(seed);
    const { index, subjects } = await loadGenerated(sourcesOf(randomProgram(random)));
    for (const { name, root, codec } of subjects) {
      const parts = codec as AnyCodec & Parts;
      if (parts.read === undefined) continue;
      for (let k = 0; k < 6; k++) {
        const value = randomValue(random, index, root);
        expectAgreement(name, parts, value, codec.encode(value));
      }
    }
  });
});

/** What goes on without end, each way that there is, and what holds zeros several levels deep. */
const DEEP = `package deep;
message Zero3 { n: u32 = 1; }
struct Zero2 { text: string; zero: Zero3; }
message Zero1 { zero: Zero2 = 1; beside: Zero3 = 2; }
struct Zero0 { n: u32; zero: Zero1; maybe?: Zero0; text: string; }
message Node {
  zero: Zero1 = 1;
  struct: Zero0 = 2;
  next?: Node = 3;
  all: Node[] = 4;
  by: map<u8, Node> = 5;
  either?: Either = 6;
  link?: Link = 7;
  twig: Twig = 8;
}
message Twig { twigs: Twig[] = 1; node?: Node = 2; zero: Zero1 = 3; }
union Either { end: u32 = 1; node: Node = 2; many: Either[] = 3; link: Link = 4; zero: Zero0 = 5; }
struct Link { zero: Zero0; next?: Link; nodes: Node[]; link: Link[]; either?: Either; }`;

describe("values at the limit of depth", () => {
  let generated: Generated;
  beforeAll(async () => void (generated = await loadGenerated({ "deep.idl": DEEP })));
  const subject = (name: string): Subject =>
    generated.subjects.find((each) => each.name === `deep.${name}`) ?? expect.fail(`no ${name}`);

  it("are written if and only if their bytes are read", () => {
    const random = new Random(SEED);
    let accepted = 0;
    const runs = 500;
    for (let run = 0; run < runs; run++) {
      const name = random.pick(["Node", "Twig", "Either", "Link"] as const);
      const { codec, root } = subject(name);
      const value = deepValue(random, name, random.between(88, 104));
      // The reference encoder knows no limits.
      const bytes = encodeRoot(generated.index, root, value);
      const isFit = passes(() => decodeRoot(generated.index, root, bytes));
      expect(passes(() => codec.decode(bytes))).toBe(isFit);
      if (!isFit) expect(() => codec.encode(value), `${name} ${hex(bytes)}`).toThrow(EncodeError);
      else expect(hex(codec.encode(value))).toBe(hex(bytes));
      if (isFit) accepted++;
    }
    expect(accepted).toBeGreaterThan(runs / 10);
    expect(accepted).toBeLessThan((runs * 9) / 10);
  });
});

/** The same types as an older program knows them. */
const OLDER = `package deep;
message Zero1 { tail: u8[] = 7; }
message Node { zero: Zero1 = 1; next?: Node = 3; all: Node[] = 4; either?: Either = 6; twig: Twig = 8; }
message Twig { twigs: Twig[] = 1; zero: Zero1 = 3; }
union Either { end: u32 = 1; node: Node = 2; }`;

it("what a decoder did not know counts again when it is written back", async () => {
  const newer = await loadGenerated({ "deep.idl": DEEP });
  const older = await loadGenerated({ "deep.idl": OLDER });
  const random = new Random(SEED);
  for (let run = 0; run < 300; run++) {
    const name = random.pick(["Node", "Twig", "Either"] as const);
    const theirs = newer.subjects.find((each) => each.name === `deep.${name}`) as Subject;
    const { codec } = older.subjects.find((each) => each.name === `deep.${name}`) as Subject;
    const bytes = theirs.codec.encode(deepValue(random, name, random.between(1, 30)));
    expectAgreement(name, codec as AnyCodec & Parts, codec.decode(bytes), bytes);
  }
});

it("what is too large beside unknown fields is an EncodeError", async () => {
  const older = await loadGenerated({ "deep.idl": OLDER });
  const { codec } = older.subjects.find(({ name }) => name === "deep.Node") as Subject;
  const empty = codec.decode(Uint8Array.of(0, 0)) as { readonly twig: object };
  let deep: object = empty.twig;
  for (let level = 0; level < 150; level++) deep = { ...empty.twig, twigs: [deep] };
  const unknown = { type: "deep.Twig", bytes: Uint8Array.of(0, 0x7d, 0, 0) };
  const twig = { ...deep, [Symbol.for("rpcgen.unknownFields")]: unknown };
  expect(() => codec.encode({ ...empty, twig })).toThrow(EncodeError);
  expect(() => codec.encode({ ...empty, twig })).toThrow("at most 100 deep");
});

type Maker = (random: Random, depth: number) => unknown;

/** A value that goes on for about as many levels, with zeros and few others beside its way. */
function deepValue(random: Random, name: "Node" | "Twig" | "Either" | "Link", depth: number): unknown {
  return { Node: node, Twig: twig, Either: either, Link: link }[name](random, depth);
}

const rarely = (random: Random): number => (random.chance(0.02) ? 1 : 0);

const zero3: Maker = (random) => ({ n: rarely(random) });
const zero2: Maker = (random) => ({ text: "x".repeat(rarely(random)), zero: zero3(random, 0) });
const zero1: Maker = (random) => ({ zero: zero2(random, 0), beside: zero3(random, 0) });
const zero0: Maker = (random, depth) => ({
  n: rarely(random),
  zero: zero1(random, 0),
  ...(depth > 0 && random.chance(0.05) && { maybe: zero0(random, depth - 1) }),
  text: "",
});

const node: Maker = (random, depth) => {
  const goesOn = depth <= 1 ? "" : random.pick(["next", "next", "all", "by", "either", "link", "twig"]);
  return {
    zero: zero1(random, 0),
    struct: zero0(random, depth),
    all: goesOn === "all" ? [node(random, depth - 1)] : [],
    by: new Map(goesOn === "by" ? [[1, node(random, depth - 1)]] : []),
    ...(goesOn === "next" && { next: node(random, depth - 1) }),
    ...(goesOn === "either" && { either: either(random, depth - 1) }),
    ...(goesOn === "link" && { link: link(random, depth - 1) }),
    twig: twig(random, goesOn === "twig" ? depth - 1 : 0),
  };
};

const twig: Maker = (random, depth) => {
  const goesOn = depth <= 1 ? "" : random.pick(["twigs", "node"]);
  return {
    twigs: goesOn === "twigs" ? [twig(random, depth - 1)] : [],
    ...(goesOn === "node" && { node: node(random, depth - 1) }),
    zero: zero1(random, 0),
  };
};

const either: Maker = (random, depth) => {
  if (depth <= 1) return random.chance(0.5) ? { kind: "end", value: 0 } : { kind: "zero", value: zero0(random, 0) };
  switch (random.pick(["node", "many", "link"])) {
    case "node":
      return { kind: "node", value: node(random, depth - 1) };
    case "many":
      return { kind: "many", value: [either(random, depth - 1)] };
    default:
      return { kind: "link", value: link(random, depth - 1) };
  }
};

const link: Maker = (random, depth) => {
  const goesOn = depth <= 1 ? "" : random.pick(["next", "nodes", "link", "either"]);
  return {
    zero: zero0(random, 0),
    ...(goesOn === "next" && { next: link(random, depth - 1) }),
    nodes: goesOn === "nodes" ? [node(random, depth - 1)] : [],
    link: goesOn === "link" ? [link(random, depth - 1)] : [],
    ...(goesOn === "either" && { either: either(random, depth - 1) }),
  };
};

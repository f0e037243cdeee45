/** An IDL of somebody else's making that uses every construct: compiled, served and called over every transport, every type in both directions. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, RpcError, serve, type Channel, type Server } from "@rpcgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateInto } from "./generate-into.js";

type Zoo = typeof import("./gen/zoo.js");
type Handlers = import("./gen/zoo.js").ZooHandlers;
type BoundedInit = import("./gen/zoo.js").BoundedInit;

let zoo: Zoo;
const folder = mkdtempSync(join(tmpdir(), "zoo-"));

beforeAll(async () => {
  generateInto(new URL("./idl/", import.meta.url), new URL("./gen/", import.meta.url));
  zoo = await import("./gen/zoo.js");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const point = { x: 1.5, y: -0 };
const instant = new Date("2026-11-23T04:05:06.789Z");
const id = "0123abcd-89ab-4cde-8f01-23456789abcd";
const cell = () => ({ at: point, id, on: true, m: zoo.Mood.ANGRY, seen: instant, took: 1500.25, b: 255, c: -32768, d: 4294967295, e: -(2n ** 63n), f: 0.5 });
const label = () => ({
  text: "é汉😀", color: 7, next: [{ text: "", next: [], points: [], blob: new Uint8Array(), tags: new Map() }], points: [point, { x: 0, y: 0 }],
  blob: Uint8Array.of(0, 255), tags: new Map([["b", 2], ["a", 1]]),
});
const animal = (name: string) => ({ name, mood: zoo.Mood.CALM, parts: [], children: [], byName: new Map() });
/** What a decoder makes of `animal`: its defaults are filled in. */
const grown = (name: string) => ({ ...animal(name), color: "grey", legs: 3, temper: zoo.Mood.ANGRY, reaction: 250 });
const money = () => ({ currency: 1 as const, units: Number.MAX_SAFE_INTEGER });

function handlers(seen: string[]): Handlers {
  return {
    get({ name }) {
      if (name === "away") throw new zoo.Away({ who: name, since: instant, where: [{ kind: "mood", value: zoo.Mood.ANGRY }] });
      if (name === "closed") throw new zoo.Closed({ message: "for the winter" });
      return animal(name);
    },
    scalars: ({ value }) => value,
    optionals: ({ value }) => value,
    lists: ({ value }) => value,
    maps: ({ value }) => value,
    forms: ({ value }) => value,
    bounded: ({ value }) => value,
    part: ({ value }) => value,
    cell: ({ value }) => value,
    label: ({ value }) => value,
    mood: ({ value }) => value,
    words: ({ value }) => value,
    flat: ({ a, b, c }) => BigInt(a) + b + BigInt(c.getTime()),
    text: ({ value }) => value,
    many: ({ values }) => values,
    table: ({ values }) => values,
    blob: ({ value }) => value,
    cells: ({ values }) => values,
    labels: ({ values }) => values,
    numbered: ({ a, b, c }) => `${a} ${b ?? "absent"} ${c}`,
    skipped: ({ a, b }) => a + b,
    put({ animal: it }) {
      seen.push(`put ${it.name}`);
    },
    ring({ times }) {
      seen.push(`ring ${times}`);
    },
    hedged: ({ name }) => name,
    ping(_params, ctx) {
      seen.push(`ping ${ctx.headers["x-who"] ?? ""}`);
    },
    async *watch({ from }) {
      for (let n = from; ; n++) yield animal(`animal ${n}`);
    },
    async *numbers({ count }) {
      try {
        for (let n = 0; n < count; n++) yield n;
      } finally {
        seen.push("numbers ended");
      }
    },
    async upload(parts) {
      const u = [];
      for await (const part of parts) u.push(part);
      return { ...emptyLists(), u };
    },
    async *chat(lines) {
      for await (const line of lines) yield line.toUpperCase();
    },
    fails({ how }) {
      if (how === "plainly") throw new zoo.Plainly();
      if (how === "rpc") throw new RpcError({ code: "RESOURCE_EXHAUSTED", message: "no room" });
      throw new TypeError("a secret of the server");
    },
  };
}

const emptyLists = () => ({
  a: [], b: [], c: [], d: [], e: [], f: [], g: [], h: [], i: [], j: [], k: [], l: [], m: [], n: [], o: [], p: [], q: [], r: [], s: [], t: [], u: [], v: [], w: [], x: [], y: [],
});

describe.each(["inproc:zoo-e2e", "tcp://127.0.0.1:0", `unix:${join(folder, "zoo.sock")}`])("over %s", (address) => {
  let server: Server;
  let channel: Channel;
  let client: InstanceType<Zoo["ZooClient"]>;
  const seen: string[] = [];

  beforeAll(async () => {
    server = await serve({ listen: [address], onError: () => {}, services: [zoo.zooService(handlers(seen)), zoo.other2Service({ only: () => ({}) })] });
    channel = await connect(server.addresses[0] ?? "");
    client = new zoo.ZooClient(channel);
  });
  afterAll(async () => {
    await channel?.close();
    await server?.close();
  });

  it("carries a message of every scalar, at its edges", async () => {
    const value = {
      a: true, b: -128, c: 32767, d: -2147483648, e: 2n ** 63n - 1n, f: 255, g: 65535, h: 4294967295, i: 2n ** 64n - 1n,
      j: -0, k: Number.MIN_VALUE, l: "x".repeat(5000) + "é汉😀", m: new Uint8Array(70000).fill(7), n: instant, o: -1500, p: id,
      q: zoo.Mood.BORED, r: point, s: cell(), t: label(), u: {}, v: animal("Ada"), w: money(), x: 9, y: 2 as const, plain: { text: "plain" },
    };
    expect(await client.scalars({ value })).toEqual({ ...value, v: grown("Ada") });
  });

  it("carries zeros, and the epoch, and a message of zeros", async () => {
    const none = { x: 0, y: 0 };
    const zeros = {
      a: false, b: 0, c: 0, d: 0, e: 0n, f: 0, g: 0, h: 0, i: 0n, j: 0, k: 0, l: "", m: new Uint8Array(), n: new Date(0), o: 0,
      p: "00000000-0000-0000-0000-000000000000", q: zoo.Mood.CALM, r: none,
      s: { at: none, id: "00000000-0000-0000-0000-000000000000", on: false, m: zoo.Mood.CALM, seen: new Date(0), took: 0, b: 0, c: 0, d: 0, e: 0n, f: 0 },
      t: { text: "", next: [], points: [], blob: new Uint8Array(), tags: new Map() }, u: {}, v: animal(""),
      w: { currency: 0 as const, units: 0 }, x: 0, y: 0 as const, plain: { text: "" },
    };
    expect(await client.scalars({ value: zeros })).toEqual({ ...zeros, v: grown("") });
  });

  it("tells an absent optional from an empty one", async () => {
    expect(await client.optionals({ value: {} })).toEqual({});
    expect(Object.keys(await client.optionals({ value: { l: "" } }))).toEqual(["l"]);
    const present = {
      a: false, b: 0, c: 0, d: 0, e: 0n, f: 0, g: 0, h: 0, i: 0n, j: 0, k: 0, l: "", m: new Uint8Array(), n: new Date(0), o: 0,
      p: "00000000-0000-0000-0000-000000000000", q: zoo.Mood.CALM, r: { x: 0, y: 0 }, s: cell(), t: label(), u: {},
      w: { kind: "name" as const, value: "" }, x: [], y: new Map<number, string>(), z: [],
    };
    expect(await client.optionals({ value: present })).toEqual(present);
  });

  it("carries lists, maps and unions of everything", async () => {
    const part = { kind: "of" as const, value: new Map([["k", { kind: "other" as const, value: { kind: "none" as const, value: {} } }]]) };
    const lists = {
      a: [true, false], b: [-128, 127], c: [-1], d: [1, -2147483648], e: [-1n, 2n ** 63n - 1n], f: [0, 255], g: [65535], h: [4294967295], i: [2n ** 64n - 1n],
      j: [0.5, -0], k: [Math.PI, Infinity], l: ["", "a", "汉"], m: [Uint8Array.of(1), new Uint8Array()], n: [instant], o: [-0.5, 86_400_000], p: [id],
      q: [zoo.Mood.ANGRY], r: [point, point], s: [label()], t: [animal("a"), animal("b")], u: [part, { kind: "flags" as const, value: [true] }],
      v: [[1], [], [2, 3]], w: [[["deep"], []], []], x: [new Map([["k", 1]])], y: [animal("herd")],
    };
    expect(await client.lists({ value: lists })).toEqual({ ...lists, t: [grown("a"), grown("b")], y: [grown("herd")] });
    const maps = {
      a: new Map([["z", "1"], ["a", "2"]]), b: new Map([[true, 1]]), c: new Map([[-128, 0.1]]), d: new Map([[2n ** 64n - 1n, Uint8Array.of(9)]]),
      e: new Map([[-1n, animal("e")]]), f: new Map([[zoo.Mood.BORED, part]]), g: new Map([[1, point]]), h: new Map([["l", label()]]),
      i: new Map([["o", new Map([[1, ["x", "y"]]])]]), j: new Map([["t", ["u"]]]), k: new Map([[-5, instant]]), l: new Map([["h", [animal("l")]]]),
    };
    expect(await client.maps({ value: maps })).toEqual({ ...maps, e: new Map([[-1n, grown("e")]]), l: new Map([["h", [grown("l")]]]) });
    expect(await client.part({ value: part })).toEqual(part);
    expect(await client.table({ values: new Map([["x", animal("x")]]) })).toEqual(new Map([["x", grown("x")]]));
  });

  it("carries the forms that annotations choose", async () => {
    const value = {
      a: -Number.MAX_SAFE_INTEGER, b: [0, 5], c: new Map([[1, -1]]), d: 1_700_000_000_123_456_789n, e: -1n, f: Float64Array.of(1, NaN), g: BigInt64Array.of(-1n),
      h: Uint8Array.of(1, 2), i: Float32Array.of(0.5), renamed: "r", newer: "n", secret: "s", old: "o",
    };
    expect(await client.forms({ value })).toEqual(value);
    await expect(client.forms({ value: { ...value, a: 2 ** 53 } })).rejects.toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
  });

  it("carries bare values as parameters and results", async () => {
    expect(await client.cell({ value: cell() })).toEqual(cell());
    expect(await client.label({ value: label() })).toEqual(label());
    expect(await client.mood({ value: 99 as never })).toBe(99);
    expect(await client.flat({ a: 1, b: 2n, c: new Date(3) })).toBe(6n);
    expect(await client.text({ value: "" })).toBe("");
    expect(await client.many({ values: ["a", ""] })).toEqual(["a", ""]);
    expect(await client.blob({ value: Uint8Array.of(3) })).toEqual(Uint8Array.of(3));
    expect((await client.blob({ value: new Uint8Array(4 << 20) })).length).toBe(4 << 20);
    await expect(client.blob({ value: new Uint8Array(5 << 20) })).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no" });
    expect(await client.cells({ values: [cell(), cell()] })).toEqual([cell(), cell()]);
    expect(await client.labels({ values: [label()] })).toEqual([label()]);
    expect(await client.numbered({ a: 1 })).toBe("1 absent 9");
    expect(await client.skipped({ a: 1, b: 2 })).toBe(3);
    const words = { message: "m", stream: 1, error: true, reserved: "r", package: 1, import: 2, map: 3, on: 4, to: 5, as: 6, throws: 7 };
    expect(await client.words({ value: words })).toEqual(words);
    expect(await new zoo.Other2Client(channel).only()).toEqual({});
  });

  it("answers nothing but the acknowledgement where there is no arrow", async () => {
    expect(await client.put({ animal: animal("Bo") })).toBeUndefined();
    await client.ring({ times: 3 });
    await client.ping({}, { headers: { "x-who": "me" } });
    await client.ping();
    expect(seen).toEqual(expect.arrayContaining(["put Bo", "ring 3", "ping me", "ping "]));
  });

  it("streams in all three ways, and leaving a loop ends the producer", async () => {
    const names = [];
    for await (const it of client.watch({ from: 2n ** 63n })) {
      names.push(it.name);
      if (names.length === 3) break;
    }
    expect(names).toEqual([`animal ${2n ** 63n}`, `animal ${2n ** 63n + 1n}`, `animal ${2n ** 63n + 2n}`]);
    const numbers = [];
    for await (const n of client.numbers({ count: 20_000 })) numbers.push(n);
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
    for await (const n of client.numbers({ count: 1_000_000 })) if (n === 10) break;
    await expect.poll(() => seen.filter((what) => what === "numbers ended").length).toBe(2);
    const parts = Array.from({ length: 50 }, (_, n) => ({ kind: "weight" as const, value: n }));
    expect((await client.upload(parts)).u).toEqual(parts);
    const answers = [];
    for await (const line of client.chat(["a", "b"])) answers.push(line);
    expect(answers).toEqual(["A", "B"]);
  });

  it("carries errors with their types, and hides what the server did not declare", async () => {
    const away = await client.get({ name: "away" }).catch((error: unknown) => error);
    expect(away).toBeInstanceOf(zoo.Away);
    expect(away).toMatchObject({ code: "NOT_FOUND", executed: "yes", name: "Away", since: instant, where: [{ kind: "mood", value: 7 }] });
    const closed = await client.get({ name: "closed" }).catch((error: unknown) => error);
    expect(closed).toBeInstanceOf(zoo.Closed);
    expect(closed).toMatchObject({ message: "for the winter" });
    expect(await client.fails({ how: "plainly" }).catch((error: unknown) => error)).toBeInstanceOf(zoo.Plainly);
    await expect(client.fails({ how: "rpc" })).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED", message: "no room" });
    const hidden = await client.fails({ how: "else" }).catch((error: unknown) => error);
    expect(hidden).toBeInstanceOf(RpcError);
    expect(String(hidden)).not.toContain("secret");
  });

  it("refuses what breaks a constraint before anything is sent, naming the field", async () => {
    const fine = { count: 1, ratio: 0, short: "abc", few: ["a"], wait: 10_000 };
    expect(await client.bounded({ value: { ...fine, word: "abc" } })).toEqual({ ...fine, word: "abc" });
    const breaches: [Partial<BoundedInit>, string][] = [
      [{ count: 0 }, "count"], [{ count: 11 }, "count"], [{ ratio: -0.6 }, "ratio"], [{ short: "" }, "short"], [{ few: ["a", "b", "c", "d"] }, "few"],
      [{ word: "ABC" }, "word"], [{ wait: 10_001 }, "wait"],
    ];
    for (const [breach, path] of breaches) {
      const refused = await client.bounded({ value: { ...fine, ...breach } }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
      expect(String(refused)).toContain(path);
    }
  });
});

/** What the tests of the zoo say and answer: values of every type, and handlers that give back what they get. */
import { RpcError } from "@rpcgen/runtime";

type Zoo = typeof import("./gen/zoo.js");
type Handlers = import("./gen/zoo.js").ZooHandlers;

const point = { x: 1.5, y: -0 };
const instant = new Date("2026-11-23T04:05:06.789Z");
const id = "0123abcd-89ab-4cde-8f01-23456789abcd";

export class ZooWorld {
  readonly instant = instant;
  readonly #zoo: Zoo;

  /** @param zoo as it was generated. */
  constructor(zoo: Zoo) {
    this.#zoo = zoo;
  }

  cell() {
    return { at: point, id, on: true, m: this.#zoo.Mood.ANGRY, seen: instant, took: 1500.25, b: 255, c: -32768, d: 4294967295, e: -(2n ** 63n), f: 0.5 };
  }

  label() {
    return {
      text: "é汉😀", color: 7, next: [{ text: "", next: [], points: [], blob: new Uint8Array(), tags: new Map() }], points: [point, { x: 0, y: 0 }],
      blob: Uint8Array.of(0, 255), tags: new Map([["b", 2], ["a", 1]]),
    };
  }

  animal(name: string) {
    return { name, mood: this.#zoo.Mood.CALM, parts: [], children: [], byName: new Map() };
  }

  /** What a decoder makes of `animal`: its defaults are filled in. */
  grown(name: string) {
    return { ...this.animal(name), color: "grey", legs: 3, temper: this.#zoo.Mood.ANGRY, reaction: 250 };
  }

  money() {
    return { currency: 1 as const, units: Number.MAX_SAFE_INTEGER };
  }

  part() {
    return { kind: "of" as const, value: new Map([["k", { kind: "other" as const, value: { kind: "none" as const, value: {} } }]]) };
  }

  words() {
    return { message: "m", stream: 1, error: true, reserved: "r", package: 1, import: 2, map: 3, on: 4, to: 5, as: 6, throws: 7 };
  }

  scalars() {
    return {
      a: true, b: -128, c: 32767, d: -2147483648, e: 2n ** 63n - 1n, f: 255, g: 65535, h: 4294967295, i: 2n ** 64n - 1n,
      j: -0, k: Number.MIN_VALUE, l: "x".repeat(5000) + "é汉😀", m: new Uint8Array(70000).fill(7), n: instant, o: -1500, p: id,
      q: this.#zoo.Mood.BORED, r: point, s: this.cell(), t: this.label(), u: {}, v: this.animal("Ada"), w: this.money(), x: 9, y: 2 as const, plain: { text: "plain" },
    };
  }

  zeros() {
    const none = { x: 0, y: 0 };
    return {
      a: false, b: 0, c: 0, d: 0, e: 0n, f: 0, g: 0, h: 0, i: 0n, j: 0, k: 0, l: "", m: new Uint8Array(), n: new Date(0), o: 0,
      p: "00000000-0000-0000-0000-000000000000", q: this.#zoo.Mood.CALM, r: none,
      s: { at: none, id: "00000000-0000-0000-0000-000000000000", on: false, m: this.#zoo.Mood.CALM, seen: new Date(0), took: 0, b: 0, c: 0, d: 0, e: 0n, f: 0 },
      t: { text: "", next: [], points: [], blob: new Uint8Array(), tags: new Map() }, u: {}, v: this.animal(""),
      w: { currency: 0 as const, units: 0 }, x: 0, y: 0 as const, plain: { text: "" },
    };
  }

  present() {
    return {
      a: false, b: 0, c: 0, d: 0, e: 0n, f: 0, g: 0, h: 0, i: 0n, j: 0, k: 0, l: "", m: new Uint8Array(), n: new Date(0), o: 0,
      p: "00000000-0000-0000-0000-000000000000", q: this.#zoo.Mood.CALM, r: { x: 0, y: 0 }, s: this.cell(), t: this.label(), u: {},
      w: { kind: "name" as const, value: "" }, x: [], y: new Map<number, string>(), z: [],
    };
  }

  lists() {
    return {
      a: [true, false], b: [-128, 127], c: [-1], d: [1, -2147483648], e: [-1n, 2n ** 63n - 1n], f: [0, 255], g: [65535], h: [4294967295], i: [2n ** 64n - 1n],
      j: [0.5, -0], k: [Math.PI, Infinity], l: ["", "a", "汉"], m: [Uint8Array.of(1), new Uint8Array()], n: [instant], o: [-0.5, 86_400_000], p: [id],
      q: [this.#zoo.Mood.ANGRY], r: [point, point], s: [this.label()], t: [this.animal("a"), this.animal("b")], u: [this.part(), { kind: "flags" as const, value: [true] }],
      v: [[1], [], [2, 3]], w: [[["deep"], []], []], x: [new Map([["k", 1]])], y: [this.animal("herd")],
    };
  }

  maps() {
    return {
      a: new Map([["z", "1"], ["a", "2"]]), b: new Map([[true, 1]]), c: new Map([[-128, 0.1]]), d: new Map([[2n ** 64n - 1n, Uint8Array.of(9)]]),
      e: new Map([[-1n, this.animal("e")]]), f: new Map([[this.#zoo.Mood.BORED, this.part()]]), g: new Map([[1, point]]), h: new Map([["l", this.label()]]),
      i: new Map([["o", new Map([[1, ["x", "y"]]])]]), j: new Map([["t", ["u"]]]), k: new Map([[-5, instant]]), l: new Map([["h", [this.animal("l")]]]),
    };
  }

  forms() {
    return {
      a: -Number.MAX_SAFE_INTEGER, b: [0, 5], c: new Map([[1, -1]]), d: 1_700_000_000_123_456_789n, e: -1n, f: Float64Array.of(1, NaN), g: BigInt64Array.of(-1n),
      h: Uint8Array.of(1, 2), i: Float32Array.of(0.5), renamed: "r", newer: "n", secret: "s", old: "o",
    };
  }

  handlers(seen: string[]): Handlers {
    const zoo = this.#zoo;
    const animal = (name: string) => this.animal(name);
    const emptyLists = this.emptyLists();
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
        return { ...emptyLists, u };
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

  emptyLists() {
    return {
      a: [], b: [], c: [], d: [], e: [], f: [], g: [], h: [], i: [], j: [], k: [], l: [], m: [], n: [], o: [], p: [], q: [], r: [], s: [], t: [], u: [], v: [], w: [], x: [], y: [],
    };
  }
}

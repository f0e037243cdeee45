/** An IDL of somebody else's making that uses every construct: compiled, served and called over every transport, every type in both directions. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, RpcError, serve, type Channel, type Server } from "@rpcgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sameBytes } from "../../runtime/wire/same-bytes.js";
import { generateInto } from "./generate-into.js";
import { ZooWorld } from "./zoo-world.js";

type Zoo = typeof import("./gen/zoo.js");
type BoundedInit = import("./gen/zoo.js").BoundedInit;

let zoo: Zoo;
let world: ZooWorld;
const folder = mkdtempSync(join(tmpdir(), "zoo-"));

beforeAll(async () => {
  generateInto(new URL("./idl/", import.meta.url), new URL("./gen/", import.meta.url));
  zoo = await import("./gen/zoo.js");
  world = new ZooWorld(zoo);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(["inproc:zoo-e2e", "tcp://127.0.0.1:0", `unix:${join(folder, "zoo.sock")}`])("over %s", (address) => {
  let server: Server;
  let channel: Channel;
  let client: InstanceType<Zoo["ZooClient"]>;
  const seen: string[] = [];

  beforeAll(async () => {
    server = await serve({ listen: [address], onError: () => {}, services: [zoo.zooService(world.handlers(seen)), zoo.other2Service({ only: () => ({}) })] });
    channel = await connect(server.addresses[0] ?? "");
    client = new zoo.ZooClient(channel);
  });
  afterAll(async () => {
    await channel?.close();
    await server?.close();
  });

  it("carries a message of every scalar, at its edges", async () => {
    const value = world.scalars();
    expect(await client.scalars({ value })).toEqual({ ...value, v: world.grown("Ada") });
  });

  it("carries zeros, and the epoch, and a message of zeros", async () => {
    const zeros = world.zeros();
    expect(await client.scalars({ value: zeros })).toEqual({ ...zeros, v: world.grown("") });
  });

  it("tells an absent optional from an empty one", async () => {
    expect(await client.optionals({ value: {} })).toEqual({});
    expect(Object.keys(await client.optionals({ value: { l: "" } }))).toEqual(["l"]);
    const present = world.present();
    expect(await client.optionals({ value: present })).toEqual(present);
  });

  it("carries lists, maps and unions of everything", async () => {
    const part = world.part();
    const lists = world.lists();
    expect(await client.lists({ value: lists })).toEqual({ ...lists, t: [world.grown("a"), world.grown("b")], y: [world.grown("herd")] });
    const maps = world.maps();
    expect(await client.maps({ value: maps })).toEqual({ ...maps, e: new Map([[-1n, world.grown("e")]]), l: new Map([["h", [world.grown("l")]]]) });
    expect(await client.part({ value: part })).toEqual(part);
    expect(await client.table({ values: new Map([["x", world.animal("x")]]) })).toEqual(new Map([["x", world.grown("x")]]));
  });

  it("carries the forms that annotations choose", async () => {
    const value = world.forms();
    expect(await client.forms({ value })).toEqual(value);
    await expect(client.forms({ value: { ...value, a: 2 ** 53 } })).rejects.toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
  });

  it("carries bare values as parameters and results", async () => {
    expect(await client.cell({ value: world.cell() })).toEqual(world.cell());
    expect(await client.label({ value: world.label() })).toEqual(world.label());
    expect(await client.mood({ value: 99 as never })).toBe(99);
    expect(await client.flat({ a: 1, b: 2n, c: new Date(3) })).toBe(6n);
    expect(await client.text({ value: "" })).toBe("");
    expect(await client.many({ values: ["a", ""] })).toEqual(["a", ""]);
    expect(await client.blob({ value: Uint8Array.of(3) })).toEqual(Uint8Array.of(3));
    expect((await client.blob({ value: new Uint8Array(4 << 20) })).length).toBe(4 << 20);
    await expect(client.blob({ value: new Uint8Array(5 << 20) })).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no" });
    expect(await client.cells({ values: [world.cell(), world.cell()] })).toEqual([world.cell(), world.cell()]);
    expect(await client.labels({ values: [world.label()] })).toEqual([world.label()]);
    expect(await client.numbered({ a: 1 })).toBe("1 absent 9");
    expect(await client.skipped({ a: 1, b: 2 })).toBe(3);
    const words = world.words();
    expect(await client.words({ value: words })).toEqual(words);
    expect(await new zoo.Other2Client(channel).only()).toEqual({});
  });

  it("gives large byte strings to those who get them alone: to write into one changes no other", async () => {
    const value = new Uint8Array(1 << 20).fill(7);
    const first = await client.blob({ value });
    const second = await client.blob({ value });
    expect(sameBytes(first, value) && sameBytes(second, value)).toBe(true);
    first.fill(1);
    value.fill(2);
    expect(second.every((byte) => byte === 7)).toBe(true);
    const two = await client.lists({ value: { ...world.lists(), m: [second, first, second] } });
    two.m[0]?.fill(3);
    expect(two.m.map((bytes) => [bytes.length, bytes[0], bytes.at(-1)])).toEqual([[1 << 20, 3, 3], [1 << 20, 1, 1], [1 << 20, 7, 7]]);
  });

  it("answers nothing but the acknowledgement where there is no arrow", async () => {
    expect(await client.put({ animal: world.animal("Bo") })).toBeUndefined();
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
    expect(away).toMatchObject({ code: "NOT_FOUND", executed: "yes", name: "Away", since: world.instant, where: [{ kind: "mood", value: 7 }] });
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

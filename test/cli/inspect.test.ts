import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inspect } from "../../src/cli/commands/inspect.js";
import { run, type World } from "./memory-host.js";

const idl = `package shop.orders;
enum Status { UNKNOWN = 0; OPEN = 1; }
alias Id = string;
message Order { id: Id = 1; status: Status = 2; }
struct Point { x: u8; y: u8; }
@code(NOT_FOUND) error NotFound { id: Id = 1; }
const MOST: u32 = 3;
service Orders {
  @readonly get(id: Id) -> Order throws NotFound;
  @readonly points() -> Point[];
  @idempotent put(order: Order);
}
`;
const order = "06 0b 03 10 02 00 6f 2d 31";
const binary = Uint8Array.from(order.split(" "), (digits) => Number.parseInt(digits, 16));
const world: World = { files: { "orders.idl": idl, "order.bin": binary, folder: null } };
const inspected = (argv: readonly string[], more: World = {}) => run(["inspect", ...argv], { ...world, ...more });

describe("BYTES", () => {
  const base64 = Buffer.from(binary).toString("base64");
  test.each([
    [[order]],
    [["060B03100200 6F2D31"]],
    [["06:0b:03:10:02:00:6f:2d:31"]],
    [["0x06 0x0b 0x03 0x10 0x02 0x00 0x6f 0x2d 0x31"]],
    [["0x060b031002006f2d31"]],
    [[`base64:${base64}`]],
    [[base64, "--base64"]],
    [[base64.replace(/=+$/, ""), "--base64"]],
    [["@order.bin"]],
    [["@/project/order.bin"]],
  ])("%j are those of an order", async (argv) => {
    const { exitCode, stdout, stderr } = await inspected(["orders.idl", "Order", ...argv]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^shop\.orders\.Order, 9 bytes\n/);
    expect(stdout).toMatch(/^0001 +0b \| 03 +id: Id = 1 +TEXT +"o-1" {2}from 0006$/m);
    expect(stdout).toMatch(/^0003 +10 \| 02 +status: Status = 2 +VARINT +OPEN \(1\)$/m);
  });

  test("- is the standard input, as it is", async () => {
    const { stdout } = await inspected(["orders.idl", "Order", "-"], { stdin: String.fromCharCode(...binary) });
    expect(stdout).toContain('"o-1"');
  });

  test.each([
    [["Order", "06 0b 0"], "5 hexadecimal digits"],
    [["Order", "06 zz"], '"z" is no digit'],
    [["Order", "order.bin"], "@FILE"],
    [["Order", "base64:a!"], '"!" is no digit of it'],
    [["Order", "base64:abcde"], "stands alone"],
  ])("%j is wrong usage", async (argv, hint) => {
    const { exitCode, stdout, stderr } = await inspected(["orders.idl", ...argv]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(hint);
  });

  test.each([
    ["@nothing.bin", "RPC7001"],
    ["@folder", "RPC7004"],
  ])("%s cannot be read", async (bytes, code) => {
    const { exitCode, stdout } = await inspected(["orders.idl", "Order", bytes, "--json"]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).diagnostics).toMatchObject([{ code, file: bytes.slice(1) }]);
  });

  test("FILE and BYTES cannot both be the standard input", async () => {
    expect(await inspected(["-", "Order", "-"], { stdin: idl })).toMatchObject({ exitCode: 2, stdout: "" });
    expect(await inspected(["-", "Order", order], { stdin: idl })).toMatchObject({ exitCode: 0 });
  });
});

describe("TYPE", () => {
  test.each([
    ["Order", order, "shop.orders.Order"],
    ["orders.Order", order, "shop.orders.Order"],
    ["shop.orders.Order", order, "shop.orders.Order"],
    ["Id", "02 01 61", "shop.orders.Id"],
    ["Status", "01 00 00 00", "shop.orders.Status"],
    ["NotFound", "02 0b 01 00 61", "shop.orders.NotFound"],
    ["u16", "01 02", "u16"],
    ["Point[]", "00 02 01 02", "Point[]"],
    ["map<Status, Order[]>", "00 08 06 02 0d 00", "map<Status, Order[]>"],
    ["Orders/get", "02 0b 01 00 61", "the parameters of shop.orders.Orders/get"],
    ["Orders.get", "02 0b 01 00 61", "the parameters of shop.orders.Orders/get"],
    ["shop.orders.Orders/get", "02 0b 01 00 61", "the parameters of shop.orders.Orders/get"],
  ])("%s", async (type, bytes, name) => {
    const { exitCode, stdout } = await inspected(["orders.idl", type, bytes]);
    expect(stdout.split(", ").slice(0, -1).join(", ") || stdout).toContain(name);
    expect(exitCode).toBe(0);
  });

  test("--result is what a method answers", async () => {
    expect(await inspected(["orders.idl", "Orders/get", order, "--result"])).toMatchObject({ exitCode: 0 });
    expect(await inspected(["orders.idl", "Orders/points", "00 02 01 02", "--result"])).toMatchObject({ exitCode: 0 });
    expect(await inspected(["orders.idl", "Orders/put", "", "--result"])).toMatchObject({ exitCode: 0 });
    expect(await inspected(["orders.idl", "Orders/put", "00", "--result"])).toMatchObject({ exitCode: 1 });
  });

  test.each([
    [["Ordr"], 'did you mean "Order"?'],
    [["shop.orders.Ordr"], 'did you mean "shop.orders.Order"?'],
    [["strin"], 'there is no "strin"'],
    [["Orders/gett"], 'did you mean "Orders/get"?'],
    [["Ordrs/get"], 'did you mean "Orders"?'],
    [["Orders"], "name one of its methods, such as Orders/get"],
    [["MOST"], "is no type"],
    [["NotFound[]"], "is an error"],
    [["Order["], '"Order[" is no type'],
    [["map<Order, u8>"], "cannot be the key of a map"],
    [["u8[][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][]"], "is no type"],
    [["Order", "--result"], "is no method"],
  ])("%j is wrong usage, with a hint", async (argv, hint) => {
    const [type = "", ...flags] = argv;
    const { exitCode, stdout, stderr } = await inspected(["orders.idl", type, "00", ...flags]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(hint);
  });

  test("a short name is that of the file, and else must be clear", async () => {
    const files = {
      "a.idl": 'package a;\nimport "./b.idl" as b;\nimport "./c.idl" as c;\nmessage Order { of: b.Item = 1; or: c.Item = 2; }\n',
      "b.idl": "package b;\nmessage Item {}\nmessage Order {}\n",
      "c.idl": "package c;\nmessage Item {}\n",
    };
    expect((await run(["inspect", "a.idl", "Order", "0000"], { files })).stdout).toMatch(/^a\.Order,/);
    expect((await run(["inspect", "a.idl", "b.Order", "0000"], { files })).stdout).toMatch(/^b\.Order,/);
    expect(await run(["inspect", "a.idl", "Item", "0000"], { files })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('"b.Item" or "c.Item"') });
  });
});

describe("what is found", () => {
  test("bytes that are no value exit with 1, in their place and as RPC7012", async () => {
    const { exitCode, stdout, stderr } = await inspected(["orders.idl", "Order", "00 10 01 18"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("^ at 0004, in ?3: the bytes end too soon");
    expect(stderr).toMatch(/^BYTES: error\[RPC7012\]: .*at byte 4, in \?3, the bytes end too soon\./);
    expect(stderr).toContain("help: expected a varint");
    expect((await inspected(["orders.idl", "Point", "@order.bin"])).stderr).toMatch(/^order\.bin: error\[RPC7012\]/);
  });

  test("--json is one document with the tree", async () => {
    const { exitCode, stdout, stderr } = await inspected(["orders.idl", "Order", order, "--json"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ version: 1, diagnostics: [], type: "shop.orders.Order", length: 9, value: { start: 0, end: 9 } });
    expect(document.value.children.map(({ label }: { label: string }) => label)).toEqual(["header", "Order", "pool"]);
    expect(document.value.children[1].children[0]).toEqual({
      start: 1,
      end: 3,
      label: "id",
      path: "id",
      type: "Id",
      number: 1,
      wireType: "TEXT",
      value: '"o-1"',
      pooled: { start: 6, end: 9 },
      parts: [
        { kind: "tag", start: 1, end: 2 },
        { kind: "units", start: 2, end: 3 },
      ],
      children: [],
    });
  });

  test("--json has the fault, beside the tree and as a diagnostic", async () => {
    const { exitCode, stdout } = await inspected(["orders.idl", "Order", "00 10 01 08 00", "--json"]);
    expect(exitCode).toBe(1);
    const document = JSON.parse(stdout);
    expect(document.fault).toEqual({ offset: 3, path: "", reason: expect.stringContaining("ascend"), expected: expect.any(String) });
    expect(document.diagnostics).toMatchObject([{ code: "RPC7012", severity: "error", file: "BYTES", line: 1, column: 1 }]);
  });

  test("nothing is inspected where the file has errors", async () => {
    const files = { "orders.idl": "package a;\nmessage Order { id: Strin = 1; }\n" };
    expect(await run(["inspect", "orders.idl", "Order", "00"], { files })).toMatchObject({ exitCode: 1, stdout: "" });
    expect(await run(["inspect", "order.idl", "Order", "00"], { files })).toMatchObject({ exitCode: 2, stdout: "" });
  });

  test("colours are those of the terminal, and hide nothing", async () => {
    const plain = await inspected(["orders.idl", "Order", order]);
    const coloured = await inspected(["orders.idl", "Order", order], { isTTY: true });
    expect(plain.stdout).not.toContain("\u001b");
    expect(coloured.stdout).toContain("\u001b[");
    expect(coloured.stdout.replace(/\u001b\[\d+m/g, "").replace(/ +$/gm, "")).toBe(plain.stdout);
    expect((await inspected(["orders.idl", "Order", order, "--no-color"], { isTTY: true })).stdout).toBe(plain.stdout);
  });

  test("a text cannot reach the terminal as an order", async () => {
    const { stdout } = await inspected(["orders.idl", "string", "0a 05 1b 5b 32 4a 07"]);
    expect(stdout).toContain('"\\u{1b}[2J\\u{7}"');
  });

  test("the examples of its help say what they show", async () => {
    const golden = readFileSync(new URL("../golden/orders/orders.idl", import.meta.url), "utf8");
    const [first = ["", ""], , third = ["", ""]] = inspect.examples;
    for (const [line] of [first, third]) {
      const argv = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
      expect(await run(argv, { files: { "orders.idl": golden } })).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });
});

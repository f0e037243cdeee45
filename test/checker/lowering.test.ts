/** What a program means: the schema, compared with a golden file and asked about one thing at a time. */
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/ir/canonical-json.js";
import type { Declaration, Field, Method, Schema } from "../../src/ir/schema.js";
import { checkBody, codesOf, schemaOf } from "./program.js";

function declarationsOf(body: string): readonly Declaration[] {
  return schemaOf(`package p;\n${body}`).files[0]?.declarations ?? [];
}

function fieldsOf(fields: string): readonly Field[] {
  const [message] = declarationsOf(`message M { ${fields} }\nenum E { ZERO = 0; ONE = 1; }\nconst TEN: u8 = 10;`);
  return message?.kind === "message" ? message.fields : [];
}

function methodsOf(body: string): readonly Method[] {
  const [service] = declarationsOf(body);
  return service?.kind === "service" ? service.methods : [];
}

const orders = `/// What the city sells.
package city.orders;
import "./money.idl" as money;

const MAX_ITEMS: u32 = 100;
alias OrderId = string;
annotation http(method: string, path?: string) on method;

enum Status { UNKNOWN = 0; OPEN = 1; PAID = 2; reserved -3 to -1, "LOST"; }

struct Point { x: f64; y: f64; }

/// An order.
///
/// It has items.
message Order {
  id: OrderId = 1;
  @length(max: MAX_ITEMS) items: Item[] = 2;
  note?: string = 3;
  @default(OPEN) status: Status = 4;
  labels: map<string, string> = 5;
  placedAt: timestamp = 6;
  reserved 7, 9 to 11, "oldName";
}

message Item { @wireName("sku") @tsName("stockUnit") sku: string = 1; @min(1) @max(1_000) count: u32 = 2; price: money.Money = 3; }

union Payment { card: Card = 1; iban: string = 2; }
message Card { @sensitive @pattern("^\\\\d{16}$") number: string = 1; }

@code(NOT_FOUND) error NotFound { id: OrderId = 1; }
@retryable error OutOfStock { sku: string = 1; }
message Receipt { total: money.Money = 1; }
message Event { @nanos at: timestamp = 1; @number sequence: u64 = 2; @typedArray samples: f32[] = 3; }
union Part { name: string = 1; data: bytes = 2; }

/// Doc comments are Markdown.
@deadline(2s)
service Orders {
  @readonly @http("GET", path: "/orders") get(id: OrderId) -> Order throws NotFound;
  @idempotent @retry(attempts: 3) cancel(id: OrderId, reserved 2, reason?: string) -> Order throws NotFound;
  place(order: Order, payment: Payment) -> Receipt throws OutOfStock, NotFound;
  @atMostOnce @deprecated("use a bell") ring(@default(1) times: u8);
  @readonly watch(from: u64) -> stream Event;
  @atMostOnce upload(stream Part) -> Receipt;
  @atMostOnce @deadline(1m) chat(stream string) -> stream string;
}
`;
const money = "package city.money;\nmessage Money { cents: i64 = 1; currency: string = 2; }\n";

describe("the schema", () => {
  const schema = schemaOf({ "city/orders.idl": orders, "city/money.idl": money });

  it("is what the golden file says", async () => {
    await expect(canonicalJson(schema)).toMatchFileSnapshot("golden/orders.json");
  });

  it("is frozen in depth", () => {
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      expect(Object.isFrozen(value)).toBe(true);
      Object.values(value).forEach(visit);
    };
    visit(schema satisfies Schema);
  });
});

describe("fields", () => {
  it("have defaults as values of their type", () => {
    const defaults = fieldsOf(`
      @default(TEN) a: u64 = 1; @default(-0) b: f64 = 2; @default(ONE) c: E = 3; @default(p.E.ONE) d: E = 4;
      @default(1h30m) e: duration = 5; @default(true) f: bool = 6; @default("") g: string = 7; @default(-0) h: i8 = 8; @default(0xff) i: u8 = 9;
    `).map((field) => field.default);
    const one = { kind: "enum", enum: "p.E", member: "ONE", number: 1 };
    expect(defaults).toEqual([
      { kind: "int", value: "10" },
      { kind: "float", value: -0 },
      one,
      one,
      { kind: "duration", value: "5400000000000" },
      { kind: "bool", value: true },
      { kind: "string", value: "" },
      { kind: "int", value: "0" },
      { kind: "int", value: "255" },
    ]);
  });

  it("have constraints in text that loses nothing", () => {
    const constraints = fieldsOf(`
      @min(-9223372036854775808) @max(TEN) a: i64 = 1; @min(0.5) b: f32 = 2; @max(1m) c: duration = 3;
      @length(1, 64) d: string = 4; @length(min: 2) e: bytes = 5; @length(max: TEN) f: map<string, u8> = 6; @pattern("^a$") g: string = 7;
    `).map((field) => field.constraints);
    expect(constraints).toEqual([
      { min: "-9223372036854775808", max: "10" },
      { min: "0.5" },
      { max: "60000000000" },
      { minLength: 1, maxLength: 64 },
      { minLength: 2 },
      { maxLength: 10 },
      { pattern: "^a$" },
    ]);
  });
});

describe("parameters", () => {
  const numbersOf = (list: string) => {
    const [method] = methodsOf(`service S { m(${list}); }`);
    return method?.parameters.kind === "fields"
      ? method.parameters.fields.map((field) => [field.name, field.number])
      : [];
  };

  it("are numbered by position, past what is reserved", () => {
    expect(numbersOf("a: u8, b: u8")).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
    expect(numbersOf("a: u8, reserved 2, b: u8")).toEqual([
      ["a", 1],
      ["b", 3],
    ]);
    expect(numbersOf("reserved 1 to 3, a: u8")).toEqual([["a", 4]]);
  });

  it("are numbered by hand", () =>
    expect(numbersOf("a: u8 = 7, b: u8 = 2")).toEqual([
      ["a", 7],
      ["b", 2],
    ]));
});

describe("methods", () => {
  it("have a path of wire names", () => {
    const paths = (annotation: string) =>
      methodsOf(`${annotation} service S { @wireName("old") m(); n(); }`).map((method) => method.path);
    expect(paths("")).toEqual(["p.S/old", "p.S/n"]);
    expect(paths('@wireName("T")')).toEqual(["p.T/old", "p.T/n"]);
    expect(paths('@wireName("q.T")')).toEqual(["q.T/old", "q.T/n"]);
  });

  it("take what their service says, unless they say it themselves", () => {
    const methods = methodsOf(`
      @idempotent @deadline(2s) @retry(attempts: 4)
      service S { a(); @readonly @deadline(1s) b(); @atMostOnce c(); @retry(attempts: 2) d(); e() -> stream u8; }
    `);
    const promises = methods.map(({ semantics, semanticsStated, deadlineMs, attempts }) => [
      semantics,
      semanticsStated,
      deadlineMs,
      attempts,
    ]);
    expect(promises).toEqual([
      ["idempotent", true, 2000, 4],
      ["readonly", true, 1000, 4],
      ["atMostOnce", true, 2000, undefined],
      ["idempotent", true, 2000, 2],
      ["idempotent", true, undefined, 4],
    ]);
  });

  it("run at most once where nobody says otherwise", () => {
    expect(methodsOf("service S { a(); }")).toMatchObject([{ semantics: "atMostOnce", semanticsStated: false }]);
  });
});

describe("annotations of a file's own", () => {
  it("reach the schema by name, with the arguments that were given", () => {
    const [, message] = declarationsOf(`
      annotation note(text: string, level?: E) on message;
      @note("x", level: ONE) message M { }
      enum E { ZERO = 0; ONE = 1; }
    `);
    expect(message).toMatchObject({
      annotations: [
        { name: "p.note", arguments: { text: { kind: "string", value: "x" }, level: { kind: "enum", member: "ONE" } } },
      ],
    });
  });

  it("may have defaults", () => {
    const [annotation] = declarationsOf(
      "annotation note(@default(3) level: u8, tags?: string[]) on message;\n@note message M { }",
    );
    expect(annotation).toMatchObject({
      parameters: [
        { name: "level", default: { kind: "int", value: "3" } },
        { name: "tags", optional: true },
      ],
      targets: ["message"],
    });
  });

  it("are checked where they are used", () => {
    expect(codesOf(checkBody('annotation note(level: u8) on message;\n@note("x") message M { }'))).toEqual(["RPC2080"]);
    expect(codesOf(checkBody("annotation note(level: u8) on message;\n@note(256) message M { }"))).toEqual(["RPC2081"]);
    expect(codesOf(checkBody("annotation note(tags: string[]) on message;\n@note([1]) message M { }"))).toEqual([
      "RPC2080",
    ]);
  });
});

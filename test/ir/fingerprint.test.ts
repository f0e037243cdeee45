/** What changes the fingerprint of a schema, and what does not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../src/ir/fingerprint.js";
import { SchemaIndex } from "../../src/ir/schema-index.js";
import { schemaOf, type Sources } from "../checker/program.js";

const declarations = [
  "const LIMIT: u8 = 3;",
  "alias OrderId = string;",
  "enum Status { UNKNOWN = 0; OPEN = 1; PAID = 2; }",
  "struct Point { x: f64; y: f64; }",
  "message Order { id: OrderId = 1; status: Status = 2; @max(LIMIT) count: u8 = 3; children: Order[] = 4; payment: Payment = 5; }",
  "union Payment { card: string = 1; point: Point = 2; }",
  "@code(NOT_FOUND) error NotFound { id: OrderId = 1; }",
  "error Gone { }",
  "service Orders { @readonly get(id: OrderId) -> Order throws NotFound, Gone; @idempotent @deadline(1s) put(order: Order); }",
];

function fingerprintOf(source: string | Sources, name?: string): string {
  return fingerprint(new SchemaIndex(schemaOf(source)), name === undefined ? undefined : [name]);
}

function textOf(parts: readonly string[]): string {
  return `package p;\n${parts.join("\n")}\n`;
}

const base = textOf(declarations);
const original = fingerprintOf(base);

describe("the fingerprint", () => {
  it("is 32 hexadecimal digits", () => expect(original).toMatch(/^[0-9a-f]{32}$/));

  it("does not depend on the order of declarations", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(declarations, { minLength: declarations.length }), (shuffled) => {
        expect(fingerprintOf(textOf(shuffled))).toBe(original);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["documentation", "message Order {", "/// An order.\nmessage Order {"],
    ["comments and layout", "struct Point { x", "struct Point {\n // x\n x"],
    ["the order of fields", "id: OrderId = 1; status: Status = 2;", "status: Status = 2; id: OrderId = 1;"],
    ["the order of members", "card: string = 1; point: Point = 2;", "point: Point = 2; card: string = 1;"],
    ["the order of errors", "throws NotFound, Gone", "throws Gone, NotFound"],
    ["names in TypeScript", "id: OrderId = 1; status", '@tsName("key") id: OrderId = 1; status'],
    ["a rename that keeps the wire name", "count: u8", '@wireName("count") amount: u8'],
    ["an alias instead of its type", "card: string", "card: OrderId"],
    ["a number instead of its constant", "@max(LIMIT)", "@max(3)"],
  ])("does not change with %s", (_, from, to) => {
    expect(base).toContain(from);
    expect(fingerprintOf(base.replace(from, to))).toBe(original);
  });

  it.each([
    ["a number", "count: u8 = 3", "count: u8 = 7"],
    ["a type", "count: u8 = 3", "count: u16 = 3"],
    ["presence", "count: u8 = 3", "count?: u8 = 3"],
    ["a default", "count: u8 = 3", "@default(1) count: u8 = 3"],
    ["a constraint", "@max(LIMIT)", "@max(4)"],
    ["a wire name", "count: u8 = 3", '@wireName("amount") count: u8 = 3'],
    ["the order of a struct", "x: f64; y: f64;", "y: f64; x: f64;"],
    ["a member of an enum", "PAID = 2;", ""],
    ["a promise", "@readonly get", "@idempotent get"],
    ["a deadline", "@deadline(1s)", "@deadline(2s)"],
    ["an error", "throws NotFound, Gone", "throws NotFound"],
    ["a code", "NOT_FOUND", "ABORTED"],
    ["a stream", "-> Order throws", "-> stream Order throws"],
    ["the package", "package p;", "package q;"],
  ])("changes with %s", (_, from, to) => {
    expect(base).toContain(from);
    expect(fingerprintOf(base.replace(from, to))).not.toBe(original);
  });

  it("of a service covers what it reaches, and nothing else", () => {
    const service = fingerprintOf(base, "p.Orders");
    expect(fingerprintOf(textOf([...declarations, "message Other { a: u8 = 1; }"]), "p.Orders")).toBe(service);
    expect(fingerprintOf(base.replace("card: string", "card: bytes"), "p.Orders")).not.toBe(service);
  });

  it("of each of two messages that refer to each other changes with either", () => {
    const pair = "package p;\nmessage A { b?: B = 1; }\nmessage B { a?: A = 1; n: u8 = 2; }\n";
    const other = pair.replace("u8", "u16");
    for (const name of ["p.A", "p.B"]) expect(fingerprintOf(pair, name)).not.toBe(fingerprintOf(other, name));
    expect(fingerprintOf(pair, "p.A")).not.toBe(fingerprintOf(pair, "p.B"));
  });

  it("does not depend on how files share a package", () => {
    const types = declarations.slice(0, 6);
    const rest = declarations.slice(6);
    expect(
      fingerprintOf({
        "main.idl": `package p;\nimport "./types.idl";\n${rest.join("\n")}`,
        "types.idl": textOf(types),
      }),
    ).toBe(original);
  });
});

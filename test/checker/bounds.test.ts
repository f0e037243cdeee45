/** Bounds include their ends: what stands just at one is no mistake, what is one beyond it is. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBody, codesOf } from "./program.js";

const field = (annotations: string, type = "i32"): string[] => codesOf(checkBody(`message M { ${annotations} a: ${type} = 1; }`));

describe("bounds of a field", () => {
  test("may be equal, but not cross", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 1_000 }), (at) => {
        expect(field(`@min(${at}) @max(${at})`)).toEqual([]);
        expect(field(`@min(${at}) @max(${at - 1})`)).toEqual(["RPC2109"]);
      }),
      { numRuns: 30 },
    );
  });

  test("of lengths too", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (length) => {
        expect(field(`@length(min: ${length}, max: ${length})`, "string")).toEqual([]);
        expect(field(`@length(min: ${length}, max: ${length - 1})`, "string")).toEqual(["RPC2109"]);
      }),
      { numRuns: 30 },
    );
  });

  test("take a default that is one of them", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 1_000 }), fc.nat(1_000), (least, more) => {
        const within = (value: number): string[] => field(`@min(${least}) @max(${least + more}) @default(${value})`);
        expect([within(least), within(least + more)]).toEqual([[], []]);
        expect([within(least - 1), within(least + more + 1)]).toEqual([["RPC2110"], ["RPC2110"]]);
      }),
      { numRuns: 30 },
    );
  });

  test("take a default that is just as long", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(30), (least, more) => {
        const within = (length: number): string[] => field(`@length(min: ${least}, max: ${least + more}) @default("${"x".repeat(length)}")`, "string");
        expect([within(least), within(least + more)]).toEqual([[], []]);
        expect([within(least - 1), within(least + more + 1)]).toEqual([["RPC2110"], ["RPC2110"]]);
      }),
      { numRuns: 30 },
    );
  });
});

test.each(["315576000000s", "-315576000000s"])("a duration of %s is the longest", (longest) => {
  const beyond = `${longest}1ns`;
  const codes = (value: string): string[] => codesOf(checkBody(`const LONGEST: duration = ${value};`));
  expect([codes(longest), codes(beyond)]).toEqual([[], ["RPC2081"]]);
});

test("an import that fails is reported once, however often it is written", () => {
  expect(codesOf(checkBody('import "gone.idl"; import "gone.idl" as gone; import "./gone.idl" as other;')).filter((code) => code === "RPC2004")).toHaveLength(1);
});

test.each([
  ["reserved 1 to 10; reserved 3 to 5;", "The range 3 to 5"],
  ["reserved 3 to 5; reserved 1 to 10;", "The range 3 to 5"],
  ["reserved 1 to 10; reserved 8 to 20;", "The range 8 to 10"],
  ["reserved 1 to 10; reserved 10 to 20;", "The number 10"],
])("what is reserved twice is named: %s", (reserved, what) => {
  const { diagnostics } = checkBody(`message M { a: u8 = 100; ${reserved} }`);
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([expect.stringContaining(`RPC2065 ${what}`)]);
});

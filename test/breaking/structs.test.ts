/** What breaks in a struct beside its bytes, behind a name that is as it was or in the keys of a map, and what of a range of reserved numbers is freed. */
import { expect, test } from "vitest";
import { breaking } from "../../src/breaking.js";
import { breakingRules } from "../../src/breaking/rules.js";

function slugs(before: string, after: string): string[] {
  const text = (body: string) => ({ sources: { "a.idl": `package shop;\n${body}` } });
  return breaking({ before: text(before), after: text(after) }).diagnostics.map(({ code }) => breakingRules[code]?.slug ?? code).sort();
}

test("a field with another name breaks source and JSON", () => {
  expect(slugs("struct P { x: f64; y: f64; }", "struct P { x: f64; z: f64; }")).toEqual(["field-json-name", "field-renamed"]);
});

test("fields that changed places were not renamed", () => {
  expect(slugs("struct P { x: f64; y: f64; }", "struct P { y: f64; x: f64; }")).toEqual(["struct-field-reordered", "struct-field-reordered"]);
});

test("what a field accepts, how it is masked and its form in TypeScript are compared", () => {
  expect(slugs("struct P { @min(1) x: i64; @sensitive y: u64; }", "struct P { @min(2) x: i64; @number y: u64; }")).toEqual(["number-form", "number-range", "range-tightened", "sensitive-removed"]);
});

test("a hole in a range of reserved numbers is found", () => {
  const { diagnostics } = breaking({
    before: { sources: { "a.idl": "package shop;\nmessage M { reserved 1 to 5, 9 to 12; a: u8 = 20; }" } },
    after: { sources: { "a.idl": "package shop;\nmessage M { reserved 1, 5, 8 to 10; a: u8 = 20; }" } },
  });
  expect(diagnostics.map(({ message }) => message)).toEqual(['"M" does not reserve 2 to 4 any more.', '"M" does not reserve 11 to 12 any more.']);
});

test("a service with another name is reported once", () => {
  expect(slugs('@wireName("S") service A { @readonly a() -> u8; }', '@wireName("S") service B { @readonly a() -> u8; }').filter((slug) => slug !== "declaration-moved")).toEqual(["service-renamed"]);
});

test("an enum that is called otherwise is compared where it is the key of a map, too", () => {
  const found = slugs("enum A { X = 0; Y = 1; } message M { m: map<A, u8> = 1; }", 'enum B { X = 0; @wireName("why") Y = 1; } message M { m: map<B, u8> = 1; }');
  expect(found).toContain("enum-member-json-name");
});

test("of types that are called alike it is told what they are", () => {
  const messages = (before: string, after: string) => {
    const text = (body: string) => ({ sources: { "a.idl": `package shop;\n${body}` } });
    return breaking({ before: text(before), after: text(after) }).diagnostics.map(({ message }) => message);
  };
  expect(messages("alias A = u32; message M { a: A[] = 1; }", "alias A = u64; message M { a: A[] = 1; }")).toContain('"M.a" was of the type u32[], and is of the type u64[].');
  expect(messages("struct S { a: u8; } message M { a: S = 1; }", "message S { a: u8 = 1; } message M { a: S = 1; }")).toContain('"M.a" was of the type struct S, and is of the type message S.');
});

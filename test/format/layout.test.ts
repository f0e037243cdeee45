/** What the one layout looks like, case by case. */
import { describe, expect, test } from "vitest";
import { format } from "../../src/index.js";

const cases: readonly (readonly [what: string, before: string, after: string])[] = [
  ["a declaration with a body stands apart", "package a; alias A=u8;alias B=u16;enum E{X=0;}alias C=u8;", "package a;\n\nalias A = u8;\nalias B = u16;\n\nenum E {\n  X = 0;\n}\n\nalias C = u8;\n"],
  ["several empty lines become one, none stands at the ends of a body", "package a;\n\n\n\nmessage M {\n\n\n  a: u8 = 1;\n\n\n  b: u8 = 2;\n\n}\n", "package a;\n\nmessage M {\n  a: u8 = 1;\n\n  b: u8 = 2;\n}\n"],
  ["imports stand together", 'package a;import "./b.idl";\nimport "./c.idl" as c;alias A=u8;', 'package a;\n\nimport "./b.idl";\nimport "./c.idl" as c;\n\nalias A = u8;\n'],
  ["an empty body is closed at once", "package a; struct S {\n}\n", "package a;\n\nstruct S {}\n"],
  ["annotations of declarations stand above, of members before", 'package a; @code(NOT_FOUND)@retryable error E { @min(1)\n@max( 2 ) n:u8=1; }', "package a;\n\n@code(NOT_FOUND) @retryable\nerror E {\n  @min(1) @max(2) n: u8 = 1;\n}\n"],
  [
    "what is too long: first the annotations go above, then `throws` below, then the parameters apart",
    "package a; service S { @readonly shortOne(a: string) -> M; @exactlyOnce(retain: 24h) @deadline(500ms) placeAnOrder(order: Order, payment: Payment) -> Receipt; @readonly findThings(first: FirstThing, second: SecondThing) -> Receipt throws NotFoundError, ConflictError; @idempotent replaceEverything(theFirstThing: FirstThing, theSecondThing: SecondThing, theThirdThing: ThirdThing) -> Receipt throws E; }",
    `package a;

service S {
  @readonly shortOne(a: string) -> M;
  @exactlyOnce(retain: 24h) @deadline(500ms)
  placeAnOrder(order: Order, payment: Payment) -> Receipt;
  @readonly
  findThings(first: FirstThing, second: SecondThing) -> Receipt
    throws NotFoundError, ConflictError;
  @idempotent
  replaceEverything(
    theFirstThing: FirstThing,
    theSecondThing: SecondThing,
    theThirdThing: ThirdThing,
  ) -> Receipt throws E;
}
`,
  ],
  ["a comment behind a line stays behind it, be the `;` before or after", "package a; message M {\n a: u8 = 1 // one\n; b: u8 = 2; // two\n // below\n}", "package a;\n\nmessage M {\n  a: u8 = 1; // one\n  b: u8 = 2; // two\n  // below\n}\n"],
  ["documentation stands at what it documents", "package a;\n/// About M.\n\nmessage M {\n///about b\n b: u8 = 1; }", "package a;\n\n/// About M.\nmessage M {\n  /// about b\n  b: u8 = 1;\n}\n"],
  ["comments among parameters", "package a; service S { m(// first\n a: u8, /* odd */ b: u8 // last\n); }", "package a;\n\nservice S {\n  m( // first\n    a: u8,\n    /* odd */ b: u8, // last\n  );\n}\n"],
  ["stars of a comment stand below each other", "package a;\nmessage M {\n/* one\n      * two\n*/\n a: u8 = 1; }", "package a;\n\nmessage M {\n  /* one\n   * two\n   */\n  a: u8 = 1;\n}\n"],
  ["long reservations go on below", `package a; message M { reserved ${Array.from({ length: 40 }, (_, at) => at + 1).join(", ")}; }`, "package a;\n\nmessage M {\n  reserved 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,\n    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40;\n}\n"],
];

describe("the layout", () => {
  test.each(cases)("%s", (_, before, after) => {
    expect(format(before, { width: 86 }).text).toBe(after);
    expect(format(after, { width: 86 }).text).toBe(after);
  });
});

test("what nowhere can be broken is laid out in one pass, however long", () => {
  const text = `package ${Array.from({ length: 30_000 }, () => "a").join(".")};\n`;
  expect(format(text).text).toBe(text);
});

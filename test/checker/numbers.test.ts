/** What is advised for a number, where one is left to advise. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";

test.each([
  ["message M { a: u8 = 2; reserved 1 to 3; }", "the next free number is 4"],
  ["message M { a: u8 = 2; reserved 1 to 536870911; }", undefined],
  ["message M { a: u8 = 1; b: u8 = 1; reserved 2 to 536870910; }", "the next free number is 536870911"],
  ["message M { a: u8 = 1; b: u8 = 1; reserved 2 to 536870911; }", undefined],
  ["message M { a: u8; reserved 1; }", "write `a: … = 2`"],
  ["message M { a: u8; reserved 1 to 536870911; }", undefined],
  ["enum E { A = 0; B = -3; reserved -5 to -1; }", "the next free number is 1"],
])("%s", (text, help) => {
  expect(compile({ sources: { "a.idl": `package a;\n${text}\n` }, targets: [] }).diagnostics.map((found) => found.help)).toEqual([help]);
});

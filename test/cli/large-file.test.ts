/** A file that is far too large is refused before anything is made of it. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";

test("a file of more than four million characters is RPC7011", () => {
  const source = `package shop;\n${"// a line of comment\n".repeat(220_000)}`;
  const { diagnostics } = compile({ sources: { "shop.idl": source }, files: ["shop.idl"] });
  expect(diagnostics.map((found) => found.code)).toContain("RPC7011");
});

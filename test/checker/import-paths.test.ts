/** Paths of imports: as written, as meant, and back. */
import { describe, expect, it } from "vitest";
import { normalisePath, resolveImport, writtenImport } from "../../src/checker/import-paths.js";

describe("paths", () => {
  it.each([
    ["a.idl", "a.idl"],
    ["./a//b/../c.idl", "a/c.idl"],
    ["../x/./y.idl", "../x/y.idl"],
    ["a/../../b.idl", "../b.idl"],
    ["/a/../../b.idl", "/b.idl"],
    ["", "."],
    ["a/..", "."],
  ])("%s is %s", (path, normal) => expect(normalisePath(path)).toBe(normal));

  it.each([
    ["idl/orders.idl", "./money.idl", "idl/money.idl"],
    ["idl/orders.idl", "money.idl", "idl/money.idl"],
    ["idl/orders.idl", "../money.idl", "money.idl"],
    ["orders.idl", "../money.idl", "../money.idl"],
    ["idl/orders.idl", "/etc/money.idl", "/etc/money.idl"],
  ])("in %s, %s is %s", (from, written, meant) => expect(resolveImport(from, written)).toBe(meant));

  it.each([
    ["idl/a.idl", "idl/b.idl", "./b.idl"],
    ["idl/a.idl", "b.idl", "../b.idl"],
    ["idl/x/a.idl", "idl/y/b.idl", "../y/b.idl"],
    ["a.idl", "lib/b.idl", "./lib/b.idl"],
    ["../a.idl", "../b.idl", "./b.idl"],
    ["/a/b.idl", "/c.idl", "../c.idl"],
    ["a.idl", "/c.idl", "/c.idl"],
  ])("%s imports %s as %s", (from, to, written) => {
    expect(writtenImport(from, to)).toBe(written);
    expect(resolveImport(from, written)).toBe(to);
  });
});

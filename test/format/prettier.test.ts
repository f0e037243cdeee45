/** The plugin in the real prettier: by its options, in Markdown, and with its way of showing a mistake. */
import { readFileSync } from "node:fs";
import prettier from "prettier";
import { describe, expect, test } from "vitest";
import { format } from "../../src/index.js";
import * as plugin from "../../src/prettier/plugin.js";

const options = { plugins: [plugin], filepath: "orders.idl" };
const messy = "package a;\nmessage M{a:u8=1;/* x\n y */ b:u8=2;}";

describe("the prettier plugin", () => {
  test.each(["test/e2e/idl/zoo.idl", "examples/city/idl/billing.idl", "test/golden/forms/forms.idl"])("%s: as rpcgen format does", async (path) => {
    const text = readFileSync(path, "utf8");
    expect(await prettier.format(text, { ...options, printWidth: 100 })).toBe(format(text).text);
    expect(await prettier.check(format(text).text ?? "", { ...options, printWidth: 100 })).toBe(true);
  });

  test("by prettier's width and indentation", async () => {
    expect(await prettier.format(messy, { ...options, useTabs: true })).toBe(format(messy, { width: 80, indent: "\t" }).text);
    expect(await prettier.format(messy, { ...options, tabWidth: 4 })).toContain("\n    a: u8 = 1;");
  });

  test("a block of IDL in Markdown", async () => {
    const page = "# Title\n\n- item\n\n  ```idl\n  package a;\n  alias A=u8;\n  ```\n";
    expect(await prettier.format(page, { plugins: [plugin], filepath: "page.md" })).toBe("# Title\n\n- item\n\n  ```idl\n  package a;\n\n  alias A = u8;\n  ```\n");
  });

  test("a mistake is shown at its place", async () => {
    const failure = await prettier.format("package a;\nmessage M { a = 1; }", options).catch((error: unknown) => error);
    expect(failure).toMatchObject({ loc: { start: { line: 2 } }, message: expect.stringMatching(/RPC1\d{3}.*\(2:\d+\)/), codeFrame: expect.stringContaining("> 2 |") });
  });

  test("by prettier's pragma, where files are taken up one by one", async () => {
    expect(await prettier.format(messy, { ...options, requirePragma: true })).toBe(messy);
    for (const marked of ["// @format\n", "\n// @prettier\n", "/* @format */\n", "// The orders.\n// @format\n"]) {
      expect(await prettier.format(marked + messy, { ...options, requirePragma: true })).toBe(format(marked + messy, { width: 80 }).text);
    }
    expect(await prettier.format(`// see // @format\npackage a;\n// @format\nalias A=u8;\n`, { ...options, requirePragma: true })).toContain("A=u8");
    const inserted = await prettier.format(messy, { ...options, insertPragma: true });
    expect(inserted).toBe(`// @format\n\n${format(messy, { width: 80 }).text}`);
    expect(await prettier.format(inserted, { ...options, insertPragma: true, requirePragma: true })).toBe(inserted);
  });
});

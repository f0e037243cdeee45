/** What a generated module imports, and how it tells apart what is called the same. */
import { describe, expect, test } from "vitest";
import { generateFile, type GeneratedFile } from "../../src/emit/typescript/generated-file.js";
import { relativeSpecifier } from "../../src/emit/typescript/imports.js";
import { runtimeType, runtimeValue } from "../../src/emit/typescript/runtime-symbols.js";
import { exported, globalSymbol } from "../../src/emit/typescript/symbol.js";

function textOf(print: (file: GeneratedFile) => void): string {
  return generateFile("shop/orders.codec", "// header", print)?.text ?? "";
}

describe("imports", () => {
  test("follow from the symbols that were printed, the runtime first", () => {
    const text = textOf((file) => {
      file.section([
        exported("shop/orders.types", "Order", "type"),
        " ",
        runtimeValue("RpcError"),
        " ",
        runtimeType("Codec"),
      ]);
      file.section([exported("money.types", "Money", "type")]);
    });
    expect(text).toBe(
      [
        "// header",
        "",
        'import { type Codec, RpcError } from "@rpcgen/runtime/generated";',
        'import type { Money } from "../money.types.js";',
        'import type { Order } from "./orders.types.js";',
        "",
        "Order RpcError Codec",
        "",
        "Money",
        "",
      ].join("\n"),
    );
  });

  test("are of values where any use runs", () => {
    const text = textOf((file) => file.section([runtimeType("RpcError"), " ", runtimeValue("RpcError")]));
    expect(text).toContain('import { RpcError } from "@rpcgen/runtime/generated";');
  });

  test("are none for what the module itself exports", () => {
    expect(textOf((file) => file.section([exported("shop/orders.codec", "OrderCodec", "value")]))).toBe(
      "// header\n\nOrderCodec\n",
    );
  });

  test("stand on several lines where they are too wide for one", () => {
    const names = ["Alpha", "Bravo", "Charlie", "Delta"].map((name) => `${name}OfSomeLength`);
    const text = textOf((file) => file.section(names.map((name) => exported("shop/orders.types", name, "type"))));
    expect(text).toContain(`import type {\n${names.map((name) => `  ${name},\n`).join("")}} from "./orders.types.js";`);
  });
});

describe("names that clash", () => {
  test("an import gives way to what the module declares", () => {
    const text = textOf((file) => {
      file.reserve("RpcError");
      file.section([runtimeValue("RpcError"), "!"]);
    });
    expect(text).toContain('import { RpcError as RpcError$1 } from "@rpcgen/runtime/generated";');
    expect(text).toContain("\nRpcError$1!\n");
  });

  test("two imports of one name from two modules are both to be had", () => {
    const text = textOf((file) => {
      file.section([
        exported("a.types", "Order", "type"),
        " ",
        exported("b.types", "Order", "type"),
        " ",
        exported("c.types", "Order", "type"),
      ]);
    });
    expect(text).toContain("\nOrder Order$1 Order$2\n");
  });

  test.each(["declares", "imports"])("a global is reached through globalThis where the module %s its name", (how) => {
    const text = textOf((file) => {
      if (how === "declares") file.reserve("Map");
      else file.section([exported("shop/orders.types", "Map", "type")]);
      file.section([globalSymbol("Map"), "<string, ", globalSymbol("Date"), ">"]);
    });
    expect(text).toContain("globalThis.Map<string, Date>");
  });
});

test.each([
  ["orders.codec", "orders.types", "./orders.types.js"],
  ["a/b/orders.codec", "a/b/orders.types", "./orders.types.js"],
  ["a/b/orders.codec", "a/money.types", "../money.types.js"],
  ["a/orders.codec", "b/c/money.types", "../b/c/money.types.js"],
  ["orders.codec", "b/money.types", "./b/money.types.js"],
])("from %s to %s is %s", (from, to, specifier) => {
  expect(relativeSpecifier(from, to)).toBe(specifier);
});

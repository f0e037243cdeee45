/** Which requests of a bundler are a plugin's, and which options it takes. */
import { expect, test } from "vitest";
import { readModuleId } from "../../src/plugins/module-id.js";
import { checkOptions } from "../../src/plugins/options.js";
import { resolveModule } from "../../src/plugins/rollup-hooks.js";

test.each([
  ["/app/orders.idl", { file: "/app/orders.idl", kind: "" }],
  ["/app/orders.idl?rpcgen=codec", { file: "/app/orders.idl", kind: "codec" }],
  ["/app/orders.idl?t=1&rpcgen=types", { file: "/app/orders.idl", kind: "types" }],
  ["C:/app/orders.idl", { file: "C:/app/orders.idl", kind: "" }],
  // Asked for as text, say, by a plugin of Vite's own.
  ["/app/orders.idl?raw", undefined],
  ["/app/orders.idl.ts", undefined],
  ["/app/orders.ts?from=x.idl", undefined],
])("of %s", (id, wanted) => {
  expect(readModuleId(id)).toEqual(wanted);
});

test("modules of a file are found beside the one that imports them", () => {
  expect(resolveModule("./orders.idl?rpcgen=codec", "/app/orders.idl")).toBe("/app/orders.idl?rpcgen=codec");
  expect(resolveModule("../shared/money.idl?rpcgen=types", "/app/idl/orders.idl?rpcgen=codec")).toBe("/app/shared/money.idl?rpcgen=types");
  expect(resolveModule("./orders.idl", "/app/main.js")).toBeNull();
  expect(resolveModule("orders", "/app/main.js")).toBeNull();
});

test.each([
  [{ tpyes: false }, 'no option "tpyes"; did you mean "types"?'],
  [{ out: "gen" }, 'no option "out"; there are types, lint, sync, config'],
  [{ types: "somewhere" }, 'the option "types" of rpcgen\'s plugin is "beside", "arbitrary-extensions" or false'],
  [{ lint: 1 }, 'the option "lint" of rpcgen\'s plugin is true or false'],
  [["types"], "are an object"],
  ["types", "are an object"],
])("options %j are refused", (options, message) => {
  expect(() => checkOptions(options)).toThrow(message);
});

test("options may be left out, as a whole and each", () => {
  expect(checkOptions(undefined)).toEqual({});
  expect(checkOptions({ types: undefined, lint: true })).toEqual({ types: undefined, lint: true });
});

/** With each bundler: a server and a client that import an .idl file are built, run under Node and call one another. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { describe, expect, onTestFinished, test } from "vitest";
import { bundlers } from "./bundlers.js";
import { TestProject } from "./project.js";

const told = { id: "order of lamp", cents: 1250, dollars: true, prices: [[1, true], [2, true]], soldOut: "moon", limit: 3 };

const blockingClient = `import { connectSync } from "@rpcgen/runtime/sync";
import { Currency } from "./shared/money.idl";
import { LIMIT, ShopSyncClient, SoldOut } from "./shop.idl";

const channel = connectSync(process.argv[2]);
const shop = new ShopSyncClient(channel);
const order = shop.order({ item: "lamp" });
const prices = [];
for (const { cents, currency } of shop.prices({ of: ["a", "bb"] })) prices.push([Number(cents), currency === Currency.EUR]);
let refused;
try {
  shop.order({ item: "moon" });
} catch (error) {
  refused = error;
}
console.log(JSON.stringify({ id: order.id, cents: Number(order.price.cents), dollars: order.price.currency === Currency.USD, prices, soldOut: refused instanceof SoldOut && refused.item, limit: LIMIT }));
channel.close();
`;

describe.each(bundlers)("$name", ({ name, build }) => {
  test("builds programs that call one another, and writes their types", async () => {
    const project = new TestProject();
    expect(await build(project.folder)).toEqual({ errors: [], warnings: [] });
    expect(await project.converse("dist/server.js", "dist/client.js")).toEqual(told);
    expect(project.read("src/shop.idl.d.ts")).toContain("export declare class ShopClient {");
    expect(project.read("src/shared/money.idl.d.ts")).toContain("export interface Money {");
  });

  test("offers blocking clients where the configuration has them, or the plugin is told so", async () => {
    const project = new TestProject();
    project.write("src/client.js", blockingClient);
    const { errors, warnings } = await build(project.folder).catch((error: Error) => ({ errors: [error.message], warnings: [] }));
    expect(errors.length + warnings.length).toBeGreaterThan(0);
    project.write("rpcgen.config.mjs", 'export default { targets: ["ts", "sync"] };\n');
    expect(await build(project.folder, {}, { external: true })).toEqual({ errors: [], warnings: [] });
    expect(project.read("src/shop.idl.d.ts")).toContain("export declare class ShopSyncClient {");
    expect(await project.converse("dist/server.js", "dist/client.js")).toEqual(told);
    expect(await build(project.folder, { sync: false })).not.toEqual({ errors: [], warnings: [] });
    expect(project.read("src/shop.idl.d.ts")).not.toContain("ShopSyncClient");
  });

  test("leaves out what is not used", async () => {
    const project = new TestProject();
    await build(project.folder, {}, { minify: true });
    expect(project.read("src/shop.idl.d.ts")).toContain("what nobody uses");
    expect(project.read("dist/client.js")).not.toContain("what nobody uses");
    // The handlers' half of the service.
    if (name !== "webpack" && name !== "Rspack") expect(project.read("dist/client.js")).not.toContain("shopService");
  });

  test("maps what is generated to its lines in TypeScript", async () => {
    const project = new TestProject();
    await build(project.folder, {}, { maps: true });
    const lines = project.read("dist/client.js").split("\n");
    const line = lines.findIndex((text) => text.includes("unary(ShopMethods.order"));
    const map = new TraceMap(project.read("dist/client.js.map"));
    const found = originalPositionFor(map, { line: line + 1, column: lines[line]?.indexOf("unary") ?? 0 });
    expect(found.source).toMatch(/src\/shop\.client\.ts$/);
    const typescript = map.sourcesContent?.[map.resolvedSources.indexOf(found.source)]?.split("\n") ?? [];
    expect(typescript[(found.line ?? 0) - 1]).toContain("return this.#caller.unary(ShopMethods.order, params, options);");
  });

  // Rollup finds packages only with another plugin.
  test.skipIf(name === "Rollup")("takes an .idl from outside the project, where nothing leads to the runtime", async () => {
    const project = new TestProject();
    const outside = mkdtempSync(path.join(tmpdir(), "rpcgen-idl-"));
    onTestFinished(() => rmSync(outside, { recursive: true }));
    for (const file of ["shop.idl", "shared/money.idl"]) project.move(`src/${file}`, path.join(outside, file));
    const from = path.relative(project.at("src"), outside);
    for (const file of ["server", "client"]) {
      project.edit(`src/${file}.js`, '"./shop.idl"', `"${from}/shop.idl"`);
      project.edit(`src/${file}.js`, '"./shared/money.idl"', `"${from}/shared/money.idl"`);
    }
    expect(await build(project.folder, {}, { whole: true })).toEqual({ errors: [], warnings: [] });
    expect(await project.converse("dist/server.js", "dist/client.js")).toEqual(told);
  });

  test.skipIf(name === "Rollup")("takes an .idl from a package, and writes nothing there", async () => {
    const project = new TestProject();
    project.write("node_modules/shop-idl/package.json", '{ "name": "shop-idl", "version": "1.0.0" }');
    for (const file of ["shop.idl", "shared/money.idl"]) project.write(`node_modules/shop-idl/${file}`, project.read(`src/${file}`));
    for (const file of ["server", "client"]) {
      project.edit(`src/${file}.js`, '"./shop.idl"', '"shop-idl/shop.idl"');
      project.edit(`src/${file}.js`, '"./shared/money.idl"', '"shop-idl/shared/money.idl"');
    }
    expect(await build(project.folder)).toEqual({ errors: [], warnings: [] });
    expect(await project.converse("dist/server.js", "dist/client.js")).toEqual(told);
    expect(project.has("node_modules/shop-idl/shop.idl.d.ts")).toBe(false);
  });
});

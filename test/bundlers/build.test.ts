/** With each bundler: a server and a client that import an .idl file are built, run under Node and call one another. */
import { describe, expect, test } from "vitest";
import { bundlers } from "./bundlers.js";
import { TestProject } from "./project.js";

const told = { id: "order of lamp", cents: 1250, dollars: true, prices: [[1, true], [2, true]], soldOut: "moon", limit: 3 };

describe.each(bundlers)("$name", ({ build }) => {
  test("builds programs that call one another, and writes their types", async () => {
    const project = new TestProject();
    expect(await build(project.folder)).toEqual({ errors: [], warnings: [] });
    expect(await project.converse("dist/server.js", "dist/client.js")).toEqual(told);
    expect(project.read("src/shop.idl.d.ts")).toContain("export declare class ShopClient {");
    expect(project.read("src/shared/money.idl.d.ts")).toContain("export interface Money {");
  });
});

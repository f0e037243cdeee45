/** The types of imported files: tsc checks what a project writes against them, in both forms. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { bundlers } from "./bundlers.js";
import { TestProject } from "./project.js";

const tsc = fileURLToPath(new URL("./node_modules/typescript/bin/tsc", import.meta.url));
const command = fileURLToPath(new URL("../../src/cli/bin.mjs", import.meta.url));
const run = promisify(execFile);

const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true, skipLibCheck: false, noEmit: true, types: [], lib: ["ES2024", "ESNext.Disposable", "DOM"], target: "ES2023" };

const good = `import { connect } from "@rpcgen/runtime";
import { Currency, type Money } from "./shared/money.idl";
import { LIMIT, type Order, ShopClient, type ShopHandlers, SoldOut, shopService } from "./shop.idl";

const shop = new ShopClient(await connect("tcp://127.0.0.1:1"));
const order: Order = await shop.order({ item: "lamp" });
const price: Money = order.price;
const first: string | undefined = order.items[0];
for await (const { cents } of shop.prices({ of: ["a"] })) console.log(cents + 1n, price.currency === Currency.USD, first, LIMIT + 1);
const handlers: ShopHandlers = {
  order: ({ item }) => { throw new SoldOut({ item }); },
  async *prices() {},
};
console.log(shopService(handlers));
`;

/** What tsc says of the project, by line. */
async function check(project: TestProject, main: string, compilerOptions: object): Promise<string[]> {
  project.write("src/main.ts", main);
  project.write("tsconfig.json", JSON.stringify({ compilerOptions: { ...strict, ...compilerOptions }, files: ["src/main.ts"] }));
  return run(process.execPath, [tsc, "-p", project.folder, "--pretty", "false"]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  ).then((text) => text.split("\n").filter((line) => line !== ""));
}

const vite = bundlers.find(({ name }) => name === "Vite");

describe.each([
  ["beside", { module: "ESNext", moduleResolution: "bundler" }, "shop.idl.d.ts"],
  ["arbitrary-extensions", { module: "NodeNext", moduleResolution: "NodeNext", allowArbitraryExtensions: true }, "shop.d.idl.ts"],
] as const)("types %s", (types, options, file) => {
  test("are what the project is checked against", async () => {
    const project = new TestProject();
    project.write("package.json", '{ "type": "module" }');
    await vite?.build(project.folder, { types });
    expect(project.has(`src/${file}`)).toBe(true);
    expect(await check(project, good, options)).toEqual([]);
    const wrong = good.replace('{ item: "lamp" }', "{ itm: 1 }").replace("cents + 1n", "cents + 1");
    const found = await check(project, wrong, options);
    expect(found.map((line) => /src\/main\.ts\((\d+),/.exec(line)?.[1]).filter(Boolean)).toEqual(["6", "9"]);
  });
});

test("none are written where none are asked for", async () => {
  const project = new TestProject();
  await vite?.build(project.folder, { types: false });
  expect(project.has("src/shop.idl.d.ts")).toBe(false);
});

test.each([[{}, []], [{ sync: true }, ["--sync"]]])("the command line writes the same as %j", async (options, flags) => {
  const project = new TestProject();
  await vite?.build(project.folder, options);
  const names = ["src/shop.idl.d.ts", "src/shared/money.idl.d.ts"];
  const byPlugin = names.map((name) => project.read(name));
  for (const name of names) project.write(name, "");
  await run(process.execPath, [command, "generate", "src/**/*.idl", "--target", "dts", "--root", "src", "--out", "src", ...flags], { cwd: project.folder });
  expect(names.map((name) => project.read(name))).toEqual(byPlugin);
});

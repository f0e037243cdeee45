/** Mistakes, with each bundler: they fail its build in its own way, each with its place and its line of source. */
import path from "node:path";
import { describe, expect, test } from "vitest";
import { bundlers, type Built } from "./bundlers.js";
import { TestProject } from "./project.js";

const textOf = ({ errors }: Built): string => errors.map(({ text }) => text).join("\n");

describe.each(bundlers)("$name", ({ build }) => {
  test("fails with the place and the line of a mistake, and with what helps", async () => {
    const project = new TestProject();
    project.edit("src/shop.idl", "price: bundled.shared.Money", "price: bundled.shared.Mony");
    const built = await build(project.folder);
    const [first] = built.errors;
    const [line, column] = [8, "message Order { id: string = 1; price: ".length];
    expect(first?.place).toMatchObject({ line, column });
    expect(path.basename(first?.place?.file ?? "")).toBe("shop.idl");
    expect(textOf(built)).toContain("RPC2024");
    expect(textOf(built)).toContain("message Order { id: string = 1; price: bundled.shared.Mony = 2; items: string[] = 3; }");
    expect(textOf(built)).toContain('did you mean "bundled.shared.Money"?');
    expect(project.has("src/shop.idl.d.ts")).toBe(false);
  });

  test("tells every mistake at once, also of imported files", async () => {
    const project = new TestProject();
    for (const name of ["server", "client"]) project.edit(`src/${name}.js`, 'import { Currency } from "./shared/money.idl";', "const Currency = { EUR: 0, USD: 1 };");
    project.edit("src/shop.idl", "const LIMIT: u32 = 3;", "const LIMIT: u32 = 3");
    project.edit("src/shared/money.idl", "cents: u64", "cents: u63");
    const text = textOf(await build(project.folder));
    expect(text).toContain('There is no type "u63"');
    expect(text).toContain('Expected ";" after the constant');
  });

  test("tells a mistake once, though several files import it", async () => {
    const project = new TestProject();
    project.edit("src/shared/money.idl", "cents: u64", "cents: u63");
    const { errors } = await build(project.folder);
    expect(errors.filter(({ text }) => text.includes("u63"))).toHaveLength(1);
  });

  test("tells what an import that leads nowhere should have been", async () => {
    const project = new TestProject();
    project.edit("src/shop.idl", '"./shared/money.idl"', '"./shared/mony.idl"');
    const built = await build(project.folder);
    expect(textOf(built)).toContain("RPC2004");
    expect(textOf(built)).toContain("src/shared/mony.idl");
  });

  test("tells the way round a circle of imports", async () => {
    const project = new TestProject();
    project.edit("src/shared/money.idl", "package bundled.shared;", 'package bundled.shared;\nimport "../shop.idl";');
    expect(textOf(await build(project.folder))).toContain("RPC2006");
  });

  test("fails as for any other file where the .idl is not there", async () => {
    const project = new TestProject();
    project.edit("src/client.js", "./shop.idl", "./shopp.idl");
    const built = await build(project.folder);
    expect(textOf(built)).toContain("shopp.idl");
  });

  test("tells warnings, those of lint where it is asked for, as the project's configuration has it", async () => {
    const project = new TestProject();
    project.write("rpcgen.config.mjs", 'export default { lint: { sets: [], rules: { "comment-type": "warning" } } };\n');
    const quiet = await build(project.folder);
    expect(quiet).toEqual({ errors: [], warnings: [] });
    const { errors, warnings } = await build(project.folder, { lint: true });
    expect(errors).toEqual([]);
    const titles = warnings.map(({ text }) => /message "(\w+)" has no documentation/.exec(text)?.[1]);
    expect(titles.sort()).toEqual(["Money", "Order"]);
    expect(warnings.every(({ text }) => /message \w+ \{/.test(text))).toBe(true);
  });

  test("fails where the configuration makes an error of what lint finds", async () => {
    const project = new TestProject();
    project.write("rpcgen.config.mjs", 'export default { lint: { sets: [], rules: { "comment-type": "error" } } };\n');
    expect(textOf(await build(project.folder, { lint: true }))).toMatch(/message "(Order|Money)" has no documentation/);
  });

  test("tells what is wrong with the configuration", async () => {
    const project = new TestProject();
    project.write("rpcgen.config.mjs", "export default { lnt: {} };\n");
    const built = await build(project.folder);
    expect(textOf(built)).toContain("RPC7017");
    expect(textOf(built)).toContain('"lnt" is no setting');
    expect(textOf(built)).toContain("export default { lnt: {} };");
    expect(built.errors.filter(({ text }) => text.includes("RPC7017"))).toHaveLength(1);
  });

  test("refuses options that there are not", async () => {
    const project = new TestProject();
    // Some are asked for their hooks at once, some when the build begins.
    const refusal = await Promise.resolve().then(() => build(project.folder, { type: false })).then(textOf, String);
    expect(refusal).toContain('no option "type"; did you mean "types"?');
  });
});

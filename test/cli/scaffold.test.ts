/** `rpcgen scaffold` as its user sees it: files before, files after, what is said. */
import { describe, expect, test } from "vitest";
import { run } from "./memory-host.js";

const idl = `package shop;
message Order { id: string = 1; }
/// Keeps orders.
service Orders {
  /// One order.
  @readonly get(id: string) -> Order;
  @idempotent cancel(id: string);
  @readonly watch(from: u64) -> stream Order;
}
`;
const files = { "idl/orders.idl": idl };
const scaffold = (handlers: string | undefined, ...options: string[]) =>
  run(["scaffold", "idl/orders.idl", ...options], { files: { ...files, ...(handlers !== undefined && { "src/orders.handlers.ts": handlers }) } });
const textOf = async (handlers: string) => (await scaffold(handlers)).files["src/orders.handlers.ts"];

describe("a new module", () => {
  test("has every handler, its comment and its promise", async () => {
    const { exitCode, stdout, stderr, files: after } = await scaffold(undefined);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "src/orders.handlers.ts\n", stderr: "3 handlers added\n" });
    const text = after["src/orders.handlers.ts"];
    expect(text).toContain('import type { OrdersHandlers } from "../gen/orders.js";\nimport { RpcError } from "@rpcgen/runtime";\n\nexport const handlers: OrdersHandlers = {\n  /**\n   * One order.\n   *\n   * `@readonly`');
    expect(text).toContain("  async get(params, ctx) {\n    throw new RpcError({");
    expect(text).toContain("  async *watch(params, ctx) {");
  });

  test("imports from where generate writes, folders mirrored", async () => {
    const deep = { "idl/a/orders.idl": idl, "idl/b.idl": "package b;\nservice B { @readonly f(); }\n" };
    const { stdout, files: after } = await run(["scaffold", "idl/**/*.idl", "--out", "lib/handlers", "--gen", "lib/gen"], { files: deep });
    expect(stdout.trim().split("\n").sort()).toEqual(["lib/handlers/a/orders.handlers.ts", "lib/handlers/b.handlers.ts"]);
    expect(after["lib/handlers/a/orders.handlers.ts"]).toContain('from "../../gen/a/orders.js"');
    expect(after["lib/handlers/b.handlers.ts"]).toContain('from "../gen/b.js"');
  });

  test("is laid out as the project lays out its code", async () => {
    const { files: after } = await run(["scaffold", "idl/orders.idl"], { files, layOut: async (file, text) => `// ${file}\n${text}` });
    expect(after["src/orders.handlers.ts"]?.startsWith("// /project/src/orders.handlers.ts\n")).toBe(true);
  });

  test("is not written by --check and --dry-run", async () => {
    expect(await scaffold(undefined, "--dry-run")).toMatchObject({ exitCode: 0, stdout: "src/orders.handlers.ts\n", files });
    const checked = await scaffold(undefined, "--check");
    expect(checked).toMatchObject({ exitCode: 1, files });
    expect(checked.stderr).toContain("RPC7008");
  });

  test("is not listed where it cannot be written, and no line of it is shown", async () => {
    const { exitCode, stdout, stderr } = await run(["scaffold", "idl/orders.idl"], { files: { ...files, src: "mine" } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("error[RPC7007]");
    expect(stderr).not.toContain("1 |");
  });

  test("a folder that is called as a module is none", async () => {
    const { exitCode, files: after } = await run(["scaffold", "idl/orders.idl"], { files: { ...files, "src/deep.ts/x.md": "" } });
    expect([exitCode, after["src/orders.handlers.ts"]]).toEqual([0, expect.stringContaining("OrdersHandlers")]);
    const inTheWay = await run(["scaffold", "idl/orders.idl"], { files: { ...files, "src/orders.handlers.ts/x.md": "" } });
    expect(inTheWay).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('"src/orders.handlers.ts" cannot be written: it is a folder.') });
  });

  test("a module that is no UTF-8 is left as it is, to the byte", async () => {
    const bytes = Buffer.from('// caf\xe9\nimport type { OrdersHandlers } from "../gen/orders.js";\nexport const handlers: OrdersHandlers = {};\n', "latin1");
    for (const name of ["src/orders.handlers.ts", "src/mine.ts"]) {
      const { exitCode, stderr, volume } = await run(["scaffold", "idl/orders.idl"], { files: { ...files, [name]: bytes } });
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/^src\/\S+\.ts:1:7: error\[RPC7005\][^]*nothing was written\n$/) });
      expect(Buffer.from(volume.readFileSync(`/project/${name}`) as Buffer).equals(bytes)).toBe(true);
    }
    // One that says nothing of the handlers is none of our business.
    expect((await run(["scaffold", "idl/orders.idl"], { files: { ...files, "src/other.ts": Buffer.from("// caf\xe9\n", "latin1") } })).exitCode).toBe(0);
  });

  test("what may not be read is told, and nothing is written", async () => {
    const readdirSync = () => {
      throw Object.assign(new Error("no"), { code: "EACCES" });
    };
    expect(await run(["scaffold", "idl/orders.idl"], { files: { ...files, "src/x.md": "" }, faults: { readdirSync } })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('error[RPC7004]: "src" cannot be read: permission is denied.') });
  });

  test("a source outside of the root is an error, as in generate", async () => {
    const { exitCode, stdout, stderr, files: after } = await run(["scaffold", "orders.idl", "idl/other.idl", "--root", "idl"], {
      files: { "orders.idl": idl, "idl/other.idl": "package b;\nservice B { @readonly f(); }\n" },
    });
    expect({ exitCode, stdout, written: Object.keys(after).length }).toEqual({ exitCode: 1, stdout: "", written: 2 });
    expect(stderr).toContain('error[RPC7009]: "orders.idl" is not below the root');
    expect(stderr).toContain("nothing was written");
  });

  test("an error in the schema writes nothing", async () => {
    expect(await run(["scaffold", "idl/orders.idl"], { files: { "idl/orders.idl": "package a;\nservice A { @readonly f(x: Nothing); }\n" } })).toMatchObject({ exitCode: 1, stdout: "" });
  });
});

const skeletonOf = (name: string) => new RegExp(`async \\*?${name}\\(`);

describe("a module that is there", () => {
  test("a second run changes nothing", async () => {
    const first = await scaffold(undefined);
    const second = await run(["scaffold", "idl/orders.idl", "--check"], { volume: first.volume });
    expect(second).toMatchObject({ exitCode: 0, stdout: "", stderr: "0 handlers missing\n" });
  });

  test("an object gets what it lacks, behind what is there", async () => {
    const before = `import { RpcError as Failure } from '@rpcgen/runtime'
import { type OrdersHandlers as H } from '../gen/orders.js'

export const mine: H = {
    get: async ({ id }) => ({ id }), // mine
    cancel({ id }) { throw new Failure({ code: 'INTERNAL' }) } // last
    /* behind */
}
`;
    const after = await textOf(before);
    const at = before.lastIndexOf("}\n} // last") ;
    expect(at).toBe(-1);
    expect(after?.replace("} // last", "}, // last").startsWith(before.slice(0, before.indexOf(" // last")))).toBe(true);
    expect(after).toContain("/* behind */\n\n    /** `@readonly`");
    expect(after).toContain("        throw new Failure({ code: 'UNIMPLEMENTED', message: 'Orders.watch is not implemented', executed: 'no' })\n    }\n}\n");
  });

  test.each([
    ["a class", "class Mine implements OrdersHandlers {\n  get({ id }: { id: string }) { return { id }; }\n  async *watch() {}\n}\n"],
    ["a function that makes it", "function make(db: Map<string, string>): OrdersHandlers {\n  return { get: ({ id }) => ({ id }), async *watch() {} };\n}\n"],
    ["satisfies", "export default { get: ({ id }) => ({ id }), async *watch() {} } satisfies OrdersHandlers;\n"],
    ["a spread that is in sight", "const reads = { get: ({ id }: { id: string }) => ({ id }), async *watch() {} };\nconst all: OrdersHandlers = { ...reads };\n"],
    ["a base class in sight", "class Reads { get() { return { id: '' }; } async *watch() {} }\nclass All extends Reads implements OrdersHandlers {}\n"],
    ["a shorthand and a quoted name", "const get = () => ({ id: '' });\nconst all: OrdersHandlers = { get, async 'watch'() { return (async function* () {})(); } };\n"],
  ])("%s", async (_name, code) => {
    const after = await textOf(`import type { OrdersHandlers } from "../gen/orders.js";\n${code}`);
    expect(after).toMatch(skeletonOf("cancel"));
    expect(after?.match(/UNIMPLEMENTED/g)).toHaveLength(1);
    expect(after).toContain('import { RpcError } from "@rpcgen/runtime";');
  });

  test("arrow functions beside it make it one", async () => {
    const after = await textOf('import type { OrdersHandlers } from "../gen/orders.js";\nconst all: OrdersHandlers = {\n  get: async ({ id }) => ({ id }),\n};\n');
    expect(after).toContain("  cancel: async (params, ctx) => {");
    expect(after).toContain("  watch: async function* (params, ctx) {");
  });

  test("handlers that were moved are found", async () => {
    const moved = 'import type { OrdersHandlers } from "../../gen/orders.js";\nexport const mine: OrdersHandlers = {};\n';
    const { stdout, files: after } = await run(["scaffold", "idl/orders.idl"], { files: { ...files, "src/deep/mine.ts": moved } });
    expect(stdout).toBe("src/deep/mine.ts\n");
    expect(after["src/deep/mine.ts"]).toMatch(skeletonOf("get"));
    expect(after["src/orders.handlers.ts"]).toBeUndefined();
  });

  test("a syntax error is shown at its place, and nothing is written", async () => {
    const broken = 'import type { OrdersHandlers } from "../gen/orders.js";\nexport const a: OrdersHandlers = { get( };\n';
    const { exitCode, stderr, files: after } = await scaffold(broken);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("src/orders.handlers.ts:2:41: error[RPC7040]");
    expect(after["src/orders.handlers.ts"]).toBe(broken);
  });

  test("what is out of sight is left, with a warning", async () => {
    const code = 'import type { OrdersHandlers } from "../gen/orders.js";\nimport { rest } from "./rest.js";\nexport const a: OrdersHandlers = { ...rest };\n';
    const { exitCode, stderr, files: after } = await scaffold(code);
    expect({ exitCode, text: after["src/orders.handlers.ts"] }).toEqual({ exitCode: 0, text: code });
    expect(stderr).toContain("warning[RPC7041]");
  });

  test("handlers made in a way that cannot be read are left, with a warning", async () => {
    const code = 'import { ordersService } from "../gen/orders.js";\nimport { build } from "./build.js";\nexport const service = ordersService(build());\n';
    const { exitCode, stderr, files: after } = await scaffold(code);
    expect({ exitCode, text: after["src/orders.handlers.ts"] }).toEqual({ exitCode: 0, text: code });
    expect(stderr).toContain("src/orders.handlers.ts:3:38: warning[RPC7042]");
  });

  test("the handler of a method that is gone is left, with a warning", async () => {
    const first = await scaffold(undefined);
    const text = first.files["src/orders.handlers.ts"];
    first.volume.writeFileSync("/project/idl/orders.idl", idl.replace("  @idempotent cancel(id: string);\n", ""));
    const { exitCode, stderr, files: after } = await run(["scaffold", "idl/orders.idl"], { volume: first.volume });
    expect({ exitCode, text: after["src/orders.handlers.ts"] }).toEqual({ exitCode: 0, text });
    expect(stderr).toContain('warning[RPC7043]: "Orders" has no method "cancel" any more');
  });

  test("comments above it stay above what is added, however many there are", async () => {
    const comments = "/* one of many **/\n".repeat(60);
    expect(await textOf(`${comments}\nexport const limit = 5;\n`)).toMatch(new RegExp(`^(/\\* one of many \\*\\*/\\n){60}\\nimport type `));
    expect(await textOf(`${comments}export const limit = 5;\n`)).toMatch(/^import [^]*\/\* one of many \*\*\/\nexport const limit = 5;\n/);
  });

  test("line breaks and the byte order mark are those of the module", async () => {
    const after = await textOf('\ufeffimport type { OrdersHandlers } from "../gen/orders.js";\r\nconst all: OrdersHandlers = {\r\n};\r\n');
    expect(after?.startsWith("\ufeff")).toBe(true);
    expect(after?.replaceAll("\r\n", "")).not.toContain("\n");
  });
});

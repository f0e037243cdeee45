/** `rpcgen.config.ts`: what it settles for commands, and what is said of one that is wrong. */
import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config.js";
import { run, type World } from "./memory-host.js";

const idl = { "idl/billing/money.idl": "package billing;\nmessage Money { cents: i64 = 1; }\n", "idl/shop.idl": "package shop;\nservice Shop {\n  @readonly get(id: string) -> string;\n}\n" };
const world = (config: Config, at = "rpcgen.config.ts", files = idl): World => ({ files: { ...files, [at]: "" }, modules: { [at]: { default: config } } });
const sources = ["idl/**/*.idl"];

describe("a project with a configuration", () => {
  test("generates without a word more, and --check agrees", async () => {
    const settled = world({ sources, out: "src/gen", targets: ["json"], root: "idl" });
    const first = await run(["generate"], settled);
    expect(first).toMatchObject({ exitCode: 0, stdout: "src/gen/billing/money.json\nsrc/gen/shop.json\n" });
    expect(await run(["generate", "--check"], { ...settled, volume: first.volume })).toMatchObject({ exitCode: 0, stderr: "2 of 2 files are fresh\n" });
    expect(await run(["--check"], settled)).toMatchObject({ exitCode: 1 });
  });

  test("may stand elsewhere: its paths start from its folder", async () => {
    const files = { "far (1)/idl/shop.idl": idl["idl/shop.idl"] };
    const { exitCode, stdout } = await run(["generate", "--config", "far (1)/rpcgen.config.mjs"], world({ sources, out: "gen", targets: ["json"] }, "far (1)/rpcgen.config.mjs", files as never));
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "far (1)/gen/shop.json\n" });
  });

  test("has less to say than the command line", async () => {
    const settled = world({ sources, out: "src/gen", targets: ["json"], root: "idl" });
    const { stdout } = await run(["idl/shop.idl", "--out", "elsewhere", "--target", "proto", "--root", "."], settled);
    expect(stdout).toBe("elsewhere/idl/shop.proto\n");
    // What is left out is still taken from there: an only file stands where it does among all.
    expect((await run(["idl/billing/money.idl"], settled)).stdout).toBe("src/gen/billing/money.json\n");
  });

  test.each([
    [["check"], "2 files have no errors"],
    [["format", "--check"], "0 of 2 files are formatted"],
    [["lint"], "2 files looked at"],
    [["breaking", "--against", "old"], "the next version is a minor one"],
    [["scaffold"], "1 handler added"],
    [["verify", "--handlers", "gone.ts"], "there is no such file"],
  ])("%j looks at its sources", async (argv, says) => {
    const settled = world({ sources, out: "src/gen" });
    const { stderr, files } = await run(argv, { ...settled, files: { ...settled.files, "old/billing/money.idl": idl["idl/billing/money.idl"], "old/shop.idl": "package shop;\nservice Shop {}\n" } });
    expect(stderr).toContain(says);
    if (argv[0] === "scaffold") expect(files["src/shop.handlers.ts"]).toContain('from "./gen/shop.js"');
  });

  test("without sources, or without a configuration, files must be named", async () => {
    for (const here of [world({ out: "gen" }), { files: idl }]) {
      const { exitCode, stdout, stderr } = await run(["check"], here);
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: "", stderr: "error: no files are named\n  help: name them, as in `rpcgen check orders.idl`, or set `sources` in rpcgen.config.ts\n" });
    }
  });
});

describe("--no-config", () => {
  /** One that must not be run, in a folder above as well. */
  const trap: World = { files: { ...idl, "rpcgen.config.ts": "" }, modules: { "rpcgen.config.ts": new Error("it was run") } };

  test.each([
    ["generate", "idl/shop.idl"],
    ["lint", "idl/shop.idl"],
    ["breaking", "idl/shop.idl", "--against", "idl/shop.idl"],
    ["scaffold", "idl/shop.idl"],
    ["sdk", "idl/shop.idl", "--name", "shop"],
  ])("%s runs none", async (...argv) => {
    expect(await run(argv, trap)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("it was run") });
    expect(await run([...argv, "--no-config"], trap)).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("it was run") });
  });

  test.each(["check", "format"])("%s of files that are named needs none", async (command) => {
    for (const more of [[], ["--no-config"]]) expect(await run([command, "idl/shop.idl", ...more], trap)).toMatchObject({ exitCode: 0 });
  });

  test("leaves files to be named", async () => {
    expect(await run(["check", "--no-config"], trap)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("no files are named") });
  });
});

describe("a configuration that is wrong", () => {
  /** The text, the value that it has, and each finding with what stands at its place. */
  test.each<[text: string, config: unknown, findings: [at: string, says: string, help?: string][]]>([
    ['import { defineConfig } from "rpcgen";\nexport default defineConfig({\n  soruces: ["idl/*.idl"],\n});\n', { soruces: ["idl/*.idl"] }, [["soruces", '"soruces" is no setting', 'did you mean "sources"?']]],
    ["export default { sources: 3, out: '', root: [] };", { sources: 3, out: "", root: [] }, [["sources", "is not a list of paths and patterns"], ["out", '"out" is not the path of a folder'], ["root", '"root" is not the path of a folder']]],
    ["const config = { sources: [] } as const;\nexport default config satisfies Config;", { sources: [] }, [["sources", "is not a list"]]],
    ['export default { targets: ["ts", "jsn"] };', { targets: ["ts", "jsn"] }, [['"jsn"', 'there is no target "jsn"', '"targets" is a list of ts, sync, json, kit, dts, proto']]],
    ["export default { ...base };", { targets: "ts" }, [["", '"targets" is not a list']]],
    ["export default build();", { lnt: {} }, [["", '"lnt" is no setting', 'did you mean "lint"?']]],
    ["export default 3;", 3, [["", "its default export is no object"]]],
  ])("%j is refused, each mistake at its place", async (text, config, findings) => {
    const { exitCode, stdout } = await run(["generate", "--json"], { files: { ...idl, "rpcgen.config.ts": text }, modules: { "rpcgen.config.ts": { default: config } } });
    expect(exitCode).toBe(2);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; file: string; message: string; help?: string; line: number; column: number; endColumn: number }[] };
    expect(diagnostics).toHaveLength(findings.length);
    for (const [index, [at, says, help]] of findings.entries()) {
      const found = diagnostics[index];
      expect(found).toMatchObject({ code: "RPC7017", file: "rpcgen.config.ts", message: expect.stringContaining(says), ...(help !== undefined && { help }) });
      expect(text.split("\n")[(found?.line ?? 0) - 1]?.slice((found?.column ?? 0) - 1, (found?.endColumn ?? 0) - 1)).toBe(at);
    }
  });

  test("of what programs make and JSON has no form for, which is a mistake like others", async () => {
    const circular: unknown[] = [];
    circular.push(circular);
    const throwing = { get sources(): never { throw new Error("not today"); } };
    const [gone, keyless] = [Proxy.revocable({}, {}), new Proxy({}, { ownKeys: () => { throw new Error("no keys"); } })];
    gone.revoke();
    for (const config of [{ sources: [1n] }, { sources: [circular] }, { targets: [circular] }, { out: circular }, { sources: [Symbol("a")] }, { targets: [() => 1] }, throwing, keyless, gone.proxy]) {
      const { exitCode, stderr } = await run(["generate"], { files: { ...idl, "rpcgen.config.ts": "" }, modules: { "rpcgen.config.ts": { default: config } } });
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/^rpcgen\.config\.ts:1:1: error\[RPC7017\]/) });
    }
    for (const lint of [{ sets: [Object.create(null)] }, { rules: { "field-camel-case": 1n } }, { rules: { "field-camel-case": ["error", { a: circular }] } }]) {
      expect(await run(["lint", "idl/shop.idl"], world({ lint } as never))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("RPC7017") });
    }
  });

  test.each([
    [new Error("It is broken."), "It is broken."],
    [new TypeError(), "TypeError."],
  ])("%s of its module is told in one sentence", async (error, says) => {
    const { exitCode, stderr } = await run(["generate"], { files: { ...idl, "rpcgen.config.ts": "" }, modules: { "rpcgen.config.ts": error } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(`cannot be used: ${says}\n`) });
  });

  test("of a tool, too", async () => {
    const text = 'export default { lint: { sets: ["recommended", "al"], rules: { "field-camelcase": "off" } }, breaking: { ruls: {} } };';
    const config = { lint: { sets: ["recommended", "al"], rules: { "field-camelcase": "off" } }, breaking: { ruls: {} } };
    const here = { files: { ...idl, "rpcgen.config.ts": text }, modules: { "rpcgen.config.ts": { default: config } } };
    const columns = async (argv: string[]) => JSON.parse((await run([...argv, "--json"], here)).stdout).diagnostics.map(({ column }: { column: number }) => text.slice(column - 1).split(/[:,\]]/)[0]);
    expect(await columns(["lint", "idl/shop.idl"])).toEqual(['"al"', '"field-camelcase"']);
    expect(await columns(["breaking", "idl/shop.idl", "--against", "idl"])).toEqual(["ruls"]);
  });
});

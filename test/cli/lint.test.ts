/** `rpcgen lint` from its arguments and its configuration to the files and what is said. */
import { describe, expect, test } from "vitest";
import { run } from "./memory-host.js";

const messy = "package shop;\nmessage Order { placed_by: string = 1; }\nservice Orders { get(id: string) -> Order; }\n";
const mended =
  'package shop;\nmessage Order { @wireName("placed_by") placedBy: string = 1; }\nservice Orders { @atMostOnce get(id: string) -> Order; }\n';

describe("lint", () => {
  test("findings go to stderr; warnings are no failure, unless they are denied", async () => {
    const { exitCode, stdout, stderr } = await run(["lint", "a.idl"], { files: { "a.idl": messy } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toContain('a.idl:2:17: warning[RPC4007]: The field "placed_by" is not in camelCase.');
    expect((await run(["lint", "a.idl", "--deny-warnings"], { files: { "a.idl": messy } })).exitCode).toBe(1);
  });

  test("--fix writes what can be mended, and shows what is left", async () => {
    const { exitCode, stderr, files } = await run(["lint", "a.idl", "--fix"], { files: { "a.idl": messy } });
    expect(files["a.idl"]).toBe(mended);
    expect(stderr).toContain("2 fixes made in 1 file");
    expect(stderr).toContain("RPC4402");
    expect(exitCode).toBe(0);
  });

  test("--fix leaves out what would clash, and makes the rest", async () => {
    const files = { "a.idl": "package a;\nmessage M { order_id: string = 1; OrderId: string = 2; placed_by: string = 3; }\n" };
    const found = await run(["lint", "a.idl", "--fix"], { files });
    expect(found.files["a.idl"]).toBe('package a;\nmessage M { @wireName("order_id") orderId: string = 1; OrderId: string = 2; @wireName("placed_by") placedBy: string = 3; }\n');
    expect(found.stderr).toContain("2 fixes made in 1 file");
  });

  test("--fix gives no name that cannot be generated", async () => {
    const files = { "a.idl": "package a;\nservice S { @readonly then_(at_least: u32) -> u32; }\nerror Failed { stack_: string = 1; }\nstruct Map { a: i32; }\nstruct map_ { b: i32; }\n" };
    const found = await run(["lint", "a.idl", "--fix"], { files });
    expect(found.files["a.idl"]).toBe(files["a.idl"].replace("at_least", '@wireName("at_least") atLeast'));
    expect((await run(["generate", "a.idl"], { volume: found.volume })).exitCode).toBe(0);
  });

  test("--fix that cannot be written leaves the findings as they are, and says that nothing was", async () => {
    const faults = { writeFileSync: () => { throw Object.assign(new Error("no"), { code: "ENOSPC" }); } };
    const refused = await run(["lint", "a.idl", "--fix", "--json"], { files: { "a.idl": messy }, faults });
    expect(refused.exitCode).toBe(2);
    const { diagnostics, ...rest } = JSON.parse(refused.stdout) as { diagnostics: { code: string }[] };
    expect(rest).toEqual({ version: 1, fixed: 0, outputs: [] });
    const { stdout } = await run(["lint", "a.idl", "--json"], { files: { "a.idl": messy } });
    expect(diagnostics.filter(({ code }) => code !== "RPC7007")).toEqual(JSON.parse(stdout).diagnostics);
    expect((await run(["lint", "a.idl", "--fix"], { files: { "a.idl": messy }, faults })).stderr).toMatch(/; nothing was written\n$/);
  });

  test("--fix with - and --json has the text among the outputs", async () => {
    expect(JSON.parse((await run(["lint", "-", "--fix", "--json"], { stdin: messy })).stdout)).toMatchObject({ fixed: 2, outputs: [{ path: "stdin.idl", text: mended }] });
  });

  test("--fix with - gives the text on stdout and writes nothing", async () => {
    const { stdout, files } = await run(["lint", "-", "--fix"], { stdin: messy });
    expect({ stdout, files }).toEqual({ stdout: mended, files: {} });
  });

  test("what is imported is neither reported nor changed", async () => {
    const files = { "a.idl": 'package a;\nimport "./b.idl";\nmessage M {\n  x: bad_name = 1;\n}\n', "b.idl": "package a;\nmessage bad_name {}\n" };
    const found = await run(["lint", "a.idl", "--fix"], { files });
    expect(found.files).toEqual(files);
    expect(found.stderr).toBe("1 file looked at, nothing found\n");
  });

  test("a file with errors has these, and nothing is mended", async () => {
    const files = { "a.idl": "package a;\nmessage M { order_id: Strin = 1; }\n" };
    const found = await run(["lint", "a.idl", "--fix"], { files });
    expect(found.exitCode).toBe(1);
    expect(found.stderr).toContain("RPC2024");
    expect(found.stderr).not.toContain("RPC4");
    expect(found.files).toEqual(files);
  });

  test("fixes are in the machine forms", async () => {
    const { stdout } = await run(["lint", "a.idl", "--json"], { files: { "a.idl": messy } });
    const found = JSON.parse(stdout).diagnostics.find(({ code }: { code: string }) => code === "RPC4007");
    expect(found.fix.map(({ text }: { text: string }) => text)).toEqual(['@wireName("placed_by") ', "placedBy"]);
    const sarif = JSON.parse((await run(["lint", "a.idl", "--report", "sarif"], { files: { "a.idl": messy } })).stdout);
    expect(sarif.runs[0].tool.driver.rules.map(({ name }: { name: string }) => name)).toContain("field-camel-case");
    expect(sarif.runs[0].results.find(({ ruleId }: { ruleId: string }) => ruleId === "RPC4007").fixes[0].artifactChanges[0].replacements).toHaveLength(2);
  });

  test("explain knows rules by code and by name", async () => {
    for (const name of ["RPC4007", "field-camel-case"]) expect((await run(["explain", name])).stdout).toContain("placedBy");
  });
});

describe("the configuration", () => {
  const files = { "a.idl": messy, "rpcgen.config.ts": "" };
  const withConfig = (config: unknown, argv: string[] = []) => run(["lint", "a.idl", ...argv], { files, modules: { "rpcgen.config.ts": { default: config } } });

  test("is found upward and used", async () => {
    const { stderr } = await withConfig({ lint: { rules: { "field-camel-case": "off", "semantics-stated": "error" } } });
    expect(stderr).not.toContain("RPC4007");
    expect(stderr).toContain("error[RPC4401]");
  });

  test("another may be named", async () => {
    const world = { files: { ...files, "strict.config.mjs": "" }, modules: { "strict.config.mjs": { default: { lint: { sets: [] } } } } };
    expect((await run(["lint", "a.idl", "--config", "strict.config.mjs"], world)).stderr).toBe("1 file looked at, nothing found\n");
  });

  test.each([
    ["a rule that does not exist", { lint: { rules: { "field-camelcase": "off" } } }, 'did you mean "field-camel-case"?'],
    ["a setting that does not exist", { lnt: {} }, '"lnt" is no setting'],
    ["no object", 3, "its default export is no object"],
  ])("%s is wrong usage", async (_, config, says) => {
    const { exitCode, stderr } = await withConfig(config);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("RPC7017");
    expect(stderr).toContain(says);
  });

  test("a module that fails, or is not there, is wrong usage", async () => {
    expect(await run(["lint", "a.idl"], { files, modules: { "rpcgen.config.ts": new Error("boom") } })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("boom") });
    const refused = (name: string, reason: string) => `${name}: error[RPC7017]: The configuration "${name}" cannot be used: ${reason}.\n\n1 error\n`;
    expect(await run(["lint", "a.idl", "--config", "gone.ts"], { files })).toMatchObject({ exitCode: 2, stderr: refused("gone.ts", "there is no such file") });
    expect(await run(["lint", "a.idl", "--config", "d"], { files: { ...files, d: null } })).toMatchObject({ exitCode: 2, stderr: refused("d", "it is a folder") });
  });
});

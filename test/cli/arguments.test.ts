import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { builtInAnnotations } from "../../src/checker/built-in-annotations.js";
import { breakingRules } from "../../src/breaking/rules.js";
import { catalog } from "../../src/diagnostics/catalog.js";
import { lintRules } from "../../src/lint/rules.js";
import { run } from "./memory-host.js";

describe("the command line", () => {
  test.each([["--version"], ["-V"]])("%s prints the bare version", async (flag) => {
    expect(await run([flag])).toMatchObject({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  test.each([[["--help"]], [["-h"]], [["help"]]])("%j prints help to stdout, examples first", async (argv) => {
    const { exitCode, stdout, stderr } = await run(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.indexOf("rpcgen orders.idl")).toBeLessThan(stdout.indexOf("Usage:"));
  });

  test.each([["generate"], ["check"], ["explain"]])("%s has a help of its own", async (verb) => {
    const { exitCode, stdout } = await run([verb, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: rpcgen ${verb}`);
    expect(stdout).toContain("--json");
  });

  test("no arguments at all is wrong usage", async () => {
    const { exitCode, stdout, stderr } = await run([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("Usage: rpcgen");
  });

  test.each([
    [["chek", "a.idl"], 'did you mean "check"?'],
    [["help", "chek"], 'error: there is no command "chek"\n  help: did you mean "check"?'],
    [["frob", "a.idl"], "the commands are generate, init, check, format, lint, breaking, scaffold, sdk, import, explain, inspect, verify, call, measure, completion"],
    [["check", "--jsn", "a.idl"], "--json"],
    [["check"], "no files are named"],
    [["import"], "missing required argument 'files'"],
    [["generate", "a.idl", "--target", "rust"], "The targets are ts, sync, json, kit, dts, proto."],
    [["generate", "a.idl", "--check", "--stdout"], "cannot be used with"],
    [["check", "a.idl", "--report", "xml"], "Allowed choices are text, json, sarif, junit, github"],
    [["explain", "missing-pakage"], 'did you mean "missing-package"?'],
  ])("%j is wrong usage, with a hint", async (argv, hint) => {
    const { exitCode, stdout, stderr } = await run(argv, { files: { "a.idl": "package a;\n" } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(hint);
  });

  test("a file without an extension may have the name of no command", async () => {
    expect(await run(["schema", "--dry-run"], { files: { schema: "package a;\nalias Id = string;\n" } })).toMatchObject({ exitCode: 0 });
  });

  test("a bug of ours is 70, and says how to report it", async () => {
    const faults = { existsSync: () => { throw new RangeError("boom"); } };
    const { exitCode, stdout, stderr } = await run(["chek"], { faults });
    expect({ exitCode, stdout }).toEqual({ exitCode: 70, stdout: "" });
    expect(stderr).toContain("a bug of rpcgen");
    expect(stderr).toContain("boom");
  });
});

describe("explain", () => {
  test.each(["too-many-members", "too-many-errors"])("shows the beginning of what is long by its nature: %s", async (slug) => {
    const lines = (await run(["explain", slug])).stdout.split("\n");
    expect(lines.length).toBeLessThan(30);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(180);
    expect(lines.some((line) => /…$|lines more\)$/.test(line))).toBe(true);
  });

  test.each(Object.entries(catalog))("%s is explained by its code and by its name", async (code, { slug, why, bad, good }) => {
    const byCode = await run(["explain", code.toLowerCase()]);
    expect(byCode).toMatchObject({ exitCode: 0, stderr: "" });
    for (const part of [code, slug, why]) expect(byCode.stdout).toContain(part);
    expect(await run(["explain", slug])).toMatchObject({ stdout: byCode.stdout });
    const { explanation } = JSON.parse((await run(["explain", code, "--json"])).stdout);
    expect(explanation).toMatchObject({ code, slug, why, bad, good });
  });

  test("names of codes are unique", () => {
    const slugs = Object.values(catalog).map(({ slug }) => slug);
    expect(slugs.filter((slug, at) => slugs.indexOf(slug) !== at)).toEqual([]);
  });

  test.each([...builtInAnnotations.keys()])("@%s is explained", async (name) => {
    const { exitCode, stdout } = await run(["explain", `@${name}`]);
    expect(exitCode).toBe(0);
    expect(stdout.split("\n\n")[1]).toMatch(/^[A-Z].{20}/);
    expect(await run(["explain", name])).toMatchObject({ stdout });
  });

  test("without a name it lists every code", async () => {
    const { stdout } = await run(["explain"]);
    expect(stdout.trimEnd().split("\n").map((line) => line.slice(0, 7))).toEqual([catalog, lintRules, breakingRules].flatMap((table) => Object.keys(table)).sort());
  });
});

import { describe, expect, test } from "vitest";
import { run } from "./memory-host.js";

const good = "package shop;\nmessage Order { id: string = 1; }\n";
const bad = "package shop;\nmessage Order { id: Strin = 1; }\n";

describe("check", () => {
  test("a file without mistakes", async () => {
    expect(await run(["check", "a.idl"], { files: { "a.idl": good } })).toMatchObject({ exitCode: 0, stdout: "", stderr: "1 file has no errors\n" });
  });

  test("a mistake is shown in its place, on stderr, and exits with 1", async () => {
    const { exitCode, stdout, stderr } = await run(["check", "a.idl"], { files: { "a.idl": bad } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^a\.idl:2:21: error\[RPC2\d{3}\]: .*"Strin"/);
    expect(stderr).toContain("2 | message Order { id: Strin = 1; }\n  |                     ^^^^^\n");
    expect(stderr).toContain('did you mean "string"?');
    expect(stderr).toMatch(/1 error\n$/);
  });

  test.each([["--json"], ["--report=json"]])("%s is one document on stdout", async (flag) => {
    const { exitCode, stdout, stderr } = await run(["check", "a.idl", flag], { files: { "a.idl": bad } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    const document = JSON.parse(stdout);
    expect(document.version).toBe(1);
    expect(document.diagnostics).toHaveLength(1);
    expect(document.diagnostics[0]).toMatchObject({ severity: "error", file: "a.idl", line: 2, column: 21, endLine: 2, endColumn: 26 });
    expect(Object.keys(document.diagnostics[0])).toEqual(["code", "severity", "message", "file", "line", "column", "endLine", "endColumn", "help"]);
  });

  test("related places have lines and columns of their own", async () => {
    const { stdout } = await run(["--json", "check", "a.idl"], { files: { "a.idl": "package a;\nalias A = u8;\nalias A = u16;\n" } });
    const [found] = JSON.parse(stdout).diagnostics;
    expect(found).toMatchObject({ line: 3, column: 7, related: [{ file: "a.idl", line: 2, column: 7, endLine: 2, endColumn: 8 }] });
  });

  test("warnings alone are no failure", async () => {
    const files = { "a.idl": 'package a;\nimport "./b.idl";\nalias A = u8;\n', "b.idl": "package b;\nalias B = u8;\n" };
    const { exitCode, stderr } = await run(["check", "a.idl"], { files });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("1 warning; 2 files have no errors");
  });

  test("- is the standard input; its imports are looked for beside --stdin-filename", async () => {
    const stdin = 'package shop;\nimport "./money.idl";\nmessage Order { price: Cents = 1; }\n';
    const files = { "idl/money.idl": "package shop;\nalias Cents = i64;\n" };
    expect(await run(["check", "-", "--stdin-filename", "idl/orders.idl"], { stdin, files })).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await run(["check", "-"], { stdin, files });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^stdin\.idl:2:8: error/);
  });

  test("patterns are expanded, each file counts once, in one order", async () => {
    const files = { "idl/b.idl": bad, "idl/deep/a.idl": bad, "idl/c.txt": "no idl" };
    const { exitCode, stdout } = await run(["check", "idl/**/*.idl", "./idl/b.idl", "--json"], { files });
    expect(exitCode).toBe(1);
    const found = JSON.parse(stdout).diagnostics.filter(({ message }: { message: string }) => message.includes("Strin"));
    expect(found.map(({ file }: { file: string }) => file)).toEqual(["idl/b.idl", "idl/deep/a.idl"]);
  });

  test("a name that looks like a pattern is a file where there is one", async () => {
    expect(await run(["check", "[a].idl"], { files: { "[a].idl": good } })).toMatchObject({ exitCode: 0 });
  });

  test("a file given as absolute is called so, and so are its imports", async () => {
    const files = { "idl/a.idl": 'package shop;\nimport "./b.idl";\nalias A = Nothing;\n', "idl/b.idl": bad };
    const { stdout } = await run(["check", "/project/idl/a.idl", "--json"], { files });
    const found = JSON.parse(stdout).diagnostics.map(({ file }: { file: string }) => file);
    expect(new Set(found)).toEqual(new Set(["/project/idl/a.idl", "/project/idl/b.idl"]));
  });

  test("colours follow the flags, then the environment, then the terminal", async () => {
    const files = { "a.idl": bad };
    const colored = async (argv: string[], env: Record<string, string>, isTTY: boolean) =>
      (await run(["check", "a.idl", ...argv], { files, env, isTTY })).stderr.includes("\u001b[");
    expect(await colored([], {}, true)).toBe(true);
    expect(await colored([], {}, false)).toBe(false);
    expect(await colored([], { NO_COLOR: "1" }, true)).toBe(false);
    expect(await colored([], { TERM: "dumb" }, true)).toBe(false);
    expect(await colored([], { FORCE_COLOR: "1" }, false)).toBe(true);
    expect(await colored(["--no-color"], { FORCE_COLOR: "1" }, true)).toBe(false);
    expect(await colored(["--color"], { NO_COLOR: "1" }, false)).toBe(true);
  });

  test("the standard input stands for the file that it is called, wherever that is named as well", async () => {
    const files = { "idl/a.idl": "package a;\nmessage Saved {}\n" };
    const stdin = "package a; message Draft {}\n";
    for (const argv of [["-", "idl/*.idl"], ["idl/*.idl", "-"]]) {
      const { stdout, files: after } = await run(["format", ...argv, "--stdin-filename", "idl/a.idl"], { files, stdin });
      expect({ stdout, after }).toEqual({ stdout: "package a;\n\nmessage Draft {}\n", after: files });
    }
  });
});

/** `rpcgen format` from its arguments to the files and what is said. */
import { describe, expect, test } from "vitest";
import { format as formatText } from "../../src/index.js";
import { run } from "./memory-host.js";

const messy = "package shop;\nmessage Order{id:string=1;}\n";
const tidy = "package shop;\n\nmessage Order {\n  id: string = 1;\n}\n";
const broken = "package shop;\nmessage Order { id = 1; }\n";

describe("format", () => {
  test("writes what another layout has, and names it", async () => {
    const { exitCode, stdout, stderr, files } = await run(["format", "*.idl"], { files: { "a.idl": messy, "b.idl": tidy } });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "a.idl\n", stderr: "1 of 2 files were written\n" });
    expect(files).toEqual({ "a.idl": tidy, "b.idl": tidy });
  });

  test("--check writes nothing, exits with 1, and carries the fix", async () => {
    const { exitCode, stdout, files } = await run(["format", "a.idl", "b.idl", "--check", "--json"], { files: { "a.idl": messy, "b.idl": tidy } });
    expect(exitCode).toBe(1);
    expect(files).toEqual({ "a.idl": messy, "b.idl": tidy });
    const { diagnostics } = JSON.parse(stdout);
    expect(diagnostics).toMatchObject([{ code: "RPC7016", file: "a.idl", line: 2, column: 1 }]);
    expect(diagnostics[0].fix).toEqual([{ file: "a.idl", line: 2, column: 1, endLine: 3, endColumn: 1, text: tidy.slice(tidy.indexOf("\n") + 1) }]);
  });

  test("- comes out on stdout, and nothing else does", async () => {
    expect(await run(["format", "-"], { stdin: messy })).toMatchObject({ exitCode: 0, stdout: tidy, stderr: "" });
    expect(await run(["format", "-", "--check"], { stdin: tidy })).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await run(["format", "-", "--check"], { stdin: messy })).toMatchObject({ exitCode: 1, stdout: "" });
  });

  test("- with --json has its layout among the outputs", async () => {
    const { stdout } = await run(["format", "-", "--json"], { stdin: messy });
    expect(JSON.parse(stdout)).toEqual({ version: 1, diagnostics: [], outputs: [{ path: "stdin.idl", text: tidy }] });
  });

  test("--check counts files, whatever is wrong with them", async () => {
    const files = { "a.idl": "package a;\nmessage {\nenum {}\nfoo\n", "b.idl": tidy, "c.idl": messy };
    const { stderr } = await run(["format", "a.idl", "b.idl", "c.idl", "--check"], { files });
    expect(stderr).toContain("; 1 of 3 files are formatted\n");
  });

  test("a file with a mistake is left as it is and shown; the others are laid out", async () => {
    const { exitCode, stdout, stderr, files } = await run(["format", "a.idl", "b.idl"], { files: { "a.idl": broken, "b.idl": messy } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "b.idl\n" });
    expect(stderr).toMatch(/^a\.idl:2:\d+: error\[RPC1\d{3}\]/);
    expect(files).toEqual({ "a.idl": broken, "b.idl": tidy });
  });

  test("imports are not looked at, nor whether names exist", async () => {
    const source = 'package a;\n\nimport "./gone.idl";\n\nalias A = Nothing;\n';
    expect(await run(["format", "a.idl", "--check"], { files: { "a.idl": source } })).toMatchObject({ exitCode: 0 });
  });

  test("a file that is not there is wrong usage, and one that cannot be written is too", async () => {
    expect(await run(["format", "gone.idl"])).toMatchObject({ exitCode: 2 });
    const faults = { writeFileSync: () => { throw Object.assign(new Error("no"), { code: "EACCES" }); } };
    const { exitCode, stderr, files } = await run(["format", "a.idl"], { files: { "a.idl": messy }, faults });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("RPC7007");
    expect(files).toEqual({ "a.idl": messy });
  });

  test("line ends stay what they are", async () => {
    const { files } = await run(["format", "a.idl"], { files: { "a.idl": messy.replaceAll("\n", "\r\n") } });
    expect(files["a.idl"]).toBe(tidy.replaceAll("\n", "\r\n"));
    expect(formatText(tidy.replaceAll("\n", "\r\n")).text).toBe(tidy.replaceAll("\n", "\r\n"));
  });

  test("an empty file stays empty, and a file of comments keeps them", () => {
    expect(formatText("").text).toBe("");
    expect(formatText("\n\n  // only this  \n\n\n/* and this */").text).toBe("// only this\n\n/* and this */\n");
  });
});

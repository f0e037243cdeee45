/** A file that several paths lead to is one file, called as its user called it first. */
import { Volume } from "memfs";
import { describe, expect, test } from "vitest";
import { run } from "./memory-host.js";

const money = "package m;\n\nstruct Money {\n  c: i64;\n}\n";

/** `alias` leads to the folder `common`, and `link.idl` to the file in it. */
function linked(files: Readonly<Record<string, string>> = {}): InstanceType<typeof Volume> {
  const all = { "common/money.idl": money, ...files };
  const volume = Volume.fromJSON(Object.fromEntries(Object.entries(all).map(([name, text]) => [`/project/${name}`, text])));
  volume.symlinkSync("/project/common", "/project/alias");
  volume.symlinkSync("/project/common/money.idl", "/project/link.idl");
  return volume;
}

const both = {
  "s.idl": 'package s;\nimport "./common/money.idl";\nmessage S { m: m.Money = 1; }\n',
  "t.idl": 'package t;\nimport "./alias/money.idl";\nimport "./s.idl";\nmessage T { m: m.Money = 1; s?: s.S = 2; }\n',
};

describe("a file that two paths lead to", () => {
  test("may be imported by either", async () => {
    const { exitCode, stdout, stderr } = await run(["generate", "t.idl", "--target", "json", "--sync"], { volume: linked(both) });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: expect.stringContaining("gen/alias/money.json\n"), stderr: expect.stringMatching(/^\d+ files written\n$/) });
    expect(stdout).not.toContain("common");
  });

  test("is called as the command line calls it, whatever imports do", async () => {
    const { exitCode, stdout } = await run(["t.idl", "common/money.idl", "--target", "json"], { volume: linked(both) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "gen/common/money.json\ngen/s.json\ngen/t.json\n" });
    const broken = await run(["check", "t.idl", "link.idl"], { volume: linked({ ...both, "common/money.idl": "package m;\nstruct Money { c: Cents; }\n" }) });
    expect(broken).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^link\.idl:2:19: error\[RPC20\d\d\]/) });
  });

  test.each([
    ["check", "**/*.idl"],
    ["lint", "**/*.idl"],
    ["breaking", "alias/*.idl", "common/*.idl", "--against", "common"],
  ])("is one for %s", async (...argv) => {
    const { exitCode, stderr } = await run(argv, { volume: linked(both) });
    expect(stderr).not.toContain("declared twice");
    expect(exitCode).toBe(0);
  });

  test("is called as it is without the link, where a pattern finds both", async () => {
    const { stdout } = await run(["**/*.idl", "--target", "json"], { volume: linked(both) });
    expect(stdout).toBe("gen/common/money.json\ngen/s.json\ngen/t.json\n");
  });

  test("is laid out once", async () => {
    const volume = linked({ "common/money.idl": "package m; struct Money { c: i64; }\n" });
    expect(await run(["format", "link.idl", "common/money.idl"], { volume })).toMatchObject({ exitCode: 0, stdout: "common/money.idl\n", stderr: "1 of 1 files were written\n" });
    expect([volume.lstatSync("/project/link.idl").isSymbolicLink(), volume.readFileSync("/project/common/money.idl", "utf8")]).toEqual([true, money]);
  });

  test("that imports itself by the other is told so", async () => {
    const { exitCode, stderr } = await run(["check", "common/money.idl"], { volume: linked({ "common/money.idl": `package m;\nimport "../alias/money.idl";\nalias A = u8;\n` }) });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error[RPC2007]");
  });

  test("and imports what stands beside it by the name that it has", async () => {
    const volume = linked({ "common/money.idl": `package m;\nimport "./cents.idl";\nstruct Money { c: Cents; }\n`, "common/cents.idl": "package m;\nalias Cents = i64;\n", "u.idl": 'package u;\nimport "./alias/money.idl";\nimport "./common/cents.idl";\nstruct U { m: m.Money; c: m.Cents; }\n' });
    expect(await run(["check", "u.idl"], { volume })).toMatchObject({ exitCode: 0, stderr: "3 files have no errors\n" });
  });
});

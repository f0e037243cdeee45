/** `rpcgen breaking` against an older version in a folder, a file, a repository and a package. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, type World } from "./memory-host.js";

const old = "package shop;\nmessage Order {\n  id: string = 1;\n  note: string = 2;\n}\n";
const fresh = "package shop;\nmessage Order {\n  id: u32 = 1;\n  note: string = 2;\n}\n";
const more = "package shop;\nmessage Order {\n  id: string = 1;\n  note: string = 2;\n  paid?: bool = 3;\n}\n";
const changed = 'error[RPC5001]: "Order.id" was of the type string, and is of the type u32.';

const breaking = (against: string, world: World, ...options: string[]) => run(["breaking", "idl/a.idl", "--against", against, ...options], world);

describe("a folder", () => {
  const files = { "idl/a.idl": fresh, "old/a.idl": old };

  test("shows what breaks, where it was, whom it hurts and what version it makes", async () => {
    const { exitCode, stdout, stderr } = await breaking("old", { files });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(`idl/a.idl:3:3: ${changed}`);
    expect(stderr).toContain("old/a.idl:3:3");
    expect(stderr).toContain("the next version is a major one");
  });

  test("may have schemas in a folder whose name begins with two dots", async () => {
    const { stderr } = await run(["breaking", "..idl/a.idl", "..idl/b.idl", "--against", "old"], { files: { "..idl/a.idl": fresh, "..idl/b.idl": "package b;\n", "old/..idl/a.idl": old, "old/..idl/b.idl": "package b;\n" } });
    expect(stderr).toContain(`..idl/a.idl:3:3: ${changed}`);
    expect(stderr).toContain("1 error");
    expect(stderr).toContain("old/..idl/a.idl:3:3");
  });

  test("may be a copy of the whole project", async () => {
    const { stderr } = await breaking("before", { files: { "idl/a.idl": fresh, "before/idl/a.idl": old, "before/other/b.idl": "not a schema" } });
    expect(stderr).toContain(changed);
    expect(stderr).toContain("before/idl/a.idl:3:3");
  });

  test("is found from absolute names as well", async () => {
    const { stderr } = await run(["breaking", "/project/idl/a.idl", "--against", "old"], { files });
    expect(stderr).toContain(`/project/idl/a.idl:3:3: ${changed}`);
    expect(stderr).not.toContain("RPC53");
  });

  test("is compared with files beside and above the working folder", async () => {
    const files = { "../common/c.idl": "package c;\nalias C = u8;\n", "idl/a.idl": more, "../old/project/idl/a.idl": old, "../old/common/c.idl": "package c;\nalias C = u8;\n" };
    const { exitCode, stderr } = await run(["breaking", "idl/a.idl", "../common/c.idl", "--against", "../old"], { files });
    expect(stderr).toContain("the next version is a minor one");
    expect(exitCode).toBe(0);
  });

  test("whose imports lead out of it is compared with them", async () => {
    const imported = 'package shop;\nimport "../common/c.idl";\nmessage M {\n  c: C = 1;\n}\n';
    const files = { "idl/a.idl": imported, "common/c.idl": "package shop;\nalias C = u32;\n", "old/idl/a.idl": imported, "old/common/c.idl": "package shop;\nalias C = string;\n" };
    expect((await breaking("old", { files })).stderr).toContain('error[RPC5001]: "M.c" was of the type string, and is of the type u32.');
  });

  test("that has the same schemas makes no version", async () => {
    const { exitCode, stderr } = await breaking("old", { files: { "idl/a.idl": old, "old/a.idl": `// Kept.\n${old}` } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "nothing changed\n" });
  });

  test("that is wrong is not compared", async () => {
    const { exitCode, stdout } = await breaking("old", { files: { "idl/a.idl": fresh, "old/a.idl": "package shop;\nmessage M { a: Strin = 1; }\n" } }, "--json");
    const { diagnostics, compared, semver } = JSON.parse(stdout);
    expect({ exitCode, compared, semver }).toEqual({ exitCode: 1, compared: false, semver: null });
    expect(diagnostics.map(({ code, file }: { code: string; file: string }) => [code, file])).toEqual([["RPC2024", "old/a.idl"]]);
  });
});

describe("a file", () => {
  test("is the older version of the one that is named", async () => {
    const { stderr } = await breaking("elsewhere/b.txt", { files: { "idl/a.idl": fresh, "elsewhere/b.txt": old } });
    expect(stderr).toContain(changed);
    expect(stderr).toContain("elsewhere/b.txt:3:3");
  });

  test("cannot stand for several", async () => {
    const files = { "idl/a.idl": fresh, "idl/b.idl": "package b;\n", "old.idl": old };
    const { exitCode, stderr } = await run(["breaking", "idl/*.idl", "--against", "old.idl"], { files });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("RPC7018");
    expect(stderr).toContain("there are 2 to compare with it");
  });
});

describe("a repository of git", () => {
  let repository: string;
  const git = (...args: string[]) => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: repository, stdio: "ignore" });

  beforeAll(() => {
    repository = mkdtempSync(path.join(tmpdir(), "rpcgen-breaking-"));
    mkdirSync(path.join(repository, "idl"));
    git("init", "-q");
    writeFileSync(path.join(repository, "idl/a.idl"), old);
    git("add", ".");
    git("commit", "-q", "-m", "one");
    git("tag", "v1");
    writeFileSync(path.join(repository, "idl/a.idl"), fresh);
  });
  afterAll(() => rmSync(repository, { recursive: true, force: true }));

  const rpcgen = (cwd: string, ...args: string[]) => {
    try {
      return { exitCode: 0, stderr: execFileSync(process.execPath, [path.resolve("src/cli/bin.mjs"), "breaking", ...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }) };
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      return { exitCode: status, stderr };
    }
  };

  test.each([
    [".", "idl/a.idl"],
    ["idl", "a.idl"],
    [".", "ABSOLUTE"],
  ])("gives its revisions, from %s for %s", (folder, file) => {
    const name = file === "ABSOLUTE" ? path.join(repository, "idl/a.idl") : file;
    const { exitCode, stderr } = rpcgen(path.join(repository, folder), name, "--against", "git:v1");
    expect(stderr).toContain(`${name}:3:3: ${changed}`);
    expect(stderr).toContain(`v1:${file === "ABSOLUTE" ? "idl/a.idl" : file}:3:3`);
    expect(stderr).not.toContain("RPC53");
    expect(exitCode).toBe(1);
  });

  test("without the revision says so, and takes no revision for an option", () => {
    for (const revision of ["v2", "--all", "-h"]) {
      const { exitCode, stderr } = rpcgen(repository, "idl/a.idl", "--against", `git:${revision}`);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(`the repository has no revision "${revision}"`) });
    }
  });

  test("is missed with the remedy", async () => {
    const { exitCode, stderr } = await breaking("git:main", { files: { "idl/a.idl": fresh } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("there is no git on this machine");
  });
});

describe("a package", () => {
  const manifest = '{ "name": "@acme/orders", "version": "1.2.0" }';
  const installed = { "idl/a.idl": fresh, "node_modules/@acme/orders/package.json": manifest, "node_modules/@acme/orders/schemas/a.idl": old };

  test.each(["npm:@acme/orders", "npm:@acme/orders@1.2.0"])("is taken where it is installed: %s", async (against) => {
    const { exitCode, stderr } = await breaking(against, { files: installed });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(changed);
    expect(stderr).toContain(`${against.slice(4)}/schemas/a.idl:3:3`);
  });

  /** npm and tar that "fetch" what they are given. */
  const registry = (files: Record<string, string>, asked: string[]): NonNullable<World["run"]> => {
    return (command, args, cwd) => {
      asked.push(`${command} ${args[0]} ${args[1]}`);
      for (const [name, text] of command === "tar" ? Object.entries(files) : []) {
        const file = path.join(cwd, "package", name);
        volume.mkdirSync(path.dirname(file), { recursive: true });
        volume.writeFileSync(file, text);
      }
      return { status: 0, stdout: new TextEncoder().encode(command === "npm" ? "orders-1.3.0.tgz\n" : ""), stderr: "" };
    };
  };
  let volume: Awaited<ReturnType<typeof run>>["volume"];

  test("of another version is fetched, with what its schemas import, and nothing of it stays", async () => {
    volume = (await run(["--version"])).volume;
    const asked: string[] = [];
    const imports = (type: string) => ({ "idl/a.idl": 'package shop;\nimport "../common/c.idl";\nmessage M {\n  c: C = 1;\n}\n', "common/c.idl": `package shop;\nalias C = ${type};\n` });
    const { stderr } = await breaking("npm:@acme/orders@1.3.0", { volume, files: { ...installed, ...imports("u32") }, run: registry(imports("string"), asked) });
    expect(asked).toEqual(["npm pack @acme/orders@1.3.0", "tar -xzf orders-1.3.0.tgz"]);
    expect(stderr).toContain('"M.c" was of the type string, and is of the type u32.');
    expect(Object.keys(volume.toJSON()).filter((name) => !name.startsWith("/project"))).toEqual(volume.existsSync(tmpdir()) ? [tmpdir()] : []);
  });

  test("is unpacked where nobody else has put anything", async () => {
    volume = (await run(["--version"])).volume;
    const places: string[] = [];
    const fetch = registry({ "idl/a.idl": old }, []);
    for (const _ of [1, 2]) await breaking("npm:@acme/orders@1.3.0", { volume, files: installed, run: (command, args, cwd) => (places.push(cwd), fetch(command, args, cwd)) });
    expect(new Set(places.filter((place) => place.startsWith(tmpdir()))).size).toBe(2);
  });

  test("that is a link to the schemas themselves is fetched", async () => {
    volume = (await run(["--version"])).volume;
    volume.mkdirSync("/project/node_modules/@acme", { recursive: true });
    volume.symlinkSync("/project", "/project/node_modules/@acme/orders");
    const asked: string[] = [];
    const { stderr } = await breaking("npm:@acme/orders", { volume, files: { "package.json": manifest, "idl/a.idl": fresh }, run: registry({ "idl/a.idl": old }, asked) });
    expect(asked[0]).toBe("npm pack @acme/orders");
    expect(stderr).toContain(changed);
  });

  test.each([
    ["npm:../evil", {}, 'is no name of a package'],
    ["npm:orders@1.0.0;rm", {}, 'is no name of a package'],
    ["npm:orders", {}, "there is no npm on this machine"],
    ["npm:orders", { run: () => ({ status: 1, stdout: new Uint8Array(), stderr: "npm error 404" }) }, 'npm does not give "orders": npm error 404'],
    ["nowhere", {}, 'there is no "nowhere"'],
    ["", {}, "it is empty"],
    ["empty", { files: { "idl/a.idl": fresh, empty: null } }, 'there is no .idl file in "empty"'],
    ["bad", { files: { "idl/a.idl": fresh, "bad/a.idl": new Uint8Array([0xff]) } }, "it is not valid UTF-8"],
  ] satisfies [string, World, string][])("or whatever %s is, is refused for what is wrong with it", async (against, world, reason) => {
    const { exitCode, stderr } = await breaking(against, { files: { "idl/a.idl": fresh }, ...world });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("RPC7018");
    expect(stderr).toContain(reason);
  });
});

describe("what is said", () => {
  test("as JSON has whom it affects, the step of each and of all", async () => {
    const { stdout } = await breaking("old", { files: { "idl/a.idl": more, "old/a.idl": old } }, "--json");
    const { diagnostics, compared, semver } = JSON.parse(stdout);
    expect({ compared, semver }).toEqual({ compared: true, semver: "minor" });
    expect(diagnostics).toMatchObject([{ code: "RPC5119", severity: "info", file: "idl/a.idl", line: 5, properties: { category: "source", semver: "minor" } }]);
  });

  test("of a file that is gone stands at its beginning", async () => {
    const { stdout } = await breaking("old", { files: { "idl/a.idl": old, "old/a.idl": old, "old/b.idl": "package shop;\nalias B = u8;\n" } }, "--json");
    expect(JSON.parse(stdout).diagnostics).toMatchObject([
      { file: "old/b.idl", line: 1, column: 1, message: 'The file "idl/b.idl" is gone, and with it what was generated from it.' },
      { file: "old/b.idl", line: 2, message: 'The alias "shop.B" is gone.' },
    ]);
  });

  test("warnings are failures where they are denied", async () => {
    const files = { "idl/a.idl": "package shop;\nconst A: u8 = 2;\n", "old/a.idl": "package shop;\nconst A: u8 = 1;\n" };
    expect((await breaking("old", { files })).exitCode).toBe(0);
    expect((await breaking("old", { files }, "--deny-warnings")).exitCode).toBe(1);
  });

  test("explain has the change in an example", async () => {
    for (const name of ["RPC5001", "field-type-changed"]) expect((await run(["explain", name])).stdout).toMatch(/^RPC5001: field-type-changed \(error; breaks the wire; a major version\)\n[^]*a: string = 1;[^]*a: f64 = 1;/);
  });

  test.each([
    [{ breaking: null }, '"breaking" is not an object'],
    [{ breaking: { rules: null } }, '"breaking.rules" is not an object'],
    [{ breaking: { rules: { "field-typ-changed": "off" } } }, 'help: did you mean "field-type-changed"?'],
    [{ breaking: { categories: ["wires"] } }, 'there is no category "wires"'],
    [{ lint: null }, '"lint" is not an object'],
  ])("a configuration that is wrong is refused: %j", async (config, reason) => {
    const [verb] = Object.keys(config);
    const files = { "rpcgen.config.mjs": "", "idl/a.idl": fresh, "old/a.idl": old };
    const { exitCode, stderr } = await run([verb ?? "", "idl/a.idl", ...(verb === "breaking" ? ["--against", "old"] : [])], { files, modules: { "rpcgen.config.mjs": { default: config } } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(reason);
  });
});

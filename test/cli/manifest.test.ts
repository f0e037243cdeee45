/** What `generate` knows of its earlier outputs: what is named as extra, what is removed, and what never is. */
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { run, type Run } from "./memory-host.js";

const money = "package shop;\nalias Cents = i64;\n";
const orders = 'package shop;\nimport "./money.idl";\nmessage Order { price: Cents = 1; }\nservice Orders { @readonly get(id: string) -> Order; }\n';
const files = { "idl/orders.idl": orders, "idl/money.idl": money, "idl/deep/other.idl": "package other;\nalias Other = u8;\n" };
const ALL = "idl/**/*.idl";

const first = async (): Promise<Run["volume"]> => (await run([ALL], { files })).volume;
const names = (ran: Run): string[] => Object.keys(ran.files).filter((file) => file.startsWith("gen/"));

test("the manifest is text that prettier leaves alone, and may be laid out otherwise", async () => {
  const volume = await first();
  const text = String(volume.readFileSync("/project/gen/.rpcgen.json"));
  expect(await format(text, { parser: "json" })).toBe(text);
  volume.writeFileSync("/project/gen/.rpcgen.json", JSON.stringify(JSON.parse(text), null, "\t"));
  expect(await run([ALL, "--check"], { volume })).toMatchObject({ exitCode: 0, stdout: "" });
});

describe("an output whose source is gone", () => {
  test("is named by --check, and removed by generate with the folder that it leaves empty", async () => {
    const volume = await first();
    volume.unlinkSync("/project/idl/deep/other.idl");
    // The layout is that of the files that are left, so it is said.
    const argv = [ALL, "--root", "idl"];
    const checked = await run([...argv, "--check"], { volume });
    expect(checked).toMatchObject({ exitCode: 1, stdout: "gen/deep/other.schema.ts\ngen/deep/other.ts\ngen/deep/other.types.ts\n" });
    expect(checked.stderr).toContain('error[RPC7008]: "gen/deep/other.ts" was generated once, and nothing makes it any more.');
    expect((await run([...argv, "--dry-run"], { volume })).stderr).toContain("0 of 9 files would be written, 3 removed");
    const written = await run(argv, { volume });
    expect(written.stderr).toBe("0 files written, 3 removed, 9 unchanged\n");
    expect(volume.existsSync("/project/gen/deep")).toBe(false);
    expect(await run([...argv, "--check"], { volume })).toMatchObject({ exitCode: 0, stdout: "" });
    expect(JSON.parse(written.files["gen/.rpcgen.json"] ?? "").outputs).not.toHaveProperty(["deep/other.ts"]);
  });

  test("goes also where the source is there and has nothing more for it", async () => {
    const volume = await first();
    volume.writeFileSync("/project/idl/orders.idl", orders.replace(/service.*\n/, ""));
    const { stdout, files: after } = await run([ALL, "--json"], { volume });
    expect(JSON.parse(stdout).outputs).toContainEqual({ path: "gen/orders.client.ts", state: "removed" });
    expect(after).not.toHaveProperty(["gen/orders.client.ts"]);
    expect(after).toHaveProperty(["gen/orders.types.ts"]);
  });

  test("is left with a warning where it was edited, as often as it is met", async () => {
    const volume = await first();
    volume.unlinkSync("/project/idl/deep/other.idl");
    volume.writeFileSync("/project/gen/deep/other.ts", "// mine now\n");
    for (let time = 0; time < 2; time++) {
      const { exitCode, stderr, files: after } = await run([ALL, "--root", "idl"], { volume });
      expect(exitCode).toBe(0);
      expect(stderr).toContain('warning[RPC7030]: "gen/deep/other.ts" was generated once and edited since');
      expect(after["gen/deep/other.ts"]).toBe("// mine now\n");
      expect(after).not.toHaveProperty(["gen/deep/other.types.ts"]);
    }
    volume.unlinkSync("/project/gen/deep/other.ts");
    expect((await run([ALL, "--root", "idl"], { volume })).stderr).not.toContain("RPC7030");
  });
});

describe("what another command wrote stays", () => {
  test("from other sources that are there", async () => {
    const one = await run(["idl/orders.idl"], { files });
    const both = await run(["idl/deep/other.idl"], { volume: one.volume });
    expect(names(both)).toEqual(expect.arrayContaining(["gen/orders.ts", "gen/other.ts"]));
    expect((await run(["idl/orders.idl", "--check"], { volume: one.volume })).exitCode).toBe(0);
  });

  test("for other targets", async () => {
    const { volume } = await run(["idl/orders.idl"], { files });
    expect(names(await run(["idl/orders.idl", "--target", "json"], { volume }))).toEqual(expect.arrayContaining(["gen/orders.ts", "gen/orders.json"]));
  });

  test("from the standard input, which has no source that could go", async () => {
    const { volume } = await run(["-"], { stdin: money });
    expect(names(await run(["-", "--stdin-filename", "b.idl"], { volume, stdin: money }))).toEqual(expect.arrayContaining(["gen/stdin.ts", "gen/b.ts"]));
  });

  test("and a file that nobody generated", async () => {
    const volume = await first();
    volume.writeFileSync("/project/gen/mine.ts", "");
    volume.unlinkSync("/project/idl/deep/other.idl");
    expect(names(await run([ALL, "--root", "idl"], { volume }))).toContain("gen/mine.ts");
  });
});

describe("the manifest", () => {
  test("is the same wherever the command runs, a word of an entry a line", async () => {
    const manifest = (ran: Run, file: string) => ran.files[file];
    const here = manifest(await run([ALL], { files }), "gen/.rpcgen.json");
    const moved = Object.fromEntries(Object.entries(files).map(([path, text]) => [`deeper/${path}`, text]));
    expect(manifest(await run(["deeper/idl/**/*.idl", "--out", "deeper/gen"], { files: moved }), "deeper/gen/.rpcgen.json")).toBe(here);
    expect(here).toMatch(/^ {4}"money\.ts": \{\n {6}"source": "\.\.\/idl\/money\.idl",\n {6}"target": "ts",\n {6}"sha256": "[0-9a-f]{64}"\n {4}\},?$/m);
  });

  test("is not written where nothing is", async () => {
    expect(names(await run([ALL, "--dry-run"], { files }))).toEqual([]);
    expect(names(await run([ALL, "--check"], { files }))).toEqual([]);
  });

  test.each([
    ["a merge left its marks", "<<<<<<< HEAD\n{}"],
    ["it is of another version", '{ "version": 2, "outputs": {} }'],
    ["an entry is not whole", '{ "version": 1, "outputs": { "a.ts": { "source": "a.idl" } } }'],
    ["an output stands elsewhere", '{ "version": 1, "outputs": { "../idl/orders.idl": { "source": "a", "target": "ts", "sha256": "" } } }'],
    ["an output stands anywhere", '{ "version": 1, "outputs": { "/project/idl/orders.idl": { "source": "a", "target": "ts", "sha256": "" } } }'],
  ])("is written anew, with a warning, where %s", async (_, text) => {
    const volume = await first();
    volume.writeFileSync("/project/gen/.rpcgen.json", text);
    const { exitCode, stderr, files: after } = await run([ALL], { volume });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning[RPC7031]: "gen/.rpcgen.json" cannot be used: ');
    expect(after["idl/orders.idl"]).toBe(orders);
    expect((await run([ALL], { volume })).stderr).not.toContain("RPC7031");
  });

  test("knows of what is to be removed until it is", async () => {
    const volume = await first();
    volume.unlinkSync("/project/idl/deep/other.idl");
    const rm = volume.rmSync.bind(volume) as (...args: unknown[]) => void;
    const faults = {
      rmSync: ((...args: unknown[]) => {
        if (String(args[0]).endsWith("other.ts")) throw Object.assign(new Error("no"), { code: "EACCES" });
        rm(...args);
      }) as typeof import("node:fs").rmSync,
    };
    expect((await run([ALL, "--root", "idl"], { volume, faults })).exitCode).toBe(2);
    expect(names(await run([ALL, "--root", "idl"], { volume })).some((file) => file.includes("other"))).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import { run } from "./memory-host.js";

const money = "package shop;\nalias Cents = i64;\n";
const orders = 'package shop;\nimport "./money.idl";\nmessage Order { price: Cents = 1; }\nservice Orders { @readonly get(id: string) -> Order; }\n';
const files = { "idl/orders.idl": orders, "idl/money.idl": money };

const outputsOf = (all: Readonly<Record<string, string>>) => Object.keys(all).filter((file) => /[^/]\.(ts|json)$/.test(file) && !file.endsWith(".rpcgen.json")).sort();

describe("generate", () => {
  test("is what a lone file means; imports are written too, beside it", async () => {
    const { exitCode, stdout, stderr, files: after } = await run(["idl/orders.idl"], { files });
    const outputs = outputsOf(after);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: outputs.map((file) => `${file}\n`).join("") });
    expect(outputs).toEqual(expect.arrayContaining(["gen/money.ts", "gen/money.types.ts", "gen/orders.client.ts", "gen/orders.server.ts", "gen/orders.ts"]));
    expect(stderr).toBe(`${outputs.length} files written\n`);
    expect(await run(["generate", "idl/orders.idl"], { files })).toMatchObject({ files: after });
  });

  test("what is equal is left alone", async () => {
    const first = await run(["idl/orders.idl"], { files });
    const written: unknown[] = [];
    const faults = { renameSync: (_from: unknown, to: unknown) => void written.push(to) };
    first.volume.writeFileSync("/project/gen/orders.ts", "// edited\n");
    const second = await run(["idl/orders.idl"], { volume: first.volume, faults });
    expect(written).toEqual(["/project/gen/orders.ts"]);
    expect(second).toMatchObject({ exitCode: 0, stdout: "gen/orders.ts\n" });
  });

  test("JSON lists every output and what became of it", async () => {
    const first = await run(["idl/orders.idl", "--json"], { files });
    const { version, diagnostics, outputs } = JSON.parse(first.stdout);
    expect({ version, diagnostics }).toEqual({ version: 1, diagnostics: [] });
    expect(outputs).toContainEqual({ path: "gen/orders.ts", state: "written" });
    const second = await run(["idl/orders.idl", "--json"], { volume: first.volume });
    expect(JSON.parse(second.stdout).outputs).toContainEqual({ path: "gen/orders.ts", state: "unchanged" });
  });

  test("an error writes nothing, in any file", async () => {
    const { exitCode, files: after, stderr } = await run(["idl/orders.idl", "idl/bad.idl"], { files: { ...files, "idl/bad.idl": "package bad;\nalias A = Nothing;\n" } });
    expect(exitCode).toBe(1);
    expect(outputsOf(after)).toEqual([]);
    expect(stderr).toContain("nothing was written");
  });

  test("--sync writes blocking clients beside the rest, and knows them again", async () => {
    const { volume, stdout, files: after } = await run(["idl/orders.idl", "--sync"], { files });
    expect(stdout).toContain("gen/orders.sync.ts\n");
    expect(after["/project/gen/orders.sync.ts"] ?? after["gen/orders.sync.ts"]).toContain("class OrdersSyncClient");
    expect(outputsOf(after)).not.toContain("gen/money.sync.ts");
    expect(await run(["idl/orders.idl", "--target", "ts,sync", "--check"], { volume })).toMatchObject({ exitCode: 0, stdout: "" });
    volume.unlinkSync("/project/gen/orders.sync.ts");
    expect(await run(["idl/orders.idl", "--check"], { volume })).toMatchObject({ exitCode: 0 });
    expect(await run(["idl/orders.idl", "--sync", "--check"], { volume })).toMatchObject({ exitCode: 1, stdout: "gen/orders.sync.ts\n" });
  });

  test("--sync puts blocking clients into declarations, and writes nothing else", async () => {
    const types = (await run(["idl/orders.idl", "--target", "dts"], { files })).files["gen/orders.idl.d.ts"];
    const { stdout, files: after } = await run(["idl/orders.idl", "--target", "dts", "--sync"], { files });
    expect(stdout).not.toContain(".sync");
    expect(types).not.toContain("OrdersSyncClient");
    expect(after["gen/orders.idl.d.ts"]).toContain("export declare class OrdersSyncClient {");
    expect((await run(["idl/orders.idl", "--target", "dts,sync"], { files })).files["gen/orders.idl.d.ts"]).toBe(after["gen/orders.idl.d.ts"]);
  });

  test("--dry-run lists what would be written", async () => {
    const { exitCode, stdout, files: after } = await run(["idl/orders.idl", "--dry-run"], { files });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("gen/orders.ts\n");
    expect(outputsOf(after)).toEqual([]);
  });

  test("--check passes after generate, and names what is missing or stale", async () => {
    const { volume } = await run(["idl/orders.idl"], { files });
    expect(await run(["idl/orders.idl", "--check"], { volume })).toMatchObject({ exitCode: 0, stdout: "" });
    volume.unlinkSync("/project/gen/money.ts");
    volume.writeFileSync("/project/gen/orders.ts", "// edited\n");
    const { exitCode, stdout, stderr } = await run(["idl/orders.idl", "--check"], { volume });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "gen/money.ts\ngen/orders.ts\n" });
    expect(stderr).toContain('error[RPC7008]: "gen/money.ts" is missing.');
    expect(stderr).toContain('error[RPC7008]: "gen/orders.ts" is not what its source makes now.');
    const json = JSON.parse((await run(["idl/orders.idl", "--check", "--json"], { volume })).stdout);
    expect(json.outputs).toContainEqual({ path: "gen/money.ts", state: "missing" });
    expect(json.diagnostics).toHaveLength(2);
  });

  test("--stdout prints one output bare, several under their paths", async () => {
    const one = await run(["idl/money.idl", "--target", "json", "--stdout"], { files });
    expect(one.exitCode).toBe(0);
    expect(() => JSON.parse(one.stdout)).not.toThrow();
    const several = await run(["idl/money.idl", "--stdout"], { files });
    expect(several.stdout).toContain("// ---- money.ts ----\n");
    expect(outputsOf(several.files)).toEqual([]);
    expect(JSON.parse((await run(["idl/money.idl", "--stdout", "--json"], { files })).stdout).outputs[0]).toHaveProperty("text");
  });

  test("--out and --root choose the place", async () => {
    const { files: after } = await run(["idl/orders.idl", "--out", "src/made", "--root", "."], { files });
    expect(after).toHaveProperty(["src/made/idl/orders.ts"]);
    const refused = await run(["idl/orders.idl", "--root", "elsewhere"], { files });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("RPC7009");
  });

  test("a source above the working folder keeps its place relative to the others", async () => {
    const above = { "../common/money.idl": money, "orders.idl": orders.replace("./money", "../common/money") };
    const { exitCode, files: after } = await run(["orders.idl"], { files: above });
    expect(exitCode).toBe(0);
    expect(outputsOf(after)).toEqual(expect.arrayContaining(["gen/project/orders.ts", "gen/common/money.ts"]));
  });

  test("the standard input is written under --stdin-filename", async () => {
    const { files: after } = await run(["-", "--stdin-filename", "idl/cents.idl"], { stdin: money });
    expect(after).toHaveProperty(["gen/cents.ts"]);
  });

  test.each([
    ["orders.idl", "orders.types.idl"],
    ["orders.idl", "Orders.idl"],
    ["orders.idl", "orders.rpc"],
  ])("%s and %s would write the same output", async (first, second) => {
    const { exitCode, stderr, files: after } = await run([first, second], { files: { [first]: "package a;\nalias A = u8;\n", [second]: "package b;\nalias B = u8;\n" } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("RPC7006");
    expect(stderr).toContain(`"${first}"`);
    expect(stderr).toContain(`"${second}"`);
    expect(outputsOf(after)).toEqual([]);
  });

  test("a source is never replaced", async () => {
    const { exitCode, stderr, files: after } = await run(["shop.ts", "--out", "."], { files: { "shop.ts": money } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("RPC7010");
    expect(after).toEqual({ "shop.ts": money });
  });

  test("a failure in the middle leaves the folder as it was", async () => {
    const before = await run(["idl/orders.idl"], { files });
    before.volume.writeFileSync("/project/idl/orders.idl", orders.replaceAll("Order ", "Purchase ").replaceAll("-> Order;", "-> Purchase;"));
    const kept = (await run(["explain"], { volume: before.volume })).files;
    let writes = 0;
    const write = before.volume.writeFileSync.bind(before.volume) as (...args: unknown[]) => void;
    const faults = {
      writeFileSync: ((...args: unknown[]) => {
        writes += 1;
        if (writes === 2) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
        write(...args);
      }) as typeof import("node:fs").writeFileSync,
    };
    const { exitCode, stderr, files: after } = await run(["idl/orders.idl", "--out", "gen"], { volume: before.volume, faults });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("no space is left on the device");
    expect(after).toEqual(kept);
  });

  test("a folder that was made in vain is taken back", async () => {
    const faults = { renameSync: () => { throw Object.assign(new Error("no"), { code: "EACCES" }); } };
    const { exitCode, stderr, volume } = await run(["idl/orders.idl", "--out", "a/b/gen"], { files, faults });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('"a/b/gen/money.schema.ts" cannot be written: permission is denied.');
    expect(volume.existsSync("/project/a")).toBe(false);
  });
});

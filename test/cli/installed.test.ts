/** The installed command as a process: streams, exit codes, and how little it loads. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { Binary } from "./binary.js";

const binary = new Binary();
beforeAll(() => binary.install(), 60_000);
afterAll(() => binary.remove());

const good = "package shop;\nmessage Order { id: string = 1; }\n";

describe("the installed command", { timeout: 60_000 }, () => {
  test("prints its version", () => {
    expect(binary.run(binary.folder, ["--version"])).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  test("writes files, and then leaves them alone", () => {
    const cwd = binary.folderWith({ "orders.idl": good });
    const first = binary.run(cwd, ["orders.idl"]);
    expect(first).toMatchObject({ exitCode: 0 });
    // Of the manifest, which is for the command itself, nothing is said.
    const written = readdirSync(path.join(cwd, "gen")).filter((file) => file !== ".rpcgen.json");
    expect(first.stdout.trim().split("\n").sort()).toEqual(written.map((file) => `gen/${file}`).sort());
    expect(binary.run(cwd, ["orders.idl"])).toMatchObject({ exitCode: 0, stdout: "" });
    expect(binary.run(cwd, ["orders.idl", "--check"])).toMatchObject({ exitCode: 0 });
  });

  test("reads the standard input", () => {
    expect(binary.run(binary.folderWith({}), ["check", "-"], { input: good })).toMatchObject({ exitCode: 0 });
  });

  test("colours on demand", () => {
    const cwd = binary.folderWith({ "orders.idl": "nonsense" });
    expect(binary.run(cwd, ["check", "orders.idl"], { env: { NO_COLOR: "", FORCE_COLOR: "1" } }).stderr).toContain("\u001b[");
    expect(binary.run(cwd, ["check", "orders.idl", "--no-color"], { env: { NO_COLOR: "", FORCE_COLOR: "1" } }).stderr).not.toContain("\u001b[");
  });

  test("a reader that leaves early is no failure", async () => {
    const cwd = binary.folderWith({ "orders.idl": `package shop;\n${Array.from({ length: 2000 }, (_, n) => `message M${n} { id: string = 1; }`).join("\n")}\n` });
    const child = spawn(process.execPath, [path.join(binary.folder, "package/src/cli/bin.mjs"), "orders.idl", "--stdout"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdout.once("data", () => child.stdout.destroy());
    const exitCode = await new Promise((resolve) => child.once("close", resolve));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("without a build it says what to do", () => {
    const launcher = readFileSync(path.join(binary.folder, "package/src/cli/bin.mjs"), "utf8");
    const cwd = binary.folderWith({ "src/cli/bin.mjs": launcher });
    const ended = spawnSync(process.execPath, ["src/cli/bin.mjs", "--version"], { cwd, encoding: "utf8" });
    expect(ended).toMatchObject({ status: 2, stdout: "" });
    expect(ended.stderr).toContain("npm run build");
  });

  test("the version is answered without the parser or the argument reader", () => {
    const dist = path.join(binary.folder, "package/dist");
    // Grows while it is gone through.
    const loaded = new Set([path.join(dist, "cli.js")]);
    for (const file of loaded) {
      const imports = readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;]*?["'](\.\/[^"']+)["'];/gm);
      for (const [, chunk = ""] of imports) loaded.add(path.join(path.dirname(file), chunk));
    }
    const text = [...loaded].map((file) => readFileSync(file, "utf8")).join("\n");
    expect(text.length).toBeLessThan(20_000);
    expect(text).not.toMatch(/CommanderError|EmbeddedActionsParser/);
  });
});

/** `generate --prettier`: outputs as the project's prettier lays them out, and what is said where it cannot. */
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Binary } from "./binary.js";
import { run } from "./memory-host.js";

const idl = { "orders.idl": 'package city;\nmessage Order { id: string = 1; }\nservice Orders {\n  @readonly get(id: string) -> Order;\n}\n' };
const shout = async (file: string, text: string) => (file.endsWith(".rpcgen.json") ? text : text.toUpperCase());

describe("outputs of generate", () => {
  test("are laid out where the command line or the configuration asks", async () => {
    const settled = { files: { ...idl, "rpcgen.config.js": "" }, modules: { "rpcgen.config.js": { default: { prettier: true } } }, layOut: shout };
    for (const { files } of [await run(["orders.idl", "--prettier"], { files: idl, layOut: shout }), await run(["orders.idl"], settled)]) {
      expect(files["gen/orders.types.ts"]).toContain("EXPORT INTERFACE ORDER");
    }
    expect((await run(["orders.idl"], { files: idl, layOut: shout })).files["gen/orders.types.ts"]).toContain("export interface Order");
    expect((await run(["orders.idl", "--stdout", "--target", "json", "--prettier"], { files: idl, layOut: shout })).stdout).toContain('"CITY"');
  });

  test("are fresh as they were laid out, and stale otherwise", async () => {
    const first = await run(["orders.idl", "--prettier"], { files: idl, layOut: shout });
    expect(await run(["orders.idl", "--prettier", "--check"], { files: idl, layOut: shout, volume: first.volume })).toMatchObject({ exitCode: 0 });
    expect(await run(["orders.idl", "--check"], { files: idl, layOut: shout, volume: first.volume })).toMatchObject({ exitCode: 1 });
  });

  test("are not written where prettier is not there, or cannot", async () => {
    const none = await run(["orders.idl", "--prettier"], { files: idl, layOut: async () => undefined });
    expect(none).toMatchObject({ exitCode: 1, files: idl });
    expect(none.stderr).toContain('gen/orders.client.ts: error[RPC7021]: Prettier cannot lay out "gen/orders.client.ts": the project has none.\n  help: npm install --save-dev prettier');
    const wrong = await run(["orders.idl", "--prettier"], { files: idl, layOut: async () => Promise.reject(new Error("Invalid `tabWidth` value.\n  at 1")) });
    expect(wrong).toMatchObject({ exitCode: 1, files: idl });
    expect(wrong.stderr).toContain("Invalid `tabWidth` value.\n");
    const scaffolded = await run(["scaffold", "orders.idl"], { files: idl, layOut: async () => Promise.reject(new Error("Invalid `tabWidth` value.")) });
    expect(scaffolded).toMatchObject({ exitCode: 1, stdout: "", files: idl, stderr: expect.stringContaining("src/orders.handlers.ts: error[RPC7021]") });
  });
});

describe("with prettier itself", { timeout: 60_000 }, () => {
  const binary = new Binary();
  beforeAll(() => binary.install(), 60_000);
  afterAll(() => binary.remove());

  test("its settings count for what it knows, and --check of its own agrees", async () => {
    const cwd = binary.folderWith({ ...idl, ".prettierrc": '{ "useTabs": true, "singleQuote": true, "semi": false }' });
    symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), path.join(cwd, "node_modules"));
    expect(binary.run(cwd, ["orders.idl", "--prettier", "--target", "ts,json,proto"])).toMatchObject({ exitCode: 0 });
    const { check, resolveConfig } = await import("prettier");
    const { readFile } = await import("node:fs/promises");
    for (const name of ["orders.types.ts", "orders.client.ts", "orders.json", ".rpcgen.json"]) {
      const file = path.join(cwd, "gen", name);
      expect(await check(await readFile(file, "utf8"), { ...(await resolveConfig(file)), filepath: file }), name).toBe(true);
    }
    writeFileSync(path.join(cwd, ".prettierrc"), "{");
    expect(binary.run(cwd, ["orders.idl", "--prettier"])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("error[RPC7021]") });
  });
});

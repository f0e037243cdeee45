/** `rpcgen init`: a project that runs as it is, as a stranger makes it who installs the packages from a registry. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { projectName } from "../../src/init/project-name.js";
import { run } from "./memory-host.js";
import { Registry } from "./registry.js";

const FILES = [".gitignore", "idl/orders.idl", "package.json", "rpcgen.config.ts", "src/client.ts", "src/handlers.ts", "src/main.ts", "src/server.ts", "test/orders.test.ts", "test/orders.verify.ts", "tsconfig.json"];

describe("init", () => {
  test("writes a project, and says how to go on", async () => {
    const { exitCode, stderr, files } = await run(["init", "shop"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "11 files written\nnext: cd shop && npm install && npm start\n" });
    expect(Object.keys(files).sort()).toEqual(FILES.map((file) => `shop/${file}`));
    expect(JSON.parse(files["shop/package.json"] ?? "")).toMatchObject({ name: "shop", dependencies: { "@rpcgen/runtime": "^0.1.0" } });
  });

  test("made by a checkout depends on its folders, for no registry may have what they hold", async () => {
    const { files } = await run(["init", "shop"], { checkout: "/tools/rpcgen" });
    expect(JSON.parse(files["shop/package.json"] ?? "")).toMatchObject({
      dependencies: { "@rpcgen/runtime": "file:../../tools/rpcgen/runtime" },
      devDependencies: { rpcgen: "file:../../tools/rpcgen", typescript: expect.stringMatching(/^\^/) },
    });
  });

  test("writes what is laid out well and has nothing to point out", async () => {
    const { volume } = await run(["init"]);
    expect((await run(["format", "idl/orders.idl", "--check"], { volume })).stderr).toBe("1 of 1 files are formatted\n");
    expect((await run(["lint", "idl/orders.idl", "--config", "lint.config.js"], { volume, files: { "lint.config.js": "" }, modules: { "lint.config.js": { default: { lint: { sets: ["recommended"] } } } } })).stderr).toBe("1 file looked at, nothing found\n");
  });

  test("goes into the working folder, beside what is there", async () => {
    const { exitCode, stderr, files } = await run(["init"], { files: { "README.md": "mine", ".git/HEAD": "" } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "11 files written\nnext: npm install && npm start\n" });
    expect(Object.keys(files).sort()).toEqual([".git/HEAD", "README.md", ...FILES].sort());
  });

  test("lists what it would write", async () => {
    const { exitCode, stdout, files } = await run(["init", "shop", "--dry-run"]);
    expect({ exitCode, written: Object.keys(files) }).toEqual({ exitCode: 0, written: [] });
    expect(stdout.trim().split("\n").sort()).toEqual(FILES.map((file) => `shop/${file}`));
  });

  test.each([
    ["a file that is there", ["init"], { "src/main.ts": "mine" }, '"src/main.ts" is already there'],
    ["several", ["init"], { "src/main.ts": "mine", "package.json": "{}" }, "these are already there: package.json, src/main.ts"],
    ["a file in place of the folder", ["init", "shop"], { shop: "mine" }, '"shop" is no folder'],
    ["a file on the way there", ["init", "a/b/shop"], { a: "mine" }, '"a" is no folder'],
    ["a name without letters", ["init", "日本"], {}, "npm has no name"],
    ["a name that npm keeps for itself", ["init", "node_modules"], {}, "npm has no name"],
  ])("%s is in its way, and nothing is written", async (_, argv, before, says) => {
    const { exitCode, stderr, files } = await run(argv, { files: before as Record<string, string> });
    expect({ exitCode, files }).toEqual({ exitCode: 2, files: before });
    expect(stderr).toMatch(/RPC7050/);
    expect(stderr).toContain(says);
  });

  test("a folder that is nothing, as of a variable that is not set, is refused", async () => {
    expect(await run(["init", ""])).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining('the working folder is "."'), files: {} });
  });

  test("a link that leads nowhere is not written through", async () => {
    const { volume } = await run(["init", "--dry-run"]);
    volume.symlinkSync("/elsewhere", "/project/tsconfig.json");
    const { exitCode, stderr } = await run(["init"], { volume });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('"tsconfig.json" is already there') });
  });

  test("a write that fails leaves nothing behind", async () => {
    const { exitCode, stderr, files } = await run(["init", "shop"], { faults: { renameSync: () => { throw Object.assign(new Error("full"), { code: "ENOSPC" }); } } });
    expect({ exitCode, files }).toEqual({ exitCode: 2, files: {} });
    expect(stderr).toContain("RPC7007");
  });
});

describe("the name of a project", () => {
  test.each([["shop", "shop"], ["My Größe's", "my-gro-e-s"], ["Café", "cafe"], [".hidden", "hidden"], ["tsx", "tsx-app"], ["a".repeat(300), "a".repeat(214)]])("of %s is %s", (folder, name) => {
    expect(projectName(folder, ["tsx"])).toBe(name);
  });

  test("is one that npm takes, whatever the folder is called", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (folder) => {
      const name = projectName(folder, []);
      expect(name ?? "a").toMatch(/^[a-z0-9][a-z0-9._-]{0,213}$/);
    }));
  });
});

describe("a project that was just made", { timeout: 120_000 }, () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const work = mkdtempSync(path.join(tmpdir(), "rpcgen-init-"));
  const shop = path.join(work, "shop");
  const registry = new Registry(root);
  let env: NodeJS.ProcessEnv;
  /** Not at once, for the registry is in this process. */
  const ran = async (command: string, args: readonly string[], cwd = shop) => {
    const ended = await promisify(execFile)(command, args, { cwd, env, timeout: 100_000 }).catch((error: unknown) => error as { code: number; stdout: string; stderr: string });
    return { status: "code" in ended ? ended.code : 0, stdout: ended.stdout, stderr: ended.stderr };
  };

  beforeAll(async () => {
    const packed = path.join(work, "packed");
    mkdirSync(packed);
    env = { ...process.env, NO_COLOR: "1" };
    expect(await ran("npm", ["pack", root, path.join(root, "runtime"), "--ignore-scripts", "--silent", "--pack-destination", packed], work)).toMatchObject({ status: 0 });
    await registry.start(packed);
    env = { ...env, npm_config_registry: registry.url, npm_config_cache: path.join(work, "cache"), npm_config_audit: "false", npm_config_fund: "false", npm_config_update_notifier: "false" };
    // The command alone, without the packages that it brings: as `npx` has it, but for the time that takes.
    expect(await ran("tar", ["-xzf", path.join(packed, `rpcgen-${manifest.version}.tgz`), "-C", work], work)).toMatchObject({ status: 0 });
    expect(await ran(process.execPath, [path.join(work, "package/src/cli/bin.mjs"), "init", "shop"], work)).toMatchObject({ status: 0 });
    expect(await ran("npm", ["install"])).toMatchObject({ status: 0 });
  }, 120_000);
  afterAll(async () => {
    await registry.stop();
    rmSync(work, { recursive: true, force: true });
  });

  test("compiles, serves and calls", async () => {
    const { status, stdout } = await ran("npm", ["start", "--silent"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^src\/gen\/orders\.ts$/m);
    expect(stdout.split("\n").filter((line) => /^[a-z]+ {2}/.test(line) || line.startsWith("gave up"))).toEqual([
      expect.stringMatching(/^serving {4}tcp:\/\/127\.0\.0\.1:\d+$/),
      "placed     order-1: tea, biscuits",
      "cancelled  twice, which is the same as once",
      "refused    there is no order-0",
      expect.stringMatching(/^gave up {4}place\(\) after 30 ms; executed: (unknown|no)$/),
      ...(stdout.includes("executed: unknown") ? [expect.stringMatching(/^asked {6}executed: (yes, it is order-2|no)$/)] : []),
    ]);
  });

  test("tests its promises, and itself", async () => {
    expect(await ran("npm", ["test"])).toMatchObject({ status: 0, stdout: expect.stringMatching(/holds {4}Orders\.cancel \(@idempotent\)[^]*# fail 0/) });
  });

  test("is generated from any folder in it", async () => {
    expect(await ran("../node_modules/.bin/rpcgen", ["generate", "--check"], path.join(shop, "src"))).toMatchObject({ status: 0, stderr: expect.stringContaining("6 of 6 files are fresh") });
  });

  test("is typed, its configuration included", async () => {
    const config = readFileSync(path.join(shop, "rpcgen.config.ts"), "utf8");
    writeFileSync(path.join(shop, "src/wrong.config.ts"), config.replace("sources:", "soruces:"));
    const { stdout } = await ran("node_modules/.bin/tsc", []);
    expect(stdout).toMatch(/^src\/wrong\.config\.ts\(5,3\): error TS2\d+: .*soruces.*\n$/);
  });
});

/** What `rpcgen sdk` makes, as the world takes it: judged, published, installed and called. */
import { execFile, spawn } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Registry } from "./registry.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const command = path.join(root, "src/cli/bin.mjs");
const execute = promisify(execFile);

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs to its end without blocking: the registry lives in this process. */
async function run(cwd: string, program: string, ...args: string[]): Promise<Ended> {
  // npm hands its own settings on to what it runs, and so to what runs this test.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return execute(program, args, { cwd, env: { ...env, NO_COLOR: "1" } }).then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ status: code, stdout, stderr }),
  );
}

async function succeed(cwd: string, program: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(cwd, program, ...args);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

let registry: Registry;
/** Where the package is made. */
let workshop: string;
const sdk = (...args: string[]) => run(workshop, process.execPath, command, "sdk", "idl/**/*.idl", "--name", "@acme/shop", ...args);
const inPackage = (file: string): string => readFileSync(path.join(workshop, "sdk", file), "utf8");

beforeAll(async () => {
  registry = await Registry.start();
  workshop = registry.project();
  await succeed(workshop, "npm", "publish", path.join(root, "runtime"), "--ignore-scripts");
  cpSync(path.join(root, "test/sdk/idl"), path.join(workshop, "idl"), { recursive: true });
  const { status, stderr } = await sdk();
  if (status !== 0) throw new Error(stderr);
  await succeed(workshop, "npm", "publish", "./sdk");
});
afterAll(() => registry.stop());

describe("a package", () => {
  test("pleases publint, at its strictest", async () => {
    const { messages, pkg } = await publint({ pkgDir: path.join(workshop, "sdk"), level: "suggestion", strict: true });
    // A repository is for its owner to have.
    expect(messages.map((message) => formatMessage(message, pkg, { color: false })).filter((text) => !text?.includes("repository"))).toEqual([]);
  });

  test("has types that are right wherever ES modules are resolved", async () => {
    await succeed(path.join(workshop, "sdk"), "npm", "pack");
    const { types, ...analysis } = await checkPackage(createPackageFromTarballData(readFileSync(path.join(workshop, "sdk/acme-shop-0.1.0.tgz"))), { excludeEntrypoints: ["./schema.json", "./idl/*"] });
    expect(types).toMatchObject({ kind: "included" });
    const { problems = [], entrypoints = {} } = analysis as { problems?: readonly { readonly kind: string; readonly resolutionKind?: string }[]; entrypoints?: object };
    expect(Object.keys(entrypoints).sort()).toEqual([".", "./couriers", "./couriers/sync", "./orders", "./orders/sync", "./package.json", "./silent", "./silent/sync", "./v2", "./v2/orders", "./v2/orders/sync"]);
    // As in its profile for ES modules: what has no `exports` is not asked, and `require` may find an ES module.
    expect(problems.filter(({ kind, resolutionKind }) => resolutionKind !== "node10" && !(resolutionKind === "node16-cjs" && kind === "CJSResolvesToESM"))).toEqual([]);
  });

  test("installed into an empty project is called as its README says", async () => {
    const project = registry.project();
    await succeed(project, "npm", "install", "@acme/shop", "@rpcgen/runtime");
    const readme = readFileSync(path.join(project, "node_modules/@acme/shop/README.md"), "utf8");
    const [client = "", server = ""] = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = ""]) => text);
    const script = (name: string, text: string): string => {
      writeFileSync(path.join(project, name), ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } }).outputText);
      return name;
    };
    const child = spawn(process.execPath, [script("server.js", server.replace(":4000", ":0"))], { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => resolve(text.trim().split(" ").at(-1) ?? ""));
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    });
    const said = await succeed(project, process.execPath, script("client.js", client.replace("tcp://127.0.0.1:4000", address)));
    expect(said).toContain("id: '0198c5f0-7a3c-7d2e-9b41-5e6f7a8b9c0d'");
    expect(said).toContain("total: { cents: 1n, currency: 1 }");
  });
});

describe("the next version", () => {
  const edit = (from: string, to: string): void => {
    const file = path.join(workshop, "idl/orders.idl");
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
  };

  test("is compared with the one that the registry has, and refused or made", async () => {
    edit("  note?: string = 3;\n", "  reserved 3;\n");
    const refused = await sdk("--against", "latest", "--version", "patch");
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('error[RPC7061]: "0.1.1" may not follow 0.1.0');
    expect(JSON.parse(inPackage("package.json"))).toMatchObject({ version: "0.1.0" });

    const made = await sdk("--against", "0.1.0", "--json");
    expect(JSON.parse(made.stdout).package).toEqual({ name: "@acme/shop", version: "0.2.0", since: "0.1.0", semver: "major" });
    expect(inPackage("CHANGELOG.md")).toMatch(/^# Changelog\n\n## 0\.2\.0\n\n### Breaking\n\n- `Order\.note` .*\n[^]*\n## 0\.1\.0\n\nThe first version\.\n$/);
    await succeed(workshop, "npm", "publish", "./sdk");

    // Those who have the first version do not get it without a thought.
    const project = registry.project();
    await succeed(project, "npm", "install", "@acme/shop@^0.1.0");
    expect(JSON.parse(readFileSync(path.join(project, "node_modules/@acme/shop/package.json"), "utf8"))).toMatchObject({ version: "0.1.0" });
    edit("  reserved 3;\n", "  reserved 3;\n  /// Where it goes.\n  street?: string = 9;\n");
    const next = await sdk("--against", "npm:@acme/shop@latest", "--json");
    expect(JSON.parse(next.stdout).package).toEqual({ name: "@acme/shop", version: "0.2.1", since: "0.2.0", semver: "minor" });
  });

  test("is not made where there is none to compare with", async () => {
    const { status, stderr } = await sdk("--against", "7.0.0");
    expect(status).toBe(2);
    expect(stderr).toContain('error[RPC7018]: There is nothing to compare with in "7.0.0": npm does not give "@acme/shop@7.0.0"');
  });
});

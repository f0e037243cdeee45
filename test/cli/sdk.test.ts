/** `rpcgen sdk` as its user sees it: what a version is called, what is refused, and what stands in the folder. */
import path from "node:path";
import { describe, expect, test } from "vitest";
import { run, type World } from "./memory-host.js";

const old = "package shop;\nmessage Order {\n  id: string = 1;\n  note: string = 2;\n}\nservice Orders {\n  @readonly get(id: string) -> Order;\n}\n";
const more = old.replace("  note: string = 2;\n", "  note: string = 2;\n  paid?: bool = 3;\n");
const broken = old.replace("id: string = 1", "id: u32 = 1");
const documented = old.replace("service", "/// Keeps orders.\nservice");

const sdk = (schema: string, options: readonly string[] = [], world: World = {}) =>
  run(["sdk", "idl/a.idl", "--name", "@acme/orders", ...options], { ...world, files: { "idl/a.idl": schema, ...world.files } });

const manifestOf = (files: Readonly<Record<string, string>>, folder = "sdk") => JSON.parse(files[`${folder}/package.json`] ?? "{}");

/** What was published under a version, in the folder `older`. */
async function published(version: string, schema = old): Promise<Record<string, string>> {
  const { files } = await sdk(schema, ["--version", version]);
  return Object.fromEntries(Object.entries(files).flatMap(([file, text]) => (file.startsWith("sdk/") ? [[file.replace("sdk/", "older/"), text]] : [])));
}

describe("a first version", () => {
  test("is 0.1.0, and is there unchanged the next time", async () => {
    const first = await sdk(old);
    expect({ exitCode: first.exitCode, stderr: first.stderr }).toEqual({ exitCode: 0, stderr: "@acme/orders 0.1.0 is in sdk\n" });
    expect(first.stdout.split("\n")).toContain("sdk/dist/entries/orders.js");
    expect(manifestOf(first.files)).toMatchObject({ name: "@acme/orders", version: "0.1.0", license: "UNLICENSED", exports: { "./orders": { types: "./dist/entries/orders.d.ts", default: "./dist/entries/orders.js" } } });
    const again = await sdk(old, [], { volume: first.volume });
    expect({ stdout: again.stdout, stderr: again.stderr }).toEqual({ stdout: "", stderr: "@acme/orders 0.1.0 is there, unchanged\n" });
  });

  test("is what --version says", async () => {
    expect(manifestOf((await sdk(old, ["--version", "1.0.0-rc.1"])).files)).toMatchObject({ version: "1.0.0-rc.1" });
  });

  test("is told to programs, and only told by --dry-run", async () => {
    const { stdout, files } = await sdk(old, ["--dry-run", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [], package: { name: "@acme/orders", version: "0.1.0", since: null, semver: null } });
    expect(Object.keys(files)).toEqual(["idl/a.idl"]);
  });
});

describe("what the package says of itself", () => {
  const project = { "package.json": JSON.stringify({ name: "city", license: "MIT", author: "Ada <ada@example.com>", repository: { type: "git", url: "git+https://example.com/city.git" } }), LICENSE: "MIT License\n" };

  test("is taken from the project, and its license with it", async () => {
    const { files } = await sdk(old, [], { files: project });
    expect(manifestOf(files)).toMatchObject({ license: "MIT", author: "Ada <ada@example.com>", repository: { url: "git+https://example.com/city.git" } });
    expect(files["sdk/LICENSE"]).toBe("MIT License\n");
  });

  test("is nothing where the project says nothing, as one that npm has begun does", async () => {
    const { files } = await sdk(old, [], { files: { "package.json": JSON.stringify({ name: "city", license: "", author: "", repository: {}, homepage: "", bugs: null }) } });
    expect(Object.keys(manifestOf(files))).not.toEqual(expect.arrayContaining([expect.stringMatching(/author|repository|homepage|bugs/)]));
    expect(manifestOf(files)).toMatchObject({ license: "UNLICENSED" });
    expect(files["sdk/LICENSE"]).toMatch(/^All rights reserved by its owner\.$/m);
  });

  test("is settled by the configuration, and by the command line before that", async () => {
    const config = { sdk: { name: "@acme/config", description: "All orders.", license: "ISC", keywords: ["shop"], publishConfig: { access: "public" } } };
    const world = { files: { ...project, "rpcgen.config.js": "" }, modules: { "rpcgen.config.js": { default: config } } };
    const { files } = await sdk(old, [], world);
    expect(manifestOf(files)).toMatchObject({ name: "@acme/orders", description: "All orders.", license: "ISC", keywords: ["rpc", "rpcgen", "shop"], publishConfig: { access: "public" } });
    expect(manifestOf((await run(["sdk", "idl/a.idl"], { ...world, files: { ...world.files, "idl/a.idl": old } })).files)).toMatchObject({ name: "@acme/config" });
  });

  test.each([
    [{ sdk: { nam: "a" } }, 'did you mean "name"?'],
    [{ sdk: { keywords: "a" } }, '"sdk.keywords" is not a list of texts'],
    [{ sdk: { name: "Acme" } }, '"sdk.name" is not a name that npm takes'],
    [{ sdk: [] }, '"sdk" is not an object'],
    [{ sdk: null }, '"sdk" is not an object'],
    [{ breaking: null }, '"breaking" is not an object'],
  ])("%j is refused", async (config, reason) => {
    const { exitCode, stderr } = await sdk(old, [], { files: { "rpcgen.config.js": "" }, modules: { "rpcgen.config.js": { default: config } } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("RPC7017");
    expect(stderr).toContain(reason);
  });

  test.each([
    ["no name", ["sdk", "idl/a.idl"], {}, "it has no name"],
    ["a name that npm refuses", ["sdk", "idl/a.idl", "--name", "Acme/Orders"], {}, 'npm takes no package of the name "Acme/Orders"'],
    ["no license text", ["sdk", "idl/a.idl", "--name", "a"], { "package.json": '{ "license": "MIT" }' }, 'its license is "MIT", and there is no LICENSE file'],
    ["no version", ["sdk", "idl/a.idl", "--name", "a", "--version", "1.2"], {}, '"1.2" is no version'],
    ["a step from nowhere", ["sdk", "idl/a.idl", "--name", "a", "--version", "minor"], {}, "no version that a minor step could be taken from"],
  ])("%s is refused", async (_, argv, files, reason) => {
    const ended = await run(argv, { files: { "idl/a.idl": old, ...files } });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("error[RPC7060]");
    expect(ended.stderr).toContain(reason);
    expect(ended.files["sdk/package.json"]).toBeUndefined();
  });
});

describe("the next version", () => {
  test.each([
    ["1.2.3", more, "1.3.0", "minor"],
    ["1.2.3", broken, "2.0.0", "major"],
    ["1.2.3", documented, "1.2.4", "patch"],
    ["1.2.3", old, "1.2.4", null],
    // As a caret has it: the first number that is not 0.
    ["0.2.3", more, "0.2.4", "minor"],
    ["0.2.3", broken, "0.3.0", "major"],
    ["0.0.3", broken, "0.0.4", "major"],
    ["2.0.0-rc.1", broken, "2.0.0", "major"],
  ])("after %s follows from what changed", async (version, schema, next, semver) => {
    const { stdout, files } = await sdk(schema, ["--against", "older", "--json"], { files: await published(version) });
    expect(JSON.parse(stdout).package).toEqual({ name: "@acme/orders", version: next, since: version, semver });
    expect(manifestOf(files).version).toBe(next);
  });

  test.each([
    ["1.2.3", "1.3.0", broken, "a change asks for 2.0.0"],
    ["1.2.3", "minor", broken, "a change asks for 2.0.0"],
    ["1.2.3", "1.2.4", more, "a change asks for 1.3.0"],
    ["0.2.3", "patch", broken, "a change asks for 0.3.0"],
    ["1.2.3", "1.2.3", old, "it is not later"],
    ["1.2.3", "1.2.3-rc.1", old, "it is not later"],
  ])("after %s may not be %s", async (version, asked, schema, reason) => {
    const { exitCode, stderr, files } = await sdk(schema, ["--against", "older", "--version", asked], { files: await published(version) });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error[RPC7061]");
    expect(stderr).toContain(reason);
    if (schema === broken) expect(stderr).toContain('idl/a.idl:3:3: error[RPC5001]: "Order.id" was of the type string, and is of the type u32.');
    expect(files["sdk/package.json"]).toBeUndefined();
  });

  test.each(["3.0.0", "2.0.0-rc.1", "major"])("may be %s where 2.0.0 is asked for", async (asked) => {
    expect((await sdk(broken, ["--against", "older", "--version", asked], { files: await published("1.2.3") })).exitCode).toBe(0);
  });

  test("says what changed above what the older ones say", async () => {
    const second = await sdk(broken, ["--against", "older"], { files: await published("1.0.0") });
    const first = "## 1.0.0\n\nThe first version.\n";
    expect(second.files["sdk/CHANGELOG.md"]).toBe(
      `# Changelog\n\n## 2.0.0\n\n### Breaking\n\n- \`Order.id\` was of the type string, and is of the type u32. Affects old clients, old servers, stored data. (RPC5001)\n\n${first}`,
    );
    const older = Object.fromEntries(Object.entries(second.files).flatMap(([file, text]) => (file.startsWith("sdk/") ? [[file.replace("sdk/", "older/"), text]] : [])));
    const third = await sdk(broken, ["--against", "older"], { files: older });
    expect(third.files["sdk/CHANGELOG.md"]).toContain("## 2.0.1\n\nNothing changes for those who use it.\n\n## 2.0.0\n");
    expect(third.files["sdk/CHANGELOG.md"]?.endsWith(first)).toBe(true);
  });

  test("is a major one where an entry exports less, whatever the rules are told to pass over", async () => {
    const config = { breaking: { categories: ["wire"] } };
    const gone = old.replace("service Orders", "service Purchases");
    const world = { files: { ...(await published("1.0.0")), "rpcgen.config.js": "" }, modules: { "rpcgen.config.js": { default: config } } };
    const { stdout, files } = await sdk(gone, ["--against", "older", "--json"], world);
    expect(JSON.parse(stdout).package).toMatchObject({ version: "2.0.0" });
    expect(files["sdk/CHANGELOG.md"]).toContain("- The entry `./orders` is gone.\n");
  });

  test("does not depend on which files its schemas stand in", async () => {
    const [head = "", service = ""] = old.split("service ");
    const files = { "idl/a.idl": `package shop;\nimport "./deep/b.idl";\nservice ${service}`, "idl/deep/b.idl": head, ...(await published("1.0.0")) };
    const { stdout } = await run(["sdk", "idl/a.idl", "--name", "@acme/orders", "--against", "older", "--json"], { files });
    expect(JSON.parse(stdout).package).toMatchObject({ version: "1.0.1" });
  });

  test("needs an older one that it can be compared with", async () => {
    const wrong = async (against: string, files: Record<string, string> = {}, world: World = {}) => {
      const { exitCode, stderr } = await sdk(old, ["--against", against], { ...world, files });
      expect(exitCode).toBe(2);
      expect(stderr).toContain("error[RPC7018]");
      return stderr;
    };
    expect(await wrong("git:main")).toContain("a revision has schemas and no version");
    expect(await wrong("nowhere/at/all")).toContain('there is no "nowhere/at/all"');
    expect(await wrong("empty", { "empty/a.txt": "" })).toContain("it has no package.json");
    expect(await wrong("odd", { "odd/package.json": "{" })).toContain("is not JSON");
    expect(await wrong("other", { "other/package.json": '{ "version": "1.0.0" }' })).toContain('there is no .idl file in its folder "idl"');
    expect(await wrong("1.9.0", {}, { run: () => ({ status: 1, stdout: new Uint8Array(), stderr: "npm error code E404" }) })).toContain('npm does not give "@acme/orders@1.9.0"');
  });

  test.each(["1.0.0", "latest", "npm:@acme/orders@1.0.0", "old.tgz"])("takes %s from where it is", async (against) => {
    const older = Object.entries(await published("1.0.0"));
    const volume = (await run(["--version"])).volume;
    const asked: string[] = [];
    const { exitCode, stdout } = await sdk(more, ["--against", against, "--json"], {
      volume,
      ...(against === "old.tgz" && { files: { "old.tgz": "" } }),
      run(command, args, cwd) {
        asked.push(`${command} ${args[1]}`);
        for (const [name, text] of command === "tar" ? older : []) {
          const file = path.join(cwd, name.replace("older/", "package/"));
          volume.mkdirSync(path.dirname(file), { recursive: true });
          volume.writeFileSync(file, text);
        }
        return { status: 0, stdout: new TextEncoder().encode(command === "npm" ? "orders.tgz\n" : ""), stderr: "" };
      },
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).package).toMatchObject({ version: "1.1.0", since: "1.0.0" });
    const reference = against.startsWith("npm:") ? against.slice(4) : `@acme/orders@${against}`;
    expect(asked).toEqual(against === "old.tgz" ? ["tar /project/old.tgz"] : [`npm ${reference}`, "tar orders.tgz"]);
  });
});

describe("the folder", () => {
  test("that holds what others wrote is left alone", async () => {
    const mine = { "sdk/README.md": "mine\n", "sdk/src/a.ts": "", "sdk/.npmrc": "", "sdk/node_modules/b/index.js": "", "sdk/acme-orders-0.1.0.tgz": "" };
    const { exitCode, stderr, files } = await sdk(old, [], { files: mine });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[RPC7064]: "sdk" holds 2 files that `rpcgen sdk` did not write: "README.md", "src/a.ts".');
    expect(files).toEqual({ "idl/a.idl": old, ...mine });
  });

  test("that is a file is refused", async () => {
    const { exitCode, stderr, files } = await sdk(old, [], { files: { sdk: "mine\n" } });
    expect({ exitCode, files }).toEqual({ exitCode: 2, files: { "idl/a.idl": old, sdk: "mine\n" } });
    expect(stderr).toContain("error[RPC7007]");
  });

  test("of schemas from the standard input is known the next time", async () => {
    const first = await run(["sdk", "-", "--name", "@acme/orders"], { stdin: old });
    expect(await run(["sdk", "-", "--name", "@acme/orders"], { stdin: old, volume: first.volume })).toMatchObject({ exitCode: 0, stderr: "@acme/orders 0.1.0 is there, unchanged\n" });
  });

  test("loses what is made no more, also where its schema still is", async () => {
    const two = { "idl/b.idl": "package other;\nservice Others {}\n" };
    const first = await run(["sdk", "idl/*.idl", "--name", "@acme/orders"], { files: { "idl/a.idl": old, ...two } });
    expect(first.files).toHaveProperty(["sdk/dist/entries/others.js"]);
    const second = await sdk(old, [], { volume: first.volume });
    expect(Object.keys(second.files).filter((file) => /other|b\.idl|\bb\./.test(file))).toEqual(["idl/b.idl"]);
    expect(second.files).toEqual({ ...(await sdk(old)).files, ...two, "sdk/.rpcgen.json": expect.any(String) });
  });

  test("is not touched where a schema has an error", async () => {
    const { exitCode, stderr, files } = await sdk("package a;\nservice A { @readonly f(x: Nothing); }\n");
    expect({ exitCode, files: Object.keys(files) }).toEqual({ exitCode: 1, files: ["idl/a.idl"] });
    expect(stderr).toContain("nothing was written");
  });
});

describe("entries", () => {
  const make = (files: Record<string, string>) => run(["sdk", "idl/*.idl", "--name", "@acme/orders"], { files });

  test("of two services that have one name are refused", async () => {
    const { exitCode, stderr } = await make({ "idl/a.idl": "package a;\nservice Orders {}\n", "idl/b.idl": "package b;\nservice Orders {}\n" });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[RPC7062]: The entry of "b.Orders" would be "./orders", which another one has.');
    expect(stderr).toContain("idl/a.idl:2:9");
  });

  test("of versions keep apart what is called alike", async () => {
    const { exitCode, stderr, files } = await make({ "idl/a.idl": "package a;\nmessage M {}\nservice Orders {}\n", "idl/b.idl": "package a.v2;\nmessage M {}\nservice Orders {}\n" });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "@acme/orders 0.1.0 is in sdk\n" });
    expect(Object.keys(manifestOf(files).exports)).toEqual([".", "./v2", "./orders", "./orders/sync", "./v2/orders", "./v2/orders/sync", "./idl/*", "./schema.json", "./package.json"]);
    expect(files["sdk/dist/index.js"]).toContain('export * as v2 from "./entries/v2.js";');
  });

  test("leave out a name of two meanings, and say so", async () => {
    const { exitCode, stderr, files } = await make({ "idl/a.idl": "package a;\nmessage M {}\nmessage N {}\n", "idl/b.idl": "package b;\nmessage M {}\n" });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning[RPC7063]: "M" is left out of the entry ".", where it may be "a.M" or "b.M".');
    expect(files["sdk/dist/index.js"]).toContain("  NCodec,\n");
    expect(files["sdk/dist/index.js"]).not.toContain("MCodec");
  });
});

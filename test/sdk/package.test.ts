/** A package is the one that was reviewed, the same each time, and its README is true. */
import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { compile } from "../../src/compile.js";
import { render } from "../../src/emit/typescript/code-writer/render.js";
import { SchemaIndex } from "../../src/ir/schema-index.js";
import { Samples } from "../../src/sdk/sample.js";
import { problemsIn, sdk } from "../../src/sdk/sdk.js";
import { SourceFile } from "../../src/text/source-file.js";
import { arbitrarySchema } from "../emit/arbitrary-schema.js";
import { packageOf, packed, Project, root, schemasIn, snippetsOf } from "./make-package.js";

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  // The declarations of the package are checked as well as what imports them.
  skipLibCheck: false,
  skipDefaultLibCheck: true,
  noEmit: true,
  types: ["node"],
  lib: ["ES2024", "ESNext.Disposable"],
  target: "ES2023",
};

/** Each with its folder of schemas. */
const stories = { "@acme/shop": "test/sdk/idl", "@acme/city": "examples/city/idl", "@acme/pubsub": "examples/pubsub/idl", "@acme/zoo": "test/e2e/idl" };

/** Of each value twice as many as of the one before, and lists, maps and texts that must be long. */
const LARGE = `package large;
${Array.from({ length: 60 }, (_, at) => `message Box${at} { left: Box${at + 1} = 1; right: Box${at + 1} = 2; }\n`).join("")}
message Box60 {}
enum Colour { NONE = 0; RED = 1; }
union Shape { side: f64 = 1; name: string = 2; }
message Long {
  @length(min: 100000) items: Shape[] = 1;
  @length(min: 100000) colours: Colour[] = 2;
  @length(min: 100000) @typedArray samples: f32[] = 3;
  @length(min: 100000) lists: u64[][] = 4;
  @length(min: 100000) byName: map<string, Box60> = 5;
  @length(min: 100000) text: string = 6;
  @length(min: 100000) data: bytes = 7;
}
service Boxes { @readonly open(box: Box0) -> Box0; }
service Longs { @readonly put(long: Long) -> Long; @readonly all(long: Long) -> stream Long; }
`;

const project = new Project();
const packages = new Map<string, Record<string, string>>();

beforeAll(async () => {
  for (const [name, folder] of Object.entries(stories)) {
    const files = await packageOf(schemasIn(folder), name);
    packages.set(name, files);
    project.install(name, files);
  }
});
afterAll(() => project.remove());

const filesOf = (name: string): Record<string, string> => packages.get(name) ?? {};

test("a package is what was reviewed", () => {
  const golden = path.join(root, "test/sdk/golden.txt");
  const text = Object.entries(filesOf("@acme/shop")).map(([file, content]) => `==== ${file} ====\n${content}`).sort().join("\n");
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, text);
  expect(text).toBe(existsSync(golden) ? readFileSync(golden, "utf8") : "");
});

test("it is the same in whatever order its schemas are named, and so is its archive", async () => {
  const again = await packageOf(Object.fromEntries(Object.entries(schemasIn("test/sdk/idl")).reverse()), "@acme/shop");
  expect(again).toEqual(filesOf("@acme/shop"));
  const other = new Project();
  onTestFinished(() => other.remove());
  const [first, second] = [path.join(project.folder, "node_modules/@acme/shop"), other.install("@acme/shop", again)].map(packed);
  expect(first?.equals(second ?? Buffer.alloc(0))).toBe(true);
});

test("names that are not ASCII are exported, and their declarations lead to the schema", async () => {
  const files = await packageOf({ "sizes.idl": 'package sizes;\n@tsName("Größe") message Size { @tsName("höhe") height: u32 = 1; }\n@tsName("Größen") service Sizes { @readonly get(size?: Size) -> Size; }\n' }, "@acme/sizes");
  expect(files["dist/index.d.ts"]).toContain("  type Größe,\n");
  expect(files["dist/index.js"]).toContain("  GrößenClient,\n");
  const { mappings } = JSON.parse(files["dist/gen/sizes.types.d.ts.map"] ?? "") as { mappings: string };
  expect(mappings).not.toBe("");
});

test("a sample ends in a chain of thousands of types, and goes round no circle that a union leads out of", () => {
  const chain = Array.from({ length: 3000 }, (_, at) => `struct S${at} { u: U${at}; }\nunion U${at} { s: S${at + 1} = 1; }\n`).join("");
  const text = `package a;\n${chain}struct S3000 { a: u8; }\nunion Out { a: Round = 1; b: Round = 2; c: u8 = 3; }\nmessage Round { out: Out = 1; }\n`;
  const { schema } = compile({ sources: { "a.idl": text }, targets: [] });
  if (schema === undefined) throw new Error("the schema has errors");
  const sample = (name: string) => render(new Samples(new SchemaIndex(schema), () => [], new Map()).value({ kind: "named", name }, "x"), ({ name: of }) => of);
  expect(sample("a.S0")).toContain("undefined as never");
  expect(sample("a.Round")).toBe('{ out: { kind: "c", value: 1 } }');
});

describe("the programs of every README", () => {
  const programs = (name: string) => snippetsOf(filesOf(name)["README.md"] ?? "");

  test("compile, wherever modules are resolved", async () => {
    const names = Object.keys(stories).flatMap((name) => programs(name).map((text, at) => project.write(`snippets/${name.replace("@acme/", "")}-${at}.ts`, text)));
    const everything = Object.keys(stories).map((name, at) => `import * as all${at} from "${name}";\nconsole.log(all${at}.SCHEMA_FINGERPRINT);\n`).join("");
    // And of values that are large at least.
    const large = await packageOf({ "large.idl": LARGE }, "@acme/large");
    expect(large["README.md"]?.length).toBeLessThan(200_000);
    project.install("@acme/large", large);
    names.push(...snippetsOf(large["README.md"] ?? "").map((text, at) => project.write(`snippets/large-${at}.ts`, text)));
    // And of whatever schemas there are.
    const seed = Math.floor(Math.random() * 1e9);
    for (const [at, schema] of fc.sample(arbitrarySchema, { seed, numRuns: 15 }).entries()) {
      if (problemsIn(schema).some(({ severity }) => severity === "error")) continue;
      const name = `@random/p${at}`;
      const made = await sdk({ schema, source: (file) => new SourceFile(file, "  "), facts: { name, license: "MIT", runtime: "^0.1.0" }, licenseText: "", release: { version: "0.1.0", changes: [] } });
      const files = Object.fromEntries(made.map(({ path: file, text }) => [file, text]));
      project.install(name, files);
      names.push(...snippetsOf(files["README.md"] ?? "").map((text, number) => project.write(`snippets/random-${at}-${number}.ts`, text)));
    }
    const all = project.write("snippets/all.ts", everything);
    expect(names.length).toBeGreaterThan(25);
    for (const [files, resolution] of [
      [[...names, all], { module: "NodeNext", moduleResolution: "NodeNext" }],
      [[all], { module: "ESNext", moduleResolution: "bundler" }],
    ] as const) {
      project.write("tsconfig.json", JSON.stringify({ compilerOptions: { ...strict, ...resolution }, files }));
      const compiler = fileURLToPath(import.meta.resolve("ts7/package.json").replace("package.json", "bin/tsc"));
      const { stdout } = await promisify(execFile)(process.execPath, [compiler, "-p", project.folder, "--pretty", "false"]).catch((error: { stdout: string }) => error);
      expect(stdout, `seed ${seed}`).toBe("");
    }
  });

  const told: number[] = [];
  test.each([
    ["@acme/shop", "orders", "0198c5f0-7a3c-7d2e-9b41-5e6f7a8b9c0d"],
    ["@acme/shop", "couriers", "1"],
    ["@acme/shop", "v2/orders", "0198c5f0-7a3c-7d2e-9b41-5e6f7a8b9c0d"],
  ])("of %s/%s call one another", async (name, entry, answer) => {
    const its = programs(name).filter((text) => text.includes(`"${name}/${entry}"`));
    const [client, server] = its.map((text, at) => ({ text, file: `${entry.replace("/", "-")}-${at === 0 ? "client" : "server"}.ts` }));
    const served = project.write(server?.file ?? "", (server?.text ?? "").replace(":4000", ":0").replace('"data"', JSON.stringify(path.join(project.folder, "data"))));
    const child = spawn(process.execPath, ["--import", "tsx", served], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => resolve(text.trim().split(" ").at(-1) ?? ""));
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    });
    const blocking = programs(name).filter((text) => text.includes(`"${name}/${entry}/sync"`));
    for (const [at, text] of [client?.text ?? "", ...blocking].entries()) {
      const caller = project.write(`${at}-${client?.file}`, text.replace("tcp://127.0.0.1:4000", address));
      const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", caller], { cwd: root });
      expect(stdout).toContain(answer);
    }
    told.push(blocking.length);
  });

  test("once a caller that waits", () => expect(told.filter((count) => count > 0)).toEqual([1]));
});

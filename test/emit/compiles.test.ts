/** Generated code compiles under every TypeScript that we support, with the strictest options there are. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import type { OutputFile } from "../../src/emit/emitter.js";
import { kit } from "../../src/emit/kit/index.js";
import { declarations } from "../../src/emit/typescript/declarations/index.js";
import { typescript } from "../../src/emit/typescript/index.js";
import { syncClients } from "../../src/emit/typescript/sync-client.js";
import { arbitrarySchema } from "./arbitrary-schema.js";
import { emitFile } from "./schema-builders.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

const compilers = [
  ["5.9", "ts59/bin/tsc"],
  ["6", "typescript/bin/tsc"],
  ["7", "ts7/bin/tsc"],
] as const;

const options = {
  target: "ES2022",
  lib: ["ES2024", "ESNext.Disposable"],
  types: ["node"],
  module: "NodeNext",
  moduleResolution: "NodeNext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noFallthroughCasesInSwitch: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What JavaScript, TypeScript, the runtime and generated code itself call something. */
const takenNames = (
  "Map Set Promise Date Error Object Array Number String Boolean BigInt Symbol Function Math JSON Record Partial " +
  "Uint8Array Int8Array Float64Array BigInt64Array AsyncIterable Iterable NaN Infinity RpcError Codec PayloadCodec " +
  "Caller Context CallOptions Reader Writer ServiceDescriptor MethodDescriptor UnknownMember UnknownEnum " +
  "RpcErrorOptions fields options params requests handlers channel ctx value kind type declare async of get from is " +
  "abstract module namespace unique_ out satisfies using message json check nothing Tx T ACodec writeA readADescriptor"
).split(" ");

const kinds: readonly ((name: string) => string)[] = [
  (name) => `message ${name} {
    constructor: string = 1; toString: timestamp = 2; m?: map<string, bytes> = 3; self: ${name}[] = 4;
    @typedArray l: i64[] = 5;
  }`,
  (name) => `struct ${name} { t: timestamp; o?: map<u32, bytes>; b: bool; }`,
  (name) => `enum ${name} { A = 0; constructor = 1; toString = 2; }`,
  (name) => `error ${name} {
    message: string = 1; when: timestamp = 2; o?: map<i64, Other> = 3; @default(5) r: u8 = 4; value: string = 5;
  }`,
  (name) => `union ${name} { a: timestamp = 1; prototype: Other = 2; value: bytes = 3; }`,
  (name) => `@exactlyOnce service ${name} { put(a: Other) -> Other; }`,
  (name) => `@readonly service ${name} {
    get(a: Other) -> Other; set() -> stream timestamp; delete(stream bytes); toString(stream u8) -> stream Other;
    static(); async(); new() -> bytes; class(); valueOf();
  }`,
];

/** A declaration file is checked only if it is no declaration file: no stranger's are. */
function asSource({ path, text }: OutputFile): OutputFile {
  return { path: path.replace(/\.idl\.d\.ts$/, ".declared.ts"), text };
}

/** For each kind of declaration a file in which it has the taken names, beside one declaration of every kind. */
const ofTakenNames = kinds.map((declare, number): readonly OutputFile[] => {
  const other = "message Other { note?: string = 1; @default(1) n: u64 = 2; }";
  const declared = [...kinds.map((kind, index) => kind(`Plain${index}`)), ...takenNames.map(declare)];
  const sources = { [`taken-${number}.idl`]: ["package names;", other, ...declared].join("\n") };
  const { diagnostics, outputs } = compile({ sources, targets: ["ts", "sync", "kit", "dts"] });
  expect(diagnostics).toEqual([]);
  return outputs.map(asSource);
});

const ofRandomSchemas = fc
  .sample(arbitrarySchema, { numRuns: 40, seed: 5 })
  .map((schema, number): readonly OutputFile[] => {
    return [typescript, syncClients, kit, declarations].flatMap((emitter) => emitFile(emitter, schema).outputs).map(asSource).map(({ path, text }) => ({ path: `random-${number}/${path}`, text }));
  });

const outputs = [...ofTakenNames, ...ofRandomSchemas].flat();

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-compiles-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ type: "module" }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: { ...options, paths: { "@rpcgen/runtime/generated": [join(root, "runtime/generated.ts")] } },
      include: ["gen", join(root, "test/golden/*/ts"), join(root, "test/emit/generated-in-use.ts")],
    }),
    ...Object.fromEntries(outputs.map(({ path, text }) => [join("gen", path), text])),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each(compilers)(
  "under TypeScript %s",
  async (_, compiler) => {
    const arguments_ = [join(root, "node_modules", compiler), "-p", folder, "--pretty", "false"];
    const failed = await promisify(execFile)(process.execPath, arguments_, { timeout: 100_000 }).then(
      () => "",
      (error: { stdout?: string; message: string }) => error.stdout || error.message,
    );
    // A declaration may import a name for nothing where a member is called so; nobody is told of that in a declaration file.
    expect(failed.split("\n").filter((line) => line !== "" && !/\.declared\.ts\(.*TS6133/.test(line))).toEqual([]);
  },
  120_000,
);

test("each module says its types by itself", () => {
  for (const { path, text } of outputs) {
    const { diagnostics } = ts.transpileDeclaration(text, {
      fileName: path,
      reportDiagnostics: true,
      compilerOptions: { isolatedDeclarations: true, declaration: true, target: ts.ScriptTarget.ES2022 },
    });
    expect(
      diagnostics?.map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
    ).toEqual([]);
  }
});

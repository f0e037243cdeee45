/** A server may tell anything for its schema: it is bounded, compiled as any source is, and neither run nor looked for on the disk. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { serve } from "../../runtime/index.js";
import { reflectionService, type SchemaFile } from "../../runtime/reflection/gen/reflection.js";
import { call } from "./command.js";

let cwd = "";
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "rpcgen-told-"));
  writeFileSync(path.join(cwd, "secret.idl"), "package secret;\nmessage Secret {}\n");
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

type Files = Iterable<SchemaFile> | AsyncIterable<SchemaFile>;

async function telling(files: () => Files, ...argv: string[]) {
  const server = await serve({ listen: "tcp://127.0.0.1:0", services: [reflectionService({ files: async function* () { yield* files(); } })] });
  onTestFinished(() => server.close({ graceMs: 0 }));
  const said = await call([server.addresses[0] ?? "", ...argv], { cwd });
  expect(readdirSync(cwd)).toEqual(["secret.idl"]);
  return said;
}

const file = (name: string, text: string): SchemaFile => ({ path: name, text, served: true });

function* endless(each: (at: number) => SchemaFile): Generator<SchemaFile, undefined> {
  for (let at = 0; ; at++) yield each(at);
}

describe("a schema that a server tells", () => {
  it("with mistakes is shown as that of a file, and the way around it is named", async () => {
    const { exitCode, stdout, stderr } = await telling(() => [file("a.idl", "package a;\nmessage A { b: Nope = 1; }\n")]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^a\.idl:2:16: error\[RPC2024\][^]*message A \{ b: Nope = 1; \}[^]*tells has mistakes; give it with --idl FILE\n$/);
  });

  it.each<[what: string, files: () => Files]>([
    ["is too large", () => endless((at) => file(`${at}.idl`, "x".repeat(1 << 20)))],
    ["has too many files", () => endless((at) => file(`${at}.idl`, ""))],
    ["says the same file for ever", () => endless(() => file("", ""))],
  ])("that %s is not taken", async (_, files) => {
    expect(await telling(files)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/more than 2000 files and 4 MiB\n {2}help: give the schema with --idl FILE/) });
  });

  it("that does not come is not waited for", async () => {
    const never = async function* (): AsyncGenerator<SchemaFile, undefined> {
      yield file("a.idl", "package a;\n");
      await new Promise(() => {});
      return undefined;
    };
    expect(await telling(never, "--timeout", "300ms")).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^error: DEADLINE_EXCEEDED/) });
  });

  it("whose imports run in a circle is a finding", async () => {
    const circle = [file("a.idl", 'package a;\nimport "./b.idl";\n'), file("b.idl", 'package b;\nimport "./a.idl";\n')];
    expect(await telling(() => circle)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("RPC2006") });
  });

  it.each(["./secret.idl", "../secret.idl", "/etc/passwd"])("that imports %s gets nothing from the disk", async (imported) => {
    const { exitCode, stderr } = await telling(() => [file("a.idl", `package a;\nimport "${imported}";\n`)]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("RPC2004");
    expect(stderr).not.toMatch(/root:|package secret/);
  });

  it("may call its files what it likes: they are names, and stand nowhere", async () => {
    const files = ["../../etc/x.idl", "/etc/y.idl", "C:\\z.idl", "__proto__", "", "a\u0000\u001b[2J.idl"].map((name, at) => file(name, `package p${at};\nservice S { @readonly get() -> string; }\n`));
    const { exitCode, stdout } = await telling(() => [...files, file("../../etc/w.idl", 'package w;\nimport "./x.idl";\nimport "/etc/y.idl";\n')]);
    expect(exitCode).toBe(0);
    expect(stdout.match(/^p\d\.S$/gm)).toHaveLength(6);
    expect(await telling(() => files, "p0.S/get")).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^error: UNIMPLEMENTED/) });
  });

  it("runs no code of its own, and no terminal obeys it", async () => {
    const attack = '\\"; globalThis.attacked = true; //';
    const text = `/// \`; globalThis.attacked = true; \${globalThis.attacked = true} */ globalThis.attacked = true; \u001b]0;title\u0007 \u009b31m
package a;
/// */ globalThis.attacked = true; /* \u001b[2J
service S {
  /// \`\${globalThis.attacked = true}\`
  @readonly @deprecated("${attack} \`\${globalThis.attacked = true}")
  get(@wireName("${attack}") @pattern("^${attack}$") x?: string, @default("${attack}") y: string) -> map<string, string>;
}
`;
    const said = await Promise.all([[], ["S"], ["a.S/get", "{}"]].map((argv) => telling(() => [file("a.idl", text)], ...argv)));
    expect(said.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1]);
    expect(said[2]?.stderr).toMatch(/^error: UNIMPLEMENTED/);
    for (const { stdout, stderr } of said) expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(globalThis).not.toHaveProperty("attacked");
  });
});

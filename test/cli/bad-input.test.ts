/** What goes wrong outside the language: each is a clear finding or correct output, never a trace, a hang or half a file. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Binary, type Transcript } from "./binary.js";

const binary = new Binary();
beforeAll(() => binary.install(), 60_000);
afterAll(() => binary.remove());

const good = "package shop;\n/// An order.\nmessage Order { id: string = 1; }\n";

/** Every run in this file, whatever it is about, ends on its own and shows no trace of our code. */
function run(files: Readonly<Record<string, string | Uint8Array>>, argv: readonly string[], input = ""): Transcript & { readonly cwd: string } {
  const cwd = binary.folderWith(files);
  const transcript = binary.run(cwd, argv, { input });
  expect([0, 1, 2]).toContain(transcript.exitCode);
  expect(transcript.stdout + transcript.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  return { ...transcript, cwd };
}

/** All but the manifest, which is no code. */
function outputs(cwd: string): Record<string, string> {
  const files = readdirSync(path.join(cwd, "gen"), { recursive: true, encoding: "utf8" }).filter((file) => file !== ".rpcgen.json").sort();
  return Object.fromEntries(
    files.filter((file) => statSync(path.join(cwd, "gen", file)).isFile()).map((file) => [file, readFileSync(path.join(cwd, "gen", file), "utf8")]),
  );
}

describe("files that cannot be read", { timeout: 60_000 }, () => {
  test.each([
    ["a missing file", ["orders.idl", "ordres.idl"], 2, 'ordres.idl: error[RPC7001]: There is no file "ordres.idl".\n  help: did you mean "orders.idl"?'],
    ["a pattern without a match", ["*.rpc"], 2, 'error[RPC7002]: No file matches "*.rpc".'],
    ["a pattern of Windows", ["idl\\*.idl"], 2, 'error[RPC7002]: No file matches "idl\\*.idl".\n  help: write / between folders: "idl/*.idl"'],
    ["a folder", ["idl/"], 2, 'error[RPC7003]: "idl" is a folder, not a file.'],
    ["a path through a file", ["orders.idl/x.idl"], 2, "error[RPC7004]"],
    ["a missing import", ["importing.idl"], 1, 'importing.idl:2:8: error[RPC2004]: The imported file "./gone.idl" does not exist.'],
    ["an import of a folder", ["folder.idl"], 1, "error[RPC2005]"],
  ])("%s", (_name, argv, exitCode, message) => {
    const files = {
      "orders.idl": good,
      "idl/a.idl": good,
      "importing.idl": 'package shop;\nimport "./gone.idl";\n',
      "folder.idl": 'package shop;\nimport "./idl";\n',
    };
    const ended = run(files, argv);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toContain(message);
    expect(readdirSync(ended.cwd)).not.toContain("gen");
  });

  test("a file that the system will not let be read", () => {
    const ended = run({}, ["check", "/proc/self/mem"]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("error[RPC7004]");
  });

  test.each(["import { defineConfig } from \"rpcgen\";\nexport default defineConfig({});\n", "export default {};\n"])("a module in a package of CommonJS: %j", (text) => {
    const files = { "package.json": '{ "type": "commonjs" }', "orders.idl": good, "rpcgen.config.js": text, "orders.verify.js": text };
    const help = (name: string) => `it is an ES module, and Node.js takes it for CommonJS.*\n(?:.*\n)*  help: call it ${name}.mjs, or say "type": "module" in package.json\n`;
    expect(run(files, ["check"])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(help("rpcgen.config")) });
    const { ["rpcgen.config.js"]: _, ...unsettled } = files;
    expect(run(unsettled, ["verify", "orders.idl", "--handlers", "orders.verify.js"])).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(help("orders.verify")) });
  });

  test("one unreadable file does not keep the mistakes of another back", () => {
    const ended = run({ "bad.idl": "package bad;\nalias A = Nothing;\n" }, ["gone.idl", "bad.idl", "--json"]);
    expect(ended.exitCode).toBe(2);
    const codes = JSON.parse(ended.stdout).diagnostics.map(({ file, code }: { file: string; code: string }) => `${file} ${code.slice(0, 4)}`);
    expect(codes).toEqual(["gone.idl RPC7", "bad.idl RPC2"]);
  });
});

describe("odd bytes", { timeout: 120_000 }, () => {
  test("a byte order mark and CRLF change nothing", () => {
    const plain = run({ "orders.idl": good }, ["orders.idl"]);
    expect(plain.exitCode).toBe(0);
    const odd = run({ "orders.idl": `\ufeff${good.replaceAll("\n", "\r\n")}` }, ["orders.idl"]);
    expect(outputs(odd.cwd)).toEqual(outputs(plain.cwd));
  });

  test("columns are right behind a byte order mark and before CRLF", () => {
    const ended = run({ "orders.idl": "\ufeffpackage shop;\r\nalias A = Nothing;\r\n" }, ["check", "orders.idl"]);
    expect(ended.stderr).toMatch(/^orders\.idl:2:11: /);
  });

  test("bytes that are not UTF-8 are refused at their place", () => {
    const bytes = Buffer.concat([Buffer.from("package shop;\n// caf"), Buffer.from([0xe9]), Buffer.from("\n")]);
    const ended = run({ "orders.idl": bytes }, ["check", "orders.idl"]);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('orders.idl:2:7: error[RPC7005]: "orders.idl" is not valid UTF-8 from here on.');
  });

  test.each([
    ["cut in a letter", Buffer.from([0x2f, 0x2f, 0xe4, 0xbd])],
    ["UTF-16", Buffer.from(good, "utf16le")],
    ["overlong", Buffer.from([0x2f, 0x2f, 0xc0, 0xaf])],
  ])("so are others: %s", (_name, bytes) => {
    expect(run({ "orders.idl": bytes }, ["orders.idl"]).exitCode).toBe(1);
  });

  test.each([
    ["letters", () => pseudoRandom(10_000_000, (n) => 32 + (n % 95))],
    ["lines", () => pseudoRandom(10_000_000, (n) => (n % 17 === 0 ? 10 : 33 + (n % 94)))],
    ["braces", () => Buffer.alloc(10_000_000, "{")],
    ["words", () => Buffer.alloc(10_000_000, "message ")],
    ["bytes", () => pseudoRandom(10_000_000, (n) => n % 256)],
    ["a string without an end", () => Buffer.concat([Buffer.from('package a;\nconst A: string = "'), Buffer.alloc(10_000_000, "x")])],
  ])("10 MB of garbage: %s", (_name, garbage) => {
    const ended = run({ "orders.idl": garbage() }, ["orders.idl"]);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toMatch(/error\[RPC\d{4}\]/);
    expect(ended.stderr.length).toBeLessThan(1_000_000);
  });

  test.each([
    ["a comment", "package shop;\nalias A = u8;\n/* no end", "3:1"],
    ["a string", 'package shop;\nconst A: string = "no end\nalias B = u8;\n', "2:19"],
  ])("%s without an end is reported where it begins", (_name, source, place) => {
    const ended = run({ "orders.idl": source }, ["orders.idl"]);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(`orders.idl:${place}: error[RPC1`);
  });

  const deep = 10_000;
  test.each([
    ["maps", `message M { x: ${"map<string, ".repeat(deep)}u8${">".repeat(deep)} = 1; }`],
    ["maps without an end", `message M { x: ${"map<string, ".repeat(deep)}`],
    ["lists", `message M { x: u8${"[]".repeat(deep)} = 1; }`],
    ["list literals", `@deprecated(${"[".repeat(deep)}${"]".repeat(deep)}) message M { x: u8 = 1; }`],
    ["braces", `message M ${"{ x: ".repeat(deep)}`],
    ["parentheses", `service S { get${"(".repeat(deep)} }`],
    ["names", `message M { x: a${".a".repeat(deep)} = 1; }`],
    ["aliases", `alias A0 = u8; ${Array.from({ length: deep }, (_, n) => `alias A${n + 1} = A${n}[];`).join("\n")} message M { x: A${deep} = 1; }`],
    ["structs", `struct S0 { x: u8; } ${Array.from({ length: deep }, (_, n) => `struct S${n + 1} { x: S${n}; }`).join("\n")}`],
  ])("10,000 deep: %s", (_name, source) => {
    const ended = run({ "orders.idl": `package shop;\n${source}\n` }, ["orders.idl"]);
    if (ended.exitCode !== 0) expect(ended.stderr).toMatch(/error\[RPC\d{4}\]/);
  });
});

describe("names and texts that mean something in TypeScript", { timeout: 60_000 }, () => {
  test("reserved words and members of Object.prototype are names, or findings that say so", () => {
    const words = ["class", "delete", "await", "yield", "null", "__proto__", "prototype", "toString", "hasOwnProperty", "arguments", "eval", "package"];
    const fields = words.map((word, at) => `  ${word}: string = ${at + 1};`).join("\n");
    const methods = words.filter((word) => word !== "__proto__").map((word) => `  @readonly ${word}(${word}: string) -> Fields;`);
    const ended = run({ "orders.idl": `package shop;\nmessage Fields {\n${fields}\n}\nservice Calls {\n${methods.join("\n")}\n}\n` }, ["orders.idl"]);
    if (ended.exitCode === 0) expectModules(outputs(ended.cwd));
    else expect(ended.stderr).toMatch(/error\[RPC6\d{3}\]/);
  });

  test("no documentation, text or pattern becomes code", () => {
    const evil = ["*/ globalThis.pwned = 1; /*", "${globalThis.pwned}", "`; pwned(); `", "\u2028pwned()", "\u2029pwned()", "\\u002a/ pwned()", "</script><!-- pwned", "@returns {pwned} pwned()"];
    const docs = evil.map((text) => `/// ${text}`).join("\n");
    const literals = evil.map((text, at) => `const C${at}: string = ${JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`)};`);
    const source = [
      docs, "package shop;", docs, "message Order {", docs, '  @deprecated("*/ pwned() \\u{2028} pwned()") id: string = 1;',
      '  @pattern("^`[$][{]pwned[}]*/$") note: string = 2;', '  @default("`${pwned}*/\\u{2029}") title: string = 3;', "}", ...literals, docs,
      "enum E {", docs, "A = 0; }", docs, "service S {", docs, "@readonly get(", docs, "id: string) -> Order; }",
    ].join("\n");
    const ended = run({ "orders.idl": source }, ["orders.idl"]);
    expect(ended.stderr).not.toContain("error[");
    expect(ended.exitCode).toBe(0);
    const written = outputs(ended.cwd);
    expectModules(written);
    for (const [name, text] of Object.entries(written)) expect(`${name}: ${identifiers(text).filter((word) => word === "pwned").length}`).toBe(`${name}: 0`);
  });

  test("a carriage return does not smuggle anything out of a comment", () => {
    const ended = run({ "orders.idl": "package shop;\n/// a \r alias Smuggled = u8;\rmessage Order { id: string = 1; }\n" }, ["orders.idl"]);
    if (ended.exitCode === 0) expectModules(outputs(ended.cwd));
    else expect(ended.stderr).toMatch(/error\[RPC1\d{3}\]/);
  });

  function parse(text: string): ts.SourceFile & { readonly parseDiagnostics?: readonly ts.Diagnostic[] } {
    return ts.createSourceFile("a.ts", text, ts.ScriptTarget.ES2023, true);
  }

  function expectModules(written: Readonly<Record<string, string>>): void {
    expect(Object.keys(written)).toContain("orders.ts");
    for (const [name, text] of Object.entries(written)) expect({ name, errors: parse(text).parseDiagnostics?.map(({ messageText }) => messageText) }).toEqual({ name, errors: [] });
  }

  function identifiers(text: string): string[] {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) found.push(node.text);
      ts.forEachChild(node, visit);
    };
    visit(parse(text));
    return found;
  }
});

describe("outputs that cannot be written", { timeout: 60_000 }, () => {
  test("a file in place of the folder", () => {
    const ended = run({ "orders.idl": good, gen: "mine" }, ["orders.idl"]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("error[RPC7007]");
    expect(ended.stderr).toContain("1 error; nothing was written");
    expect(readFileSync(path.join(ended.cwd, "gen"), "utf8")).toBe("mine");
  });

  test("a folder in place of a file: the other files are not written either", () => {
    const ended = run({ "orders.idl": good, "gen/orders.types.ts/keep": "mine" }, ["orders.idl"]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('"gen/orders.types.ts" cannot be written: it is a folder.');
    expect(outputs(ended.cwd)).toEqual({ "orders.types.ts/keep": "mine" });
  });

  test("a folder that may not be written", () => {
    const ended = run({ "orders.idl": good }, ["orders.idl", "--out", "/proc/rpcgen"]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("error[RPC7007]");
  });

  test("a name as long as the system takes one, and a longer one", () => {
    const longest = `${"a".repeat(251)}.idl`;
    const formatted = run({ [longest]: "package shop; message A {}\n" }, ["format", longest]);
    expect({ exitCode: formatted.exitCode, stderr: formatted.stderr }).toEqual({ exitCode: 0, stderr: "1 of 1 files were written\n" });
    const generated = run({ [longest]: good }, [longest]);
    expect({ exitCode: generated.exitCode, stderr: generated.stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining("its name is too long") });
    expect(readdirSync(generated.cwd)).toEqual([longest]);
  });

  test.each(["generate", "scaffold", "sdk", "import"])("%s --out with nothing, as of a variable that is not set", (command) => {
    const ended = run({ "orders.idl": good }, [command, "orders.idl", "--out", ""]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('It is empty; the working folder is ".".');
  });

  test("two sources with one output", () => {
    const ended = run({ "orders.idl": good, "orders.types.idl": good.replace("Order", "Other") }, ["*.idl"]);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('"orders.idl" and "orders.types.idl" would both write "orders.types.ts".');
  });
});

function pseudoRandom(length: number, byte: (n: number) => number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 12345;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[at] = byte(state >>> 8);
  }
  return bytes;
}

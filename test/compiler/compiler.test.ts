/** What an incremental compiler gives is what a fresh one gives, and it does no more than it must. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { Compiler, type CompileResult } from "../../src/compiler.js";
import { Random } from "../random/random.js";
import { edited, randomSources, type Sources } from "./edits.js";

const targets = ["ts", "json", "kit", "dts", "proto"] as const;

/** As the two compilers are asked: the files in the order of their names. */
function update(compiler: Compiler, before: Sources, after: Sources): CompileResult {
  const gone = Object.keys(before).filter((path) => !(path in after));
  return compiler.update({ ...after, ...Object.fromEntries(gone.map((path) => [path, undefined])) }, Object.keys(after));
}

describe("a compiler that remembers", () => {
  test("gives what a fresh one gives, whatever was edited before", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, count) => {
        const random = new Random(seed);
        const compiler = new Compiler({ targets });
        let sources: Sources = {};
        for (let step = 0; step <= count; step++) {
          const next = step === 0 ? randomSources(random) : edited(sources, random);
          const result = update(compiler, sources, next);
          const fresh = compile({ sources: next, targets });
          expect(JSON.stringify(result)).toBe(JSON.stringify(fresh));
          sources = next;
        }
      }),
      { numRuns: Number(process.env["COMPILER_RUNS"] ?? 60) },
    );
  });

  /** `count` leaves that import one file, each with a message of its own. */
  const family = (count: number): Sources => ({
    "shared.idl": "package shared;\nalias Id = string;\nmessage Shared { id: Id = 1; }\nmessage Other { id: Id = 1; }\n",
    ...Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `leaf${at}.idl`,
        `package leaf${at};\nimport "./shared.idl";\nmessage Leaf { shared?: ${at === 0 ? "Other" : "Shared"} = 1; }\n`,
      ]),
    ),
  });

  const counts = (compiler: Compiler) => {
    const done = Object.fromEntries(compiler.stats.map((stats) => [stats.phase, stats.done]));
    return { parsed: done["parse"], checked: done["check"], emitted: done["emit"] };
  };

  /** The counts of an update that changes one file of the family, from one text to another. */
  function countsOf(path: string, change: (text: string) => string) {
    const compiler = new Compiler();
    const sources = family(4);
    compiler.update(sources);
    const result = compiler.update({ [path]: change(sources[path] ?? "") });
    expect(result.diagnostics).toEqual([]);
    return counts(compiler);
  }

  test("does nothing where texts are equal", () => {
    expect(countsOf("leaf1.idl", (text) => text)).toEqual({ parsed: 0, checked: 0, emitted: 0 });
  });

  test("tells an annotation's argument called span from a place", () => {
    const compiler = new Compiler({ targets: ["json"] });
    const sources = (level: string): Sources => ({
      "a.idl": `package a;\nenum Level { LOW = 0; HIGH = 1; }\nannotation at(span: Level) on message;\n@at(span: ${level}) message M { }\n`,
    });
    compiler.update(sources("LOW"));
    expect(compiler.update(sources("HIGH")).outputs).toEqual(compile({ sources: sources("HIGH"), targets: ["json"] }).outputs);
  });

  test("emits nothing for a comment", () => {
    expect(countsOf("shared.idl", (text) => `// First.\n${text}`)).toEqual({ parsed: 1, checked: 1, emitted: 0 });
  });

  test("redoes one leaf of many", () => {
    expect(countsOf("leaf1.idl", (text) => text.replace("Leaf", "Blade"))).toEqual({ parsed: 1, checked: 1, emitted: 1 });
  });

  test("redoes what refers to a change, and checks only what could see it", () => {
    const grown = (text: string) => text.replace("Shared { id: Id = 1;", "Shared { id: Id = 1; more: u32 = 2;");
    expect(countsOf("shared.idl", grown)).toEqual({ parsed: 1, checked: 1, emitted: 4 });
    expect(countsOf("shared.idl", (text) => text.replace("string", "u32"))).toEqual({ parsed: 1, checked: 5, emitted: 5 });
    expect(countsOf("shared.idl", (text) => `${text}message More {}\n`)).toEqual({ parsed: 1, checked: 5, emitted: 1 });
  });

  test("keeps what it knows of the others while one file is broken, and says what is wrong with each", () => {
    const compiler = new Compiler();
    const sources = family(3);
    const first = compiler.update(sources);
    const broken = compiler.update({ "leaf0.idl": "package leaf0;\nmessage {", "leaf1.idl": "package leaf1;\nmessage A { b: B = 1; }" });
    expect(broken.outputs).toEqual([]);
    expect(new Set(broken.diagnostics.map(({ file }) => file))).toEqual(new Set(["leaf0.idl", "leaf1.idl"]));
    const mended = compiler.update(sources);
    expect(counts(compiler)).toEqual({ parsed: 2, checked: 2, emitted: 0 });
    expect(mended.outputs).toEqual(first.outputs);
    expect(mended.outputs.every((output, at) => output === first.outputs[at])).toBe(true);
  });

  test("forgets a source, and follows imports through `read`, which may answer otherwise each time", () => {
    let text: string | undefined = "package b;\nmessage B {}\n";
    const compiler = new Compiler({ read: (path) => (path === "b.idl" ? text : undefined) });
    const a = 'package a;\nimport "./b.idl";\nmessage A { b?: B = 1; }\n';
    const codes = (result: CompileResult) => result.diagnostics.map(({ code }) => code);
    expect(codes(compiler.update({ "./x/../a.idl": a }))).toEqual([]);
    text = undefined;
    expect(codes(compiler.update())).toContain("RPC2004");
    text = "package b;\nmessage B { id: u32 = 1; }\n";
    expect(codes(compiler.update())).toEqual([]);
    expect(compiler.update({ "a.idl": undefined })).toEqual({ diagnostics: [], outputs: [], schema: { version: 1, files: [] } });
  });
});

describe("what always holds one another", () => {
  /** Files of `each` types, of which each holds the next, in the next file where it is the last. */
  const chain = (word: "message" | "struct", files: number, each: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: files }, (_, file) => {
        const isLast = file === files - 1;
        const types = Array.from({ length: each }, (__, at) => {
          const held = at < each - 1 ? `T${at + 1}` : isLast ? "u8" : "next.T0";
          return `${word} T${at} { a: ${held}${word === "message" ? " = 1" : ""}; }`;
        });
        return [`f${file}.idl`, `package f${file};\n${isLast ? "" : `import "./f${file + 1}.idl" as next;\n`}${types.join("\n")}\n`];
      }),
    );
  const targets = ["ts", "sync", "json", "kit", "dts", "proto"] as const;

  test.each(["message", "struct"] as const)("%s: is counted through all files, and what may be emitted can be", { timeout: 60_000 }, (word) => {
    expect(compile({ sources: chain(word, 2, 128), targets })).toMatchObject({ diagnostics: [] });
    const tooDeep = compile({ sources: chain(word, 20, 200), targets }).diagnostics;
    expect(tooDeep.map(({ code, file, message }) => [code, file, message])).toEqual([["RPC2049", "f18.idl", 'Every "T142" holds more than 256 others within one another.']]);
  });

  test("is counted anew where a file far below it gets deeper", () => {
    const compiler = new Compiler({ targets: [] });
    const sources = chain("message", 3, 80);
    expect(compiler.update(sources).diagnostics).toEqual([]);
    const deeper = { "f2.idl": chain("message", 1, 120)["f0.idl"]?.replace("package f0", "package f2") ?? "" };
    const fresh = compile({ sources: { ...sources, ...deeper }, targets: [] }).diagnostics;
    expect(fresh.map(({ code, file }) => `${code} ${file}`)).toEqual(["RPC2049 f0.idl"]);
    expect(compiler.update(deeper).diagnostics).toEqual(fresh);
    expect(compiler.update({ "f2.idl": sources["f2.idl"] }).diagnostics).toEqual([]);
  });
});

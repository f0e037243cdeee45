/** What holds for all rules together: waivers, settings, names that mean two things, and fixes until there are none. */
import { describe, expect, test } from "vitest";
import { applyFixes } from "../../src/diagnostics/apply-fixes.js";
import { compile } from "../../src/compile.js";
import { lint } from "../../src/lint.js";
import type { LintConfig } from "../../src/lint/settings.js";
import { lintRules } from "../../src/lint/rules.js";
import { sourcesOf } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";

const slugOf = (code: string) => lintRules[code]?.slug ?? code;
const names = (text: string, config: LintConfig = {}) => lint({ sources: { "a.idl": text }, config }).diagnostics.map(({ code, line }) => `${slugOf(code)}:${line}`);
const everything: LintConfig = { rules: Object.fromEntries(Object.values(lintRules).map(({ slug }) => [slug, "warning" as const])) };

describe("waivers", () => {
  const field = "  order_id: u32 = 1;\n";

  test("a comment of a million blanks is read at once", () => {
    expect(names(`package a;\n/* lint-ignore${" ".repeat(1_000_000)}* x */\nalias A = u8;\n/* lint-ignore${" ".repeat(1_000_000)}: x */\nalias B = u8;\n`)).toEqual(["waiver-reason:4"]);
  });

  test("above a member, above a declaration, behind a line, for the file", () => {
    expect(names(`package a;\nmessage M {\n${field}}\n`)).toEqual(["field-camel-case:3"]);
    expect(names(`package a;\nmessage M {\n  // lint-ignore field-camel-case: old\n${field}}\n`)).toEqual([]);
    expect(names(`package a;\n// lint-ignore field-camel-case: old\n/// Docs.\nmessage M {\n${field}}\n`)).toEqual([]);
    expect(names(`package a;\nmessage M {\n  order_id: u32 = 1; // lint-ignore field-camel-case: old\n}\n`)).toEqual([]);
    expect(names(`/* lint-ignore-file field-camel-case: old */\npackage a;\nmessage M {\n${field}}\n`)).toEqual([]);
  });

  test("one covers what it stands at, and nothing behind it", () => {
    const text = `package a;\nmessage M {\n  // lint-ignore field-camel-case: old\n  a: u32 = 1;\n  order_id: u32 = 2;\n}\n`;
    expect(names(text)).toEqual(["waiver-unused:3", "field-camel-case:5"]);
  });

  test("at the end of a block one covers nothing of the next, and within a declaration all of it", () => {
    expect(names(`package a;\nmessage M {\n  a: u8 = 1;\n  // lint-ignore field-camel-case: old\n}\nmessage N {\n${field}}\n`)).toEqual(["waiver-unused:4", "field-camel-case:7"]);
    expect(names(`package a;\n@idempotent service S {\n  a(x: u8,\n  // lint-ignore param-camel-case: old\n  );\n  b(X: u8);\n}\n`)).toEqual(["waiver-unused:4", "param-camel-case:6"]);
    expect(names(`package a;\n@deprecated("x")\n// lint-ignore field-camel-case: old\nmessage M {\n${field}  order_no: u8 = 2;\n}\n`)).toEqual([]);
  });

  test("of several rules each must waive something", () => {
    const text = `package a;\nmessage M {\n  // lint-ignore field-camel-case, money-not-float: old\n${field}}\n`;
    expect(names(text)).toEqual(["waiver-unused:3"]);
  });

  test("without a reason it waives nothing", () => {
    for (const end of ["", ":", ": "]) {
      const text = `package a;\nmessage M {\n  // lint-ignore field-camel-case${end}\n${field}}\n`;
      expect(names(text)).toEqual(["waiver-reason:3", "field-camel-case:4"]);
    }
  });

  test("a comment about waivers is none", () => {
    expect(names("package a;\n// lint-ignored things: none\n// See lint-ignore.\nalias A = u8;\n")).toEqual([]);
  });
});

describe("settings", () => {
  const text = "package a;\nmessage M {\n  order_id: u32 = 1;\n}\n";

  test("severities, sets, overrides by path", () => {
    expect(lint({ sources: { "a.idl": text }, config: { rules: { "field-camel-case": "error" } } }).diagnostics).toMatchObject([{ severity: "error" }]);
    expect(names(text, { rules: { "field-camel-case": "off" } })).toEqual([]);
    expect(names(text, { sets: [] })).toEqual([]);
    expect(names(text, { sets: ["docs"] })).toContain("comment-field:3");
    const overrides = [{ files: ["old/**", "*.{x,idl}"], rules: { "field-camel-case": "off" as const } }];
    expect(names(text, { overrides })).toEqual([]);
    expect(lint({ sources: { "idl/a.idl": text }, config: { overrides } }).diagnostics).toHaveLength(1);
    expect(lint({ sources: { "old/deep/a.idl": text }, config: { overrides } }).diagnostics).toHaveLength(0);
  });

  test.each([
    [{ rules: { "field-camelcase": "off" } }, 'did you mean "field-camel-case"?'],
    [{ rules: { "field-camel-case": "fatal" } }, '"fatal"'],
    [{ rules: { "params-limit": ["warning", { most: 3 }] } }, 'no option "most"'],
    [{ rules: { "params-limit": ["warning", { max: "3" }] } }, 'is "3", where its default is 7'],
    [{ sets: ["all"] }, 'no set "all"'],
    [{ overrides: [{ rules: {} }] }, "`files`"],
    [{ rule: {} }, '"lint.rule"'],
  ])("%j is refused", (config, says) => {
    expect(() => lint({ sources: { "a.idl": text }, config: config as LintConfig })).toThrow(says);
  });
});

describe("fixes", () => {
  test("a name that could mean two things is not renamed", () => {
    const sources = { "a.idl": "package a;\nmessage my_type {}\n", "b.idl": "package b;\nmessage my_type {}\nmessage Holder { x: my_type = 1; }\n" };
    const found = lint({ sources }).diagnostics.filter(({ code }) => slugOf(code) === "type-pascal-case");
    expect(found.map(({ fix }) => fix)).toEqual([undefined, undefined]);
  });

  test("a name that is taken is not given", () => {
    const [found] = lint({ sources: { "a.idl": "package a;\nmessage M {\n  order_id: u8 = 1;\n  orderId: u8 = 2;\n}\n" } }).diagnostics;
    expect(found).toMatchObject({ help: "`orderId` is taken: give one of the two a name that sets it apart" });
    expect(found?.fix).toBeUndefined();
  });

  test("a name that is advised can be generated", () => {
    const text = `package a;
message m { to_string?: u8 = 1; value_of: u8 = 2; }
message Order_codec {}
message order {}
error anyError { error_name: string = 1; Message: string = 2; }
@idempotent service OrdersSvc { Then(); get(to_string?: u8); Get_x(a: u8); @tsName("later") Catch(); }
message OrdersSvcGetXParams {}
message order_init {}
`;
    expect(compile({ sources: { "a.idl": text } }).diagnostics).toEqual([]);
    const found = lint({ sources: { "a.idl": text } }).diagnostics.filter(({ code }) => ["type-pascal-case", "field-camel-case", "param-camel-case", "method-camel-case", "error-no-suffix"].includes(slugOf(code) ?? ""));
    const noRoom = (to: string, now: string) => `TypeScript has no room for \`${to}\` here: choose another word, or call it \`${to}\` behind \`@tsName("${now}")\``;
    expect(found.map(({ help }) => help)).toEqual([
      ...["call it `M`", noRoom("toString", "to_string"), "call it `valueOf`", "call it `OrderCodec`", noRoom("Order", "order")],
      ...["call it `AnyError`", noRoom("any", "anyError"), noRoom("errorName", "error_name"), "call it `message`"],
      ...[noRoom("then", "Then"), noRoom("toString", "to_string"), noRoom("getX", "Get_x"), "call it `catch`", "call it `OrderInit`"],
    ]);
    for (const { fix, help = "", line, column } of found) {
      const [, to = "", tsName] = /call it `(\w+)`(?: behind `@tsName\("(\w+)"\)`)?/.exec(help) ?? [];
      const before = text.split("\n").slice(0, line - 1).join("\n").length + column;
      const renamed = text.slice(0, before) + to + text.slice(before).replace(/^\w+/, "");
      // Annotations of a declaration stand before its keyword.
      const lineStart = text.lastIndexOf("\n", before - 1) + 1;
      const at = /^(message|error) $/.test(text.slice(lineStart, before)) ? lineStart : before;
      const followed = tsName === undefined ? applyFixes([fix ?? []], () => text).texts.get("a.idl") : `${renamed.slice(0, at)}@tsName("${tsName}") ${renamed.slice(at)}`;
      expect([help, followed, compile({ sources: { "a.idl": followed ?? "" } }).diagnostics.map(({ message }) => message)]).toEqual([help, followed, []]);
    }
  });

  test("references in other files follow", () => {
    const sources = { "a.idl": "package a;\nenum color { UNKNOWN = 0; }\n", "b.idl": 'package b;\nimport "./a.idl" as a;\nmessage M { @default(a.color.UNKNOWN) c: a.color = 1; }\n' };
    const { texts } = applyFixes(lint({ sources }).diagnostics.flatMap(({ fix }) => (fix === undefined ? [] : [fix])), (file) => sources[file as "a.idl"]);
    expect(texts.get("b.idl")).toContain("@default(a.Color.UNKNOWN) c: a.Color = 1;");
  });

  test("a bare name of an enum's member follows where its enum is wanted, and no name of a constant with it", () => {
    const sources = {
      "a.idl": `package a;
enum level { UNKNOWN = 0; max = 1; other = 2; }
const max: u32 = 3;
const start: level = max;
annotation at(@default(other) level: level, more?: level[]) on message;
@at(max, more: [other, max]) message M { @default(max) a: level = 1; @max(max) b: u32 = 2; @default(level.max) c: level = 3; }
`,
    };
    const values = () => {
      const { schema, diagnostics } = compile({ sources, targets: [] });
      expect(diagnostics).toEqual([]);
      return JSON.stringify(schema, (key, value: unknown) => (key === "number" || key === "max" ? value : typeof value === "object" ? value : undefined));
    };
    const before = values();
    for (let count = 1; count > 0; ) {
      const fixed = applyFixes(lint({ sources }).diagnostics.flatMap(({ fix }) => (fix === undefined ? [] : [fix])), (file) => sources[file as "a.idl"]);
      count = fixed.count;
      Object.assign(sources, Object.fromEntries(fixed.texts));
    }
    expect(sources["a.idl"]).toContain("@at(MAX, more: [OTHER, MAX]) message M { @default(MAX) a: Level = 1; @max(MAX) b: u32 = 2; @default(Level.MAX) c: Level = 3; }");
    expect(sources["a.idl"]).toContain("annotation at(@default(OTHER) level: Level, more?: Level[]) on message;");
    expect(values()).toBe(before);
  });

  test.each(Array.from({ length: Number(process.env["LINT_RUNS"] ?? 25) }, (_, seed) => seed))("seed %i: all fixes of all rules, until there are none, leave a correct program with the same wire", (seed) => {
    let sources = sourcesOf(randomProgram(new Random(seed)));
    const before = wireNames(sources);
    for (let round = 0; ; round++) {
      const { diagnostics, isChecked } = lint({ sources, config: everything });
      expect(isChecked, JSON.stringify(diagnostics.slice(0, 2))).toBe(true);
      const { texts, count } = applyFixes(diagnostics.flatMap(({ fix }) => (fix === undefined ? [] : [fix])), (file) => sources[file] ?? "");
      if (count === 0) break;
      expect(round).toBeLessThan(30);
      sources = { ...sources, ...Object.fromEntries(texts) };
    }
    expect(wireNames(sources)).toEqual(before);
  });
});

/** Numbers and names as the wire and JSON have them. */
function wireNames(sources: Readonly<Record<string, string>>): unknown {
  const { schema } = compile({ sources, targets: [] });
  return schema?.files.flatMap(({ declarations }) =>
    declarations.map((each) => {
      const fields = each.kind === "union" || each.kind === "enum" ? each.members : "fields" in each ? each.fields : [];
      const methods = each.kind === "service" ? each.methods.map(({ path, parameters }) => [path, parameters.kind === "fields" ? parameters.fields.map(({ number, wireName }) => [number, wireName]) : []]) : [];
      return [each.kind === "error" || each.kind === "service" ? each.wireName : "", fields.map(({ number, wireName }) => [number, wireName]), methods];
    }),
  );
}

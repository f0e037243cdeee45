/** What a finding advises, followed, leaves nothing to find. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";

test("a text in single quotes is told how it is written, whatever quotes and backslashes are in it", () => {
  const advice = (text: string) => {
    const { diagnostics } = compile({ sources: { "a.idl": `package a;\nconst S: string = ${text};\nconst T: u8 = 1;\n` }, targets: [] });
    return diagnostics.map(({ code, help }) => `${code} ${help}`);
  };
  const cases = [["'hello'", '"hello"'], [String.raw`'it\'s'`, `"it's"`], [`'say "hi"'`, String.raw`"say \"hi\""`], [String.raw`'a\nb\u00e9'`, String.raw`"a\nb\u00e9"`], [String.raw`'\d+'`, String.raw`"\\d+"`], [String.raw`'C:\'`, String.raw`"C:\\"`]] as const;
  for (const [written, meant] of cases) {
    expect(advice(written)).toEqual([`RPC1009 write \`${meant}\``]);
    expect(advice(meant)).toEqual([]);
  }
});

test("parameters without names are one mistake each, and get names of their own", () => {
  const { diagnostics } = compile({ sources: { "a.idl": "package a;\nmessage Q {}\nservice S { @readonly g(Q, Q) -> u8; }\n" }, targets: [] });
  expect(diagnostics.map(({ code, help }) => `${code} ${help}`)).toEqual(["RPC1214 write `q: Q`", "RPC1214 write `q2: Q`"]);
});

test("the zero that an enum is told to add has a name that is free", () => {
  const advised = (members: string) => compile({ sources: { "a.idl": `package a;\nenum E { ${members} }\n` }, targets: [] }).diagnostics.map(({ help = "" }) => /`(.*)`/.exec(help)?.[1]);
  expect(advised("A = 1;")).toEqual(["UNKNOWN = 0;"]);
  expect(advised('UNKNOWN = 1; reserved "UNSPECIFIED";')).toEqual(["NONE = 0;"]);
});

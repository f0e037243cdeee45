/** Names that TypeScript cannot have: each is found at its place, and `@tsName` cures it. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { catalog } from "../../src/diagnostics/catalog.js";
import { typescript as rows } from "../../src/diagnostics/catalog/typescript.js";

const folder = new URL("../diagnostics/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.startsWith("RPC60"));

/** `// <- RPC6001 RPC6002` at the end of a line: what is found on that line. */
function markedIn(text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const codes = /\/\/ <- (.*)$/.exec(line)?.[1]?.trim().split(" ") ?? [];
    return codes.map((code) => `${index + 1} ${code}`);
  });
}

function findingsIn(text: string): string[] {
  return compile({ sources: { "main.idl": text } }).diagnostics.map((found) => `${found.line} ${found.code}`);
}

test("every code has its file", () => {
  expect(files).toEqual(Object.entries(rows).map(([code, row]) => `${code}-${row.slug}.idl`));
});

test.each(files)("%s has the findings that it marks, and no others", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  expect(findingsIn(text).sort()).toEqual(markedIn(text).sort());
});

describe("samples", () => {
  test.each(Object.entries(rows))("%s: the bad one has the finding, the good one has none", (code, row) => {
    expect(compile({ sources: { "main.idl": row.bad } }).diagnostics.map((found) => found.code)).toEqual([code]);
    expect(compile({ sources: { "main.idl": row.good } }).diagnostics).toEqual([]);
  });
});

test("a clash names both sides and points to the first", () => {
  const [found] = compile({ sources: { "main.idl": catalog.RPC6002.bad } }).diagnostics;
  expect(found).toMatchObject({
    message: '"OrderInit" is generated twice: for the message "OrderInit" and for the message "Order".',
    line: 3,
    related: [{ message: '"OrderInit" comes from here too', line: 2 }],
  });
});

test("what cannot be said in TypeScript gives no output", () => {
  expect(compile({ sources: { "main.idl": catalog.RPC6001.bad } }).outputs).toEqual([]);
});

test("the name that is advised is free, and goes where least changes by it", () => {
  const helps = (text: string) => compile({ sources: { "main.idl": `package shop;\n${text}\n` } }).diagnostics.map(({ help }) => /@tsName\("(\w+)"\)(?:` before the .*")?/.exec(help ?? "")?.[0]);
  expect(helps("message any {}\nmessage Any {}")).toEqual(['@tsName("Any2")']);
  expect(helps("message M { toString?: string = 1; toStringValue: string = 2; }")).toEqual(['@tsName("toStringValue2")']);
  expect(helps("error Failed { code: u32 = 1; failedCode: u32 = 2; }")).toEqual(['@tsName("failedCode2")']);
  expect(helps("service S { @readonly then(); @readonly thenCall(); }")).toEqual(['@tsName("thenCall2")']);
  expect(helps('message M { id: string = 1; @tsName("id") number: u64 = 2; id2: u64 = 3; }')).toEqual(['@tsName("id3")']);
  expect(helps("message OrderInit {}\nmessage Order {}")).toEqual(['@tsName("OrderInitMessage")` before the message "OrderInit"']);
  expect(helps("message SGetParams {}\nservice S { @readonly get(); }")).toEqual(['@tsName("SGetParamsMessage")` before the message "SGetParams"']);
});

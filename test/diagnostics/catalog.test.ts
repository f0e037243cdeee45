/** Every code of the catalog has a bad file that shows it, at its place, and samples that do what they say. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check } from "../../src/checker/check.js";
import { loadProgram } from "../../src/checker/load-program.js";
import { catalog, type Code } from "../../src/diagnostics/catalog.js";
import type { Definition } from "../../src/diagnostics/define.js";
import { parse } from "../../src/parser/parse.js";
import { checkSources, splitSample } from "../checker/program.js";

const folder = "test/diagnostics";

/** Codes that the parser and the checker find; the others are shown where their stage is tested. */
const stages = /^RPC[123]/;

const rows = Object.entries(catalog as unknown as Record<string, Definition<never>>).filter(([code]) => stages.test(code));
const files = readdirSync(folder).filter((name) => name.endsWith(".idl"));

/** `// <- RPC2001 RPC2002` at the end of a line: what is found on that line. */
function expectedIn(path: string): string[] {
  const lines = readFileSync(path, "utf8").split(/\r\n|[\n\r\u2028\u2029]/);
  return lines.flatMap((line, index) => {
    const codes = /\/\/ <- (.*)$/.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
    return codes.map((code) => `${path}:${index + 1} ${code}`);
  });
}

function readFromDisk(path: string) {
  if (!existsSync(path)) return undefined;
  return statSync(path).isDirectory() ? { reason: "it is a directory" } : readFileSync(path, "utf8");
}

describe("bad files", () => {
  it.each(rows.map(([code, row]) => [`${code}-${row.slug}.idl`]))("%s is there", (name) => {
    expect(files).toContain(name);
  });

  it.each(files.filter((name) => stages.test(name)))("%s has its finding, and no others than it marks", (name) => {
    const code = name.slice(0, 7) as Code;
    const { program, sources, diagnostics } = loadProgram([`${folder}/${name}`], readFromDisk, parse);
    const found = [...diagnostics, ...check(program).diagnostics];
    expect(found.map((each) => each.code)).toContain(code);
    const expected = [...sources.keys()].flatMap(expectedIn);
    const places = found.map((each) => {
      const line = each.span && sources.get(each.span.file)?.position(each.span.start).line;
      return `${each.span?.file}:${line} ${each.code}`;
    });
    expect(places.sort()).toEqual(expected.sort());
  });
});

describe("samples", () => {
  it.each(rows)("%s: the bad one has the finding, the good one has none", (code, row) => {
    const bad = checkSources(splitSample(row.bad));
    const good = checkSources(splitSample(row.good));
    expect(bad.diagnostics.map((each) => each.code)).toContain(code);
    expect(good.diagnostics.map((each) => `${each.code} ${each.message}`)).toEqual([]);
    expect(good.schema).toBeDefined();
  });
});

describe("rows", () => {
  const all = Object.entries(catalog as unknown as Record<string, Definition<never>>);

  it("have slugs of their own, in kebab case", () => {
    const slugs = all.map(([, row]) => row.slug);
    expect(new Set(slugs).size).toBe(slugs.length);
    for (const slug of slugs) expect(slug).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });
});

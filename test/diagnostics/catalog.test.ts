/** Every code of the catalog has a bad file that shows it, at its place, and samples that do what they say. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.js";
import { catalog } from "../../src/diagnostics/catalog.js";
import type { Definition } from "../../src/diagnostics/define.js";
import { splitSample } from "../checker/program.js";

const folder = "test/diagnostics";
const rows = Object.entries(catalog as unknown as Record<string, Definition<never>>);

/** Findings about files and folders (7) come from the command line, those about .proto files (8) from the importer; they are shown where these are tested. */
const inSources = rows.filter(([code]) => !/^RPC[78]/.test(code));
const elsewhere = rows.filter(([code]) => /^RPC[78]/.test(code));
const files = readdirSync(folder).filter((name) => name.endsWith(".idl"));

/** Compiles a file of the checkout, and says which files were read for it. */
function compileFromDisk(path: string) {
  const read: string[] = [];
  const readFile = (wanted: string) => {
    if (!existsSync(wanted)) return undefined;
    if (statSync(wanted).isDirectory()) return { reason: "it is a directory" };
    read.push(wanted);
    return readFileSync(wanted, "utf8");
  };
  return { ...compile({ files: [path], read: readFile }), read };
}

/** `// <- RPC2001 RPC2002` at the end of a line: what is found on that line. */
function markedIn(path: string): string[] {
  const lines = readFileSync(path, "utf8").split(/\r\n|\n|\r/);
  return lines.flatMap((line, index) => {
    const codes = /\/\/ <- (.*)$/.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
    return codes.map((code) => `${path}:${index + 1} ${code}`);
  });
}

describe("bad files", () => {
  it.each(inSources.map(([code, row]) => [`${code}-${row.slug}.idl`]))("%s is there", (name) =>
    expect(files).toContain(name),
  );

  it.each(files)("%s has its finding, and no others than it marks", (name) => {
    const { diagnostics, read } = compileFromDisk(`${folder}/${name}`);
    const places = diagnostics.map((found) => `${found.file}:${found.line} ${found.code}`);
    expect(diagnostics.map((found) => found.code)).toContain(name.slice(0, "RPC0000".length));
    expect(places.sort()).toEqual(read.flatMap(markedIn).sort());
  });

  it("stand under codes that exist", () => {
    for (const name of files) expect(rows.map(([code]) => code)).toContain(name.slice(0, "RPC0000".length));
  });
});

describe("findings about files and .proto files", () => {
  const tests = ["test/cli", "test/import", "test"]
    .flatMap((path) => readdirSync(path).map((name) => `${path}/${name}`))
    .filter((path) => path.endsWith(".test.ts"));
  const text = tests.map((path) => readFileSync(path, "utf8")).join("\n");

  it.each(elsewhere.map(([code]) => [code]))("%s has a test", (code) => expect(text).toContain(code));
});

describe("samples", () => {
  /** What stands around a sample's own files. */
  const surroundings: Record<string, string | { reason: string }> = {
    ".": { reason: "it is a directory" },
    "money.idl": "package money;\n",
  };

  it.each(inSources)("%s: the bad one has the finding, the good one has none", (code, row) => {
    const compileSample = (sample: string) => {
      const sources = splitSample(sample);
      return compile({ sources, files: Object.keys(sources).slice(0, 1), read: (path) => surroundings[path] });
    };
    expect(compileSample(row.bad).diagnostics.map((found) => found.code)).toContain(code);
    expect(compileSample(row.good).diagnostics.map((found) => `${found.code} ${found.message}`)).toEqual([]);
  });
});

describe("rows", () => {
  it("have slugs of their own, in kebab case", () => {
    const slugs = rows.map(([, row]) => row.slug);
    expect(new Set(slugs).size).toBe(slugs.length);
    for (const slug of slugs) expect(slug).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });
});

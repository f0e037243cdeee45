/** What formatting keeps, over random programs, over texts whose white space was shaken, and over every file of this repository. */
import { readFileSync, statSync } from "node:fs";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.js";
import { format } from "../../src/format/format.js";
import { Findings } from "../../src/parser/findings.js";
import { lex } from "../../src/parser/lexer/lexer.js";
import { parse } from "../../src/parser/parse.js";
import { SourceFile } from "../../src/text/source-file.js";
import { sourcesOf } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";
import { shaken } from "./shaken.js";

const RUNS = Number(process.env["FORMAT_RUNS"] ?? 60);

function formatted(text: string, layout = {}): string {
  const result = format(new SourceFile("a.idl", text), layout);
  expect(result.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return result.text ?? "";
}

/** The tokens, less the commas that may stand behind a last item. */
function tokensOf(text: string): string[] {
  const images = lex(new SourceFile("a.idl", text), new Findings()).tokens.map(({ image }) => image);
  return images.filter((image, at) => image !== "," || !/^[)\]]$/.test(images[at + 1] ?? ""));
}

/** Every comment in order, white space aside. A comment may change sides with a `,` or `;`, but not with another comment. */
function remarksOf(text: string): string[] {
  const { comments, docs, trailingDocs } = lex(new SourceFile("a.idl", text), new Findings());
  return [...comments.map(({ text: own, span }) => ({ own, start: span.start })), ...[...docs, ...trailingDocs].map(({ text: own, start }) => ({ own, start }))]
    .sort((a, b) => a.start - b.start)
    .map(({ own }) => own.replace(/\s+/g, ""));
}

function meaningOf(sources: Readonly<Record<string, string>>): string {
  const { schema, diagnostics } = compile({ sources, targets: [] });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return withoutPlaces(schema);
}

function withoutPlaces(schema: unknown): string {
  return JSON.stringify(schema, (key, value: unknown) => (key === "span" ? undefined : value), 1);
}

function expectKept(text: string, layout = {}): string {
  const once = formatted(text, layout);
  expect(formatted(once, layout)).toBe(once);
  expect(tokensOf(once)).toEqual(tokensOf(text));
  expect(remarksOf(once)).toEqual(remarksOf(text));
  return once;
}

describe("random programs", () => {
  it.each(Array.from({ length: RUNS }, (_, seed) => seed))("seed %i", (seed) => {
    const random = new Random(seed);
    const sources = sourcesOf(randomProgram(random));
    const layout = random.pick([{}, { width: 40 }, { width: 1 }, { width: 1000, indent: "\t" }]);
    const wild = Object.fromEntries(Object.entries(sources).map(([path, text]) => [path, shaken(random, text, random.pick([0, 0.05, 0.3]))]));
    const tidy = Object.fromEntries(Object.entries(wild).map(([path, text]) => [path, expectKept(text, layout)]));
    expect(meaningOf(tidy)).toBe(meaningOf(wild));
  });
});

/** Every .idl file of the repository that has no mistake in its syntax. */
const files = globSync("{examples,test,bench}/**/*.idl", { ignore: ["**/node_modules/**", "bench/gen/**"], followSymbolicLinks: false })
  .sort()
  .filter((path) => !parse(new SourceFile(path, readFileSync(path, "utf8"))).diagnostics.some(({ severity }) => severity === "error"));

describe("the files of the repository", () => {
  it("are found", () => expect(files.length).toBeGreaterThan(80));

  it.each(files)("%s", (path) => {
    const text = readFileSync(path, "utf8");
    const tidy = expectKept(text);
    for (let seed = 0; seed < 3; seed++) expectKept(shaken(new Random(seed), text, 0.1));
    const read = (own: string) => (wanted: string) => {
      if (wanted === path) return own;
      return statSync(wanted, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(wanted, "utf8") : undefined;
    };
    const meaning = (own: string) => {
      const { schema } = compile({ files: [path], read: read(own), targets: [] });
      return withoutPlaces(schema);
    };
    expect(meaning(tidy)).toBe(meaning(text));
  });
});

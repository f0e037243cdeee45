/** Every block of IDL in the documentation compiles, or fails with the code that its first line names. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.js";

const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));

interface Snippet {
  readonly line: number;
  readonly text: string;
  /** ` ```idl error=RPC2062 `: the finding that it is shown for. */
  readonly error?: string;
  /** ` ```idl file=money.idl `: other blocks may import it. */
  readonly file?: string;
}

function snippetsOf(markdown: string): Snippet[] {
  return [...markdown.matchAll(/^```idl([^\n]*)\n(.*?)^```$/gms)].map((match) => {
    const [, info = "", text = ""] = match;
    const [error, file] = [/error=(\w+)/, /file=(\S+)/].map((property) => property.exec(info)?.[1]);
    return {
      line: markdown.slice(0, match.index).split("\n").length,
      text: /^package /m.test(text) ? text : `package docs;\n${text}`,
      ...(error !== undefined && { error }),
      ...(file !== undefined && { file }),
    };
  });
}

/** What a block may import although the page does not show it. */
const shared = { "people.idl": "package shop.people; message Person { name: string = 1; }" };

const pages = readdirSync(DOCS)
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, snippets: snippetsOf(readFileSync(DOCS + name, "utf8")) }))
  .filter(({ snippets }) => snippets.length > 0);

it("finds the blocks of the language's page", () => {
  expect(pages.find(({ name }) => name === "language.md")?.snippets.length).toBeGreaterThan(15);
});

describe.each(pages)("docs/$name", ({ snippets }) => {
  const named = Object.fromEntries(snippets.flatMap(({ file, text }) => (file === undefined ? [] : [[file, text]])));
  it.each(snippets)("line $line", ({ text, error }) => {
    const { diagnostics } = compile({ sources: { ...shared, ...named, "snippet.idl": text }, files: ["snippet.idl"] });
    expect(diagnostics.map(({ code, message }) => ({ code, message }))).toEqual(
      error === undefined ? [] : [{ code: error, message: expect.any(String) }],
    );
  });
});

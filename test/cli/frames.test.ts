import fc from "fast-check";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/diagnostics/finding.js";
import { renderFinding, summaryOf } from "../../src/cli/render-text.js";
import { SourceFile } from "../../src/text/source-file.js";

/** Renders an error over the text between « and ». */
function render(marked: string, more: Partial<Finding> = {}): string {
  const start = marked.indexOf("«");
  const file = new SourceFile("a.idl", marked.replace(/[«»]/g, ""));
  const from = file.position(start);
  const to = file.position(marked.indexOf("»") - 1);
  const place = { file: "a.idl", line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  const finding: Finding = { code: "RPC2001", severity: "error", message: "It is wrong.", ...place, ...more };
  return renderFinding(finding, { colors: pc.createColors(false), source: (path) => (path === "a.idl" ? file : undefined) });
}

describe("frames", () => {
  test("a place, its line and carets below it", () => {
    expect(render("package a;\nmessage M { id: «Strin» = 1; }\n")).toBe(
      [
        "a.idl:2:17: error[RPC2001]: It is wrong.",
        "2 | message M { id: Strin = 1; }",
        "  |                 ^^^^^",
        "",
      ].join("\n"),
    );
  });

  test("tabs, wide letters, combining marks and emoji keep the carets in line", () => {
    const [, line, carets] = render('\t@deprecated("価格 é 👩‍👩‍👧") x: «Foo»;').split("\n");
    expect(line).toBe('1 |     @deprecated("価格 é 👩‍👩‍👧") x: Foo;');
    // Two columns for each of the two letters and for the family, one for the é that is two code points.
    expect(carets).toBe(`  | ${" ".repeat(4 + 13 + 4 + 1 + 1 + 1 + 2 + 2 + 1 + 3)}^^^`);
  });

  test("an empty place has one caret, also at the end of the text", () => {
    expect(render("package a«»").split("\n").slice(1)).toEqual(["1 | package a", "  |          ^", ""]);
  });

  test("a place of several lines is marked to the end of its first", () => {
    expect(render("a «{\n  b\n}» c").split("\n").slice(1)).toEqual(["1 | a {", "  |   ^", ""]);
  });

  test("a long line is cut around its place", () => {
    const [, line = "", carets = ""] = render(`${"x".repeat(50_000)}«here»${"y".repeat(50_000)}`).split("\n");
    expect(line.length).toBeLessThan(130);
    expect(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("here");
  });

  test("other places are notes, help comes last", () => {
    const related = [{ message: "It was declared here first.", file: "a.idl", line: 1, column: 9, endLine: 1, endColumn: 10 }];
    expect(render("package a;\n«alias» a = u8;", { related, help: "rename it" })).toBe(
      [
        "a.idl:2:1: error[RPC2001]: It is wrong.",
        "2 | alias a = u8;",
        "  | ^^^^^",
        "a.idl:1:9: note: It was declared here first.",
        "1 | package a;",
        "  |         ^",
        "  help: rename it",
        "",
      ].join("\n"),
    );
  });

  test("no control character of a source or a message reaches the terminal", () => {
    const rendered = render("«\u001b[31mred\u0007\u2028\u202e»", { message: "\u001b]0;title\u0007" });
    expect(rendered).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
  });

  test("any place of any text has its caret below what it means", () => {
    const text = fc.string({ unit: fc.constantFrom("a", " ", "\n", "\r\n", "\t", "\u0000", "x".repeat(80)), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (source, a, b) => {
        const start = a % (source.length + 1);
        const end = start + (b % (source.length - start + 1));
        const rendered = render(`${source.slice(0, start)}«${source.slice(start, end)}»${source.slice(end)}`);
        const [, line = "", carets = ""] = rendered.split("\n");
        const meant = source[start] ?? "";
        expect(carets).toContain("^");
        if (/^[ax]$/.test(meant) && end > start) expect(line[carets.indexOf("^")]).toBe(meant);
      }),
    );
  });
});

test("the sum counts each kind", () => {
  const of = (severity: Finding["severity"]) => ({ severity }) as Finding;
  expect(summaryOf([of("error"), of("error"), of("warning")])).toBe("2 errors and 1 warning");
  expect(summaryOf([])).toBeUndefined();
});

/** Every rule on its three schemas: one becoming another is found, and what is like it is not. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { breaking } from "../../src/breaking.js";
import { breakingRules } from "../../src/breaking/rules.js";
import { lintRules } from "../../src/lint/rules.js";
import { catalog } from "../../src/diagnostics/catalog.js";
import { splitSample } from "../checker/program.js";

const rows = Object.entries(breakingRules);

function compare(before: string, after: string) {
  const result = breaking({ before: { sources: splitSample(before) }, after: { sources: splitSample(after) } });
  expect(result.isCompared, JSON.stringify(result.diagnostics)).toBe(true);
  return result;
}

describe.each(rows.map(([code, rule]) => ({ code, rule })))("$code $rule.slug", ({ code, rule }) => {
  test("finds its change, and says what version it makes", () => {
    const { diagnostics, semver } = compare(rule.before, rule.after);
    const found = diagnostics.filter((each) => each.code === code);
    expect(found.length).toBeGreaterThan(0);
    for (const { message, severity, properties } of found) {
      expect(message).toMatch(/^[A-Z0-9"@].*\.$/s);
      expect(severity).toBe(rule.severity);
      expect(properties).toMatchObject({ category: rule.category, semver: rule.step });
    }
    expect(["patch", "minor", "major"].indexOf(semver ?? "")).toBeGreaterThanOrEqual(["patch", "minor", "major"].indexOf(rule.step));
  });

  test("does not find what is like it", () => {
    expect(compare(rule.before, rule.near).diagnostics.filter((each) => each.code === code)).toEqual([]);
  });

  test("finds nothing where nothing changed", () => {
    expect(compare(rule.before, rule.before)).toEqual({ diagnostics: [], isCompared: true });
  });

  test("can be switched off, and set to another severity", () => {
    const versions = { before: { sources: splitSample(rule.before) }, after: { sources: splitSample(rule.after) } };
    const findings = (severity: "off" | "info") => breaking({ ...versions, config: { rules: { [rule.slug]: severity } } }).diagnostics.filter((each) => each.code === code);
    expect(findings("off")).toEqual([]);
    expect(findings("info").every(({ severity }) => severity === "info")).toBe(true);
  });
});

describe("the table", () => {
  test("has eighty rules and more, with codes and names that nothing else has", () => {
    expect(rows.length).toBeGreaterThanOrEqual(80);
    const taken = [...Object.entries(catalog), ...Object.entries(lintRules)].flatMap(([code, { slug }]) => [code, slug]);
    const own = rows.flatMap(([code, { slug }]) => [code, slug]);
    expect(new Set([...taken, ...own]).size).toBe(taken.length + own.length);
    const hundreds = { wire: "50", source: "51", promise: "52", package: "53" };
    for (const [code, { category }] of rows) expect(code).toMatch(new RegExp(`^RPC${hundreds[category]}\\d\\d$`));
  });

  test("is the one in the documentation", () => {
    const page = readFileSync("docs/breaking.md", "utf8");
    const lines = rows.map(([code, { slug, category, severity, step, why }]) => `| \`${slug}\` | ${code} | ${category} | ${severity} | ${step} | ${why} |`);
    const table = ["| rule | code | breaks | severity | version | why |", "|---|---|---|---|---|---|", ...lines].join("\n");
    const [head = "", , tail = ""] = page.split(/(?<=<!-- rules -->\n)|(?=\n<!-- end of rules -->)/);
    const fresh = `${head}${table}${tail}`;
    if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync("docs/breaking.md", fresh);
    else expect(page).toBe(fresh);
  });
});

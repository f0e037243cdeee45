/** Every rule on its two examples: the bad one has the finding, the good one has not, and a fix makes the one pass as the other. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { applyFixes } from "../../src/diagnostics/apply-fixes.js";
import { catalog } from "../../src/diagnostics/catalog.js";
import { lint } from "../../src/lint.js";
import type { LintRule } from "../../src/lint/rule.js";
import { lintRules } from "../../src/lint/rules.js";
import { splitSample } from "../checker/program.js";

const rows = Object.entries(lintRules);

/** Only the rule and what it says itself; waivers are looked at beside another rule, which their examples have. */
function findingsOf(rule: LintRule, sources: Readonly<Record<string, string>>) {
  const others = rule.check === undefined ? { "field-camel-case": "warning" as const } : {};
  const options = rule.exampleOptions ?? {};
  const { diagnostics, isChecked } = lint({ sources, config: { sets: [], rules: { ...others, [rule.slug]: ["warning", options as Record<string, string>] } } });
  expect(isChecked, JSON.stringify(diagnostics)).toBe(true);
  return diagnostics;
}

describe.each(rows)("%s %s", (code, rule) => {
  test("the bad example has the finding", () => {
    const found = findingsOf(rule, splitSample(rule.bad)).filter((each) => each.code === code);
    expect(found.length).toBeGreaterThan(0);
    for (const { message } of found) expect(message).toMatch(/^[A-Z0-9"@].*\.$/s);
  });

  test("the good example has not", () => {
    expect(findingsOf(rule, splitSample(rule.good)).filter((each) => each.code === code || rule.check === undefined)).toEqual([]);
  });

  test("a fix mends it, and the program stays correct", () => {
    let sources = splitSample(rule.bad);
    const first = findingsOf(rule, sources).filter((each) => each.code === code);
    expect(first.some(({ fix }) => fix !== undefined)).toBe(rule.fixable === true);
    if (rule.fixable !== true) return;
    for (let round = 0; round < 5; round++) {
      const fixes = findingsOf(rule, sources).flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
      const { texts } = applyFixes(fixes, (file) => sources[file] ?? "");
      sources = { ...sources, ...Object.fromEntries(texts) };
    }
    expect(findingsOf(rule, sources).filter((each) => each.code === code)).toEqual([]);
  });
});

describe("the table", () => {
  test("has sixty rules and more, each in a file of its name", () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(rows.map(([, { slug }]) => `${slug}.ts`).sort()).toEqual(readdirSync("src/lint/rules").sort());
  });

  test("has codes and names that nothing else has", () => {
    const taken = Object.entries(catalog).flatMap(([code, { slug }]) => [code, slug]);
    const own = rows.flatMap(([code, { slug }]) => [code, slug]);
    expect(new Set([...taken, ...own]).size).toBe(taken.length + own.length);
    for (const [code] of rows) expect(code).toMatch(/^RPC4\d{3}$/);
  });

  test("is the one in the documentation", () => {
    const page = readFileSync("docs/lint.md", "utf8");
    const lines = rows.map(([code, { slug, set, severity, fixable, why }]) => `| \`${slug}\` | ${code} | ${set} | ${severity} | ${fixable ? "yes" : ""} | ${why} |`);
    const table = ["| rule | code | set | severity | fix | why |", "|---|---|---|---|---|---|", ...lines].join("\n");
    const [head = "", , tail = ""] = page.split(/(?<=<!-- rules -->\n)|(?=\n<!-- end of rules -->)/);
    const fresh = `${head}${table}${tail}`;
    if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync("docs/lint.md", fresh);
    else expect(page).toBe(fresh);
  });
});

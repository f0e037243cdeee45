/**
 * What the rules say of the wire, held against programs of both versions: one reads what the other wrote, or calls it. Random values;
 * WIRE_SEED says where they begin.
 */
import { describe, expect, test } from "vitest";
import { breaking } from "../../src/breaking.js";
import { breakingRules } from "../../src/breaking/rules.js";
import { splitSample } from "../checker/program.js";
import { loadGenerated } from "../load-generated.js";
import { misunderstandings, readsBytes, type Harm } from "./harm.js";
import { harmByReuse } from "./harm-by-reuse.js";
import { harmToCalls } from "./harm-to-calls.js";
import { harmToNames } from "./harm-to-names.js";

/** Rules of the wire that the bytes of two versions do not show, and what shows them. */
const SHOWN_OTHERWISE: Readonly<Record<string, Harm>> = { ...harmByReuse, ...harmToNames, ...harmToCalls };

const harmToBytes: Harm = async (before, after) => misunderstandings(await loadGenerated(splitSample(before)), await loadGenerated(splitSample(after)), readsBytes);

const rows = Object.entries(breakingRules).filter(([, { category }]) => category === "wire");

describe.each(rows.map(([code, rule]) => ({ code, rule })))("$code $rule.slug", ({ rule }) => {
  const harm = SHOWN_OTHERWISE[rule.slug] ?? harmToBytes;

  test("does harm", async () => {
    expect(await harm(rule.before, rule.after)).not.toEqual([]);
  });

  test("what is like it does none", async () => {
    expect(await harm(rule.before, rule.near)).toEqual([]);
  });
});

test("whom a change of calls hurts is whom it affects", async () => {
  for (const [code, { slug, before, after }] of rows) {
    const harm = await harmToCalls[slug]?.(before, after);
    if (harm === undefined) continue;
    const { diagnostics } = breaking({ before: { sources: splitSample(before) }, after: { sources: splitSample(after) } });
    const affected = new Set(diagnostics.filter((found) => found.code === code).flatMap(({ properties }) => properties?.["affects"] ?? []));
    const shown = ["old client", "new client"].filter((who) => harm.some((what) => what.startsWith(`${who}s: `)));
    // What new clients meet is that the server is old.
    expect([slug, ...affected].toSorted(), slug).toEqual([slug, ...shown.map((who) => who.replace("new client", "old server"))].toSorted());
  }
});

test("what is shown otherwise are rules of the wire that bytes do not show", async () => {
  const slugs = rows.map(([, { slug }]) => slug);
  for (const slug of Object.keys(SHOWN_OTHERWISE)) expect(slugs).toContain(slug);
  for (const [, { slug, before, after }] of rows.filter(([, { slug }]) => slug in harmToNames || slug in harmByReuse)) expect(await harmToBytes(before, after), slug).toEqual([]);
});

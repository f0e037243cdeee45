/** The page about call semantics says what the table says; `npm run test:update` writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { CODE_NUMBERS, REASON_CODES } from "../../runtime/rpc/codes.js";
import { boundsOf, faultRows, SEMANTICS } from "../../src/semantics/promises.js";
import { semanticsPage } from "./page.js";

const page = new URL("../../docs/semantics.md", import.meta.url);

it("docs/semantics.md is fresh", () => {
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(page, semanticsPage());
  expect(readFileSync(page, "utf8")).toBe(semanticsPage());
});

it("the table is whole: every fault has a cell for every promise, in words that exist", () => {
  expect(faultRows.length).toBeGreaterThanOrEqual(21);
  expect(new Set(faultRows.map(({ fault }) => fault)).size).toBe(faultRows.length);
  for (const { cells } of faultRows) {
    expect(cells.map(({ semantics }) => semantics)).toEqual(SEMANTICS);
    for (const { sees, effects, sent } of cells) {
      for (const outcome of sees) expect(outcome).toMatch(outcomePattern);
      for (const figure of [effects, sent]) if (figure !== undefined) expect(boundsOf(figure).least).toBeLessThanOrEqual(boundsOf(figure).most);
    }
  }
});

it("no outcome that is open has a code that proxies and libraries retry", () => {
  const open = faultRows.flatMap(({ cells }) => cells.flatMap(({ sees }) => sees.filter((outcome) => outcome.endsWith(" unknown"))));
  expect(open.length).toBeGreaterThan(20);
  expect(open.filter((outcome) => /^(UNAVAILABLE|ABORTED|RESOURCE_EXHAUSTED)/.test(outcome))).toEqual([]);
});

it("guarded calls never take effect twice, whatever the fault", () => {
  for (const { fault, cells } of faultRows) {
    // A new process of the client is a new caller, as the page says.
    if (fault === "client-crash") continue;
    for (const { semantics, effects } of cells) {
      if (semantics === "readonly" || semantics === "idempotent" || effects === undefined) continue;
      expect([fault, semantics, boundsOf(effects).most <= 1]).toEqual([fault, semantics, true]);
    }
  }
});

const outcomePattern = new RegExp(
  `^(OK|(DECLARED|${Object.keys(CODE_NUMBERS).join("|")})( (${Object.keys(REASON_CODES).join("|")}))? (no|yes|unknown))$`,
);

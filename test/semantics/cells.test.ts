/** Every cell of the table of promises, over every transport: a fault is brought about, and what the caller sees is what the table says. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { boundsOf, faultRows, type Cell, type FaultRow } from "../../src/semantics/promises.js";
import { ALL, type TransportRow } from "../transport/all.js";
import { describeUnless } from "../left-out.js";
import { stores, type OpenedStore } from "../store/stores.js";
import { CellStore, openMemory, RETENTION_MS } from "./cell-store.js";
import { connectionScenarios } from "./connection-scenarios.js";
import { handlerScenarios } from "./handler-scenarios.js";
import type { Scenario } from "./scenario.js";
import { Stage } from "./stage.js";
import { streamScenarios } from "./stream-scenarios.js";

const scenarios: Readonly<Record<string, Scenario>> = { ...connectionScenarios, ...handlerScenarios, ...streamScenarios };

const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

it("every fault of the table is brought about", () => {
  expect(Object.keys(scenarios).toSorted()).toEqual(faultRows.map(({ fault }) => fault).toSorted());
});

for (const transport of ALL) {
  describe(transport.name, () => {
    for (const row of faultRows) describe(row.fault, () => row.cells.forEach((cell) => play(transport, row, cell, async () => openMemory("cells"))));
  });
}

// What is kept in memory above is kept here by each store that ships; the others of the promises never ask one.
for (const store of stores) {
  describeUnless(store.missing, `with the store ${store.name}`, () => {
    let remove: () => Promise<void>;
    beforeAll(async () => {
      remove = await store.prepare();
    });
    afterAll(() => remove());
    for (const transport of ALL) {
      describe(transport.name, () => {
        for (const row of faultRows) {
          const cells = row.cells.filter(({ semantics }) => semantics === "exactlyOnce");
          describe(row.fault, () => cells.forEach((cell) => play(transport, row, cell, () => store.open({ retentionMs: RETENTION_MS, now: Date.now }))));
        }
      });
    }
  });
}

function play(transport: TransportRow, row: FaultRow, cell: Cell, open: () => Promise<OpenedStore>): void {
  const name = `@${cell.semantics}: ${cell.notApplicable ? "cannot happen" : cell.sees.join(" or ")}`;
  it(name, { timeout: 20_000 }, async () => {
    const stage = new Stage(transport, cell.semantics, new CellStore(await open()));
    stages.push(stage);
    const seen = await (scenarios[row.fault] as Scenario)(stage);
    expect(cell.sees).toContain(seen);
    if (cell.sent !== undefined) within(cell.sent, stage.sent, "times sent");
    if (cell.effects !== undefined) within(cell.effects, await stage.effectsOf(1), "effects");
    if (cell.reply === "same" && seen === "OK") {
      expect(stage.answers.length).toBeGreaterThan(0);
      for (const answer of stage.answers) expect(answer.run).toBe(1);
    }
  });
}

function within(figure: string, count: number, what: string): void {
  const { least, most } = boundsOf(figure);
  expect(count, what).toBeGreaterThanOrEqual(least);
  expect(count, what).toBeLessThanOrEqual(most);
}

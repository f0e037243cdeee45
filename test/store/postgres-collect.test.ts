/** Collections that run beside each other, as those of two servers do that share one store. */
import { expect, test } from "vitest";
import { Collector } from "../../runtime/store/postgres/collector.js";
import type { PgPool } from "../../runtime/store/postgres/pool.js";
import { tablesOf } from "../../runtime/store/postgres/schema.js";

test("what one collection marked is not removed by another that waited for fewer transactions", async () => {
  const marks = [[{ client: "a", sequence: 1, principal: "" }], [{ client: "b", sequence: 1, principal: "" }]];
  // Nobody is under way when the first marks. Before the second does, somebody begins who will not end.
  const holders = [[], [{ virtualtransaction: "1/1" }]];
  const removed: unknown[] = [];
  const pool: PgPool = {
    connect: () => Promise.reject(new Error("a collection needs no connection of its own")),
    async query(text, values) {
      const rows = text.includes("UNION") ? (marks.shift() ?? []) : text.includes("pg_locks") ? (holders.length > 1 ? holders.shift() : holders[0]) : [];
      if (text.startsWith(`DELETE FROM ${tables.completions}`)) removed.push(...((values as unknown[][])[0] ?? []));
      return { command: "", rowCount: 1, rows: rows ?? [] };
    },
  };
  const tables = tablesOf({});
  const collector = new Collector(pool, tables, 1);
  const counts = await Promise.all([collector.collect(0, 1), collector.collect(0, 1)]);
  expect(removed).toEqual(["a"]);
  expect(counts).toEqual([1, 0]);
});

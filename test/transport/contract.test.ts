/** The behaviour suite over every transport. */
import { describe } from "vitest";
import { ALL } from "./all.js";
import { contract } from "./contract.js";

for (const row of ALL) describe(row.name, () => contract(row));

/** Fixes and properties in words, for reports that have no form of their own for them. */
import type { Finding } from "../diagnostics/finding.js";

/** A line for each edit: `fix: at 3:4 to 3:9 of orders.idl write "x"`. */
export function plainEdits({ fix = [] }: Finding): string[] {
  return fix.map(({ file, line, column, endLine, endColumn, text }) => {
    const isInsertion = line === endLine && column === endColumn;
    const place = isInsertion ? `${line}:${column}` : `${line}:${column} to ${endLine}:${endColumn}`;
    return `fix: at ${place} of ${file} ${isInsertion ? "insert" : "write"} ${JSON.stringify(text)}`;
  });
}

/** What a finding says beyond its message: `affects: old client, stored data`. */
export function propertyLines({ properties = {} }: Finding): string[] {
  return Object.entries(properties).map(([name, value]) => `${name}: ${typeof value === "string" ? value : value.join(", ")}`);
}

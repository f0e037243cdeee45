/** The program of the end-to-end tests, which has every construct of the language. */
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../e2e/idl/", import.meta.url);

export function zooSources(): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".idl"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
}

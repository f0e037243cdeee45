/** What the compiler makes of a real API is laid out as prettier would, however long its names and lists. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { check } from "prettier";
import { expect, it } from "vitest";
import { compile } from "../../../src/compile.js";

const idl = fileURLToPath(new URL("../../../examples/pubsub/idl/", import.meta.url));

it("passes prettier --check", async () => {
  const sources = Object.fromEntries(readdirSync(idl).map((name) => [name, readFileSync(idl + name, "utf8")]));
  const { outputs } = compile({ sources });
  expect(outputs.length).toBeGreaterThan(40);
  const untidy: string[] = [];
  for (const { path, text } of outputs) if (!(await check(text, { parser: "typescript" }))) untidy.push(path);
  expect(untidy).toEqual([]);
});

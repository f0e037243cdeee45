/** The long form's parts can fail: a type error in generated text is found, and named by file. */
import { expect, test } from "vitest";
import { runFile } from "../corpus/corpus.js";
import { typeCheck } from "../corpus/type-check.js";

test("generated files of a real schema are strict, and a wrong one is not", () => {
  const { outputs, failure } = runFile("google/type/money.proto");
  expect(failure).toBeUndefined();
  expect([...typeCheck(outputs)]).toEqual([]);
  const name = [...outputs.keys()].find((path) => path.endsWith("money.types.ts")) as string;
  const broken = new Map([...outputs, [name, `${outputs.get(name)}\nexport const wrong: Money = { gone: 1 };\n`]]);
  expect([...typeCheck(broken).keys()]).toEqual([name]);
}, 60_000);

/** What the long form is made of can fail: each stage names the file and the reason, and what needs it fails with it. */
import { expect, test } from "vitest";
import { generate, runBatch } from "../corpus/batch.js";
import { corpusNames } from "../corpus/corpus.js";
import { typeCheck } from "../corpus/type-check.js";

test("a sample of real schemas imports, checks, generates and is strict", async () => {
  const names = await corpusNames("google/{type,pubsub/v1,longrunning}/*.proto");
  expect(names.length).toBeGreaterThan(10);
  const verdicts = await runBatch(names);
  expect(verdicts.filter(({ failure }) => failure !== undefined)).toEqual([]);
  expect(verdicts.map(({ name }) => name)).toEqual(names);
});

test("an error of generated text is its file's", async () => {
  const { outputs } = generate(["google/type/money.proto", "google/type/date.proto"]);
  const broken = outputs.map((output) => (output.path.endsWith("money.types.ts") ? { ...output, text: `${output.text}\nexport const wrong: Money = { gone: 1 };\n` } : output));
  const wrong = await typeCheck(broken);
  expect([...wrong.keys()]).toEqual(["google/type/money.idl"]);
  expect(wrong.get("google/type/money.idl")).toMatch(/^tsc: google\/type\/money\.types\.ts:\d+: TS\d+: /);
});

test("a file without one that it imports fails, and the rest of its batch does not", async () => {
  const [bad, good] = await runBatch(["google/protobuf/util/json_format_proto3.proto", "google/type/date.proto"]);
  expect(bad?.failure).toMatch(/^import: RPC8002 .*unittest\.proto/);
  expect(good).toEqual({ name: "google/type/date.proto", remarks: { RPC8004: 5 } });
});

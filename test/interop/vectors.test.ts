/** The vectors of `test/vectors` hold for the implementation in Python too. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describeUnless } from "../left-out.js";
import { loadGenerated } from "../load-generated.js";
import { type CodecAnswer, codecAnswers, type CodecQuestion } from "./codec-answers.js";
import { missingPython } from "./python.js";
import { tableOf, tableRoot, type TableType } from "./table.js";

interface Topic {
  readonly idl: readonly string[];
  readonly encodes?: readonly { name: string; type: string; within?: string; json: unknown; hex: string }[];
  readonly failsToEncode?: readonly { name: string; type: string; json: unknown }[];
  readonly failsToDecode?: readonly { name: string; type: string; hex: string }[];
  readonly keeps?: readonly { name: string; older: string; hex: string }[];
}

const folder = fileURLToPath(new URL("../vectors", import.meta.url));

describeUnless(missingPython(), "the vectors, in Python", () => {
  test.each(readdirSync(folder).filter((name) => name.endsWith(".json")))("%s", async (file) => {
    const { idl, ...cases } = JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Topic;
    const { schema, index, subjects } = await loadGenerated({ "vectors.idl": idl.join("\n") });
    const types = new Map(subjects.map(({ name, root }) => [name, tableRoot(index, name, root)]));
    const questions: CodecQuestion[] = [{ table: tableOf(schema, index) }];
    const checks: ((answer: CodecAnswer) => void)[] = [];
    const ask = (type: string, question: { json: unknown } | { hex: string }, check: (answer: CodecAnswer) => void) => {
      questions.push({ type: types.get(type) as TableType, ...question });
      checks.push(check);
    };

    for (const { name, type, json, hex } of cases.encodes ?? []) {
      ask(type, { json }, (answer) => expect(answer, name).toEqual({ hex }));
      ask(type, { hex }, (answer) => expect(answer, name).toMatchObject({ again: hex }));
    }
    for (const { name, type, json } of cases.failsToEncode ?? []) {
      ask(type, { json }, (answer) => expect(Object.keys(answer), name).toEqual(["refused"]));
    }
    for (const { name, type, hex } of cases.failsToDecode ?? []) {
      ask(type, { hex }, (answer) => expect(Object.keys(answer), name).toEqual(["refused"]));
    }
    for (const { name, older, hex } of cases.keeps ?? []) {
      ask(older, { hex }, (answer) => expect(answer, name).toMatchObject({ again: hex }));
    }

    const answers = codecAnswers(questions);
    expect(answers.length).toBe(checks.length);
    checks.forEach((check, at) => check(answers[at] as CodecAnswer));
  });
});

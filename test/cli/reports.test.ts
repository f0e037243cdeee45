/** One set of findings in every form: validated where there is a schema, and read back as its readers would. */
import { readFileSync } from "node:fs";
import draft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { run } from "./memory-host.js";

const files = {
  "idl/a b.idl": 'package a;\nimport "./c.idl";\nmesage M { a: u8 = 1; }\nalias A = u8;\n',
  "idl/twice.idl": "package a;\nalias A = u8;\nalias A = Strin;\nalias 𝒜 = u8;\n",
  "idl/c.idl": "package c;\nalias C = u8;\n",
};
const argv = (format: string) => ["check", "idl/a b.idl", "idl/twice.idl", "--report", format];

describe("json", () => {
  test("a fix is edits with places", async () => {
    const { stdout } = await run(argv("json"), { files });
    const found = JSON.parse(stdout).diagnostics.find(({ code }: { code: string }) => code === "RPC1106");
    expect(found.fix).toEqual([{ file: "idl/a b.idl", line: 3, column: 1, endLine: 3, endColumn: 7, text: "message" }]);
  });
});

describe("sarif", () => {
  const schema = JSON.parse(readFileSync("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json", "utf8"));
  const ajv = new draft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const isValid = ajv.compile(schema);

  test.each([
    ["findings", argv("sarif")],
    ["nothing found", ["check", "idl/c.idl", "--report=sarif"]],
    ["a file that is not there", ["check", "gone.idl", "--report=sarif"]],
    ["what is not laid out", ["format", "idl/c.idl", "--check", "--report=sarif"]],
  ])("%s: valid by the schema", async (_, line) => {
    const { stdout, stderr } = await run(line, { files });
    expect(isValid(JSON.parse(stdout)), JSON.stringify(isValid.errors)).toBe(true);
    expect(stderr).toBe("");
  });

  test("the schema refuses what is wrong", async () => {
    const log = JSON.parse((await run(argv("sarif"), { files })).stdout);
    log.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
    expect(isValid(log)).toBe(false);
  });

  test("has rules, places, related places and fixes", async () => {
    const { exitCode, stdout } = await run(argv("sarif"), { files });
    expect(exitCode).toBe(1);
    const [{ tool, results, originalUriBaseIds }] = JSON.parse(stdout).runs;
    expect(originalUriBaseIds).toEqual({ SRCROOT: { uri: "file:///project/" } });
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(tool.driver.rules.find(({ id }: { id: string }) => id === "RPC1106")).toMatchObject({ name: "misspelt-keyword", fullDescription: { text: expect.any(String) } });
    const misspelt = results.find(({ ruleId }: { ruleId: string }) => ruleId === "RPC1106");
    const region = { startLine: 3, startColumn: 1, endLine: 3, endColumn: 7 };
    const artifactLocation = { uri: "idl/a%20b.idl", uriBaseId: "SRCROOT" };
    expect(misspelt).toMatchObject({
      level: "error",
      locations: [{ physicalLocation: { artifactLocation, region } }],
      fixes: [{ artifactChanges: [{ artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: "message" } }] }] }],
    });
    const twice = results.find(({ ruleId }: { ruleId: string }) => ruleId === "RPC2020");
    expect(twice.relatedLocations).toHaveLength(1);
  });
});

describe("junit", () => {
  test("errors fail, warnings pass and speak", async () => {
    const { stdout } = await run(argv("junit"), { files });
    expect(stdout).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="rpcgen" tests="\d+" failures="\d+" errors="0">\n/);
    const cases = [...stdout.matchAll(/<testcase classname="([^"]*)" name="([^"]*)" file="[^"]*" line="(\d+)">\n {6}<(failure|system-out)/g)].map((match) => match.slice(1).join(" "));
    expect(cases).toContain("idl/a b.idl RPC1106 at 3:1 3 failure");
    expect(stdout).toContain("fix: at 3:1 to 3:7 of idl/a b.idl write &quot;message&quot;");
    expect(stdout).toContain(`failures="${cases.filter((each) => each.endsWith("failure")).length}"`);
    expect(stdout.match(/<testcase/g)).toHaveLength(cases.length);
  });

  test("nothing found is one test that passes", async () => {
    const { exitCode, stdout } = await run(["check", "idl/c.idl", "--report", "junit"], { files });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('<testsuites name="rpcgen" tests="1" failures="0" errors="0">');
  });

  test("no character of an input gets out of its place", async () => {
    const { stdout } = await run(["check", "-", "--report", "junit"], { stdin: 'package a;\nalias A = "<&>\u0001\ud83d";\n' });
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(stdout.replace(/<\/?(testsuites?|testcase|failure|system-out)\b[^<>]*>/g, "")).not.toMatch(/[<>](?!\?xml|\n)/);
  });
});

describe("github", () => {
  test("a command for each finding, with place and fix", async () => {
    const { exitCode, stdout } = await run(argv("github"), { files });
    expect(exitCode).toBe(1);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.every((line) => /^::(error|warning|notice) /.test(line))).toBe(true);
    expect(stdout).toMatch(/^::error file=idl\/a b\.idl,line=3,endLine=3,col=1,endColumn=7,title=RPC1106::.*%0Ahelp: did you mean "message"\?%0Afix: at 3:1 to 3:7/m);
  });

  test("no name gets out of its place", async () => {
    const { stdout } = await run(["check", "a,b:c%.idl", "--report", "github"], { files: { "a,b:c%.idl": "package a;\nalias A = B;\n" } });
    expect(stdout).toMatch(/^::error file=a%2Cb%3Ac%25\.idl,/);
  });
});

/** From protobuf and back: names and numbers stay, and protoc takes what comes out. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { importProtos } from "../../src/import.js";
import { corpusNames, readCorpus } from "../corpus/corpus.js";
import { differences } from "../corpus/facts.js";
import { missingProtoc, refusals } from "../corpus/protoc.js";
import { describeUnless } from "../left-out.js";

type Texts = ReadonlyMap<string, string>;

/** There and back, with all files that come along. */
function back(names: readonly string[], read: (name: string) => { readonly path: string; readonly text: string } | undefined): Texts {
  const imported = importProtos(names, read);
  expect(imported.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const sources = Object.fromEntries(imported.outputs.map((output) => [output.path, output.text]));
  const { diagnostics, outputs } = compile({ sources, root: ".", targets: ["proto"] });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return new Map(outputs.map((output) => [output.path, output.text]));
}

const real = ["google/pubsub/v1/*.proto", "google/type/*.proto", "google/firestore/v1/*.proto", "google/container/v1/*.proto"];

describe("round trip", () => {
  test("of real files", async () => {
    const names = await corpusNames(...real);
    expect(names.length).toBeGreaterThan(20);
    const texts = back(names, readCorpus);
    for (const name of names) expect({ name, lost: differences(name, readCorpus(name)?.text ?? "", texts.get(name) ?? "") }).toEqual({ name, lost: [] });
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,3}(_[a-z0-9]{1,3}){0,2}$|^[a-z]{1,3}[A-Z][a-z]{0,3}$/).filter((name) => !/^(option|message|enum|oneof|reserved|extend|extensions|map|group|optional|repeated|required)$/.test(name));
  const scalar = fc.constantFrom("double", "float", "int32", "sint64", "fixed32", "uint64", "bool", "string", "bytes", "M0", "M0.Inner", "E0");
  const field = fc.record({ name: word, type: scalar, label: fc.constantFrom("", "optional ", "repeated ", "map<string, ", "map<sfixed64, "), oneof: fc.boolean() });

  test("of random messages", () => {
    fc.assert(
      fc.property(fc.uniqueArray(field, { maxLength: 12, selector: ({ name }) => name.replace(/_/g, "").toLowerCase() }), fc.integer({ min: 1, max: 1000 }), (fields, step) => {
        const lines: string[] = [];
        const members: string[] = [];
        for (const [at, { name, type, label, oneof }] of fields.entries()) {
          const number = 1 + ((at * 7) % 12) * step;
          if (oneof) members.push(`    ${type} ${name} = ${number};`);
          else lines.push(`  ${label}${type}${label.startsWith("map") ? ">" : ""} ${name} = ${number};`);
        }
        const oneof = members.length > 0 ? ["  oneof the_one_of_it {", ...members, "  }"] : [];
        const text = `syntax = "proto3";\npackage p;\nenum E0 { ZERO = 0; ONE = 1; }\nmessage M0 {\n${[...lines, ...oneof].join("\n")}\n  message Inner { M0 outer = 1; enum E { NONE = 0; } E e = 2; }\n}\n`;
        const out = back(["a.proto"], (name) => (name === "a.proto" ? { path: name, text } : undefined)).get("a.proto") ?? "";
        expect(differences("a.proto", text, out)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describeUnless(missingProtoc, "protoc", () => {
  test("takes what comes back of real files", async () => {
    const names = await corpusNames(...real);
    expect([...refusals(back(names, readCorpus))]).toEqual([]);
  });
});

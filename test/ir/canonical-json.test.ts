/** The JSON form of the schema: one text for equal data. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/ir/canonical-json.js";

describe("canonicalJson", () => {
  it("reads back as what it was", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  it("does not depend on the order of keys", () => {
    const shuffle = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffle);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, part]) => [key, shuffle(part)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(shuffle(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("leaves places out, but not an argument called span", () => {
    const text = canonicalJson({
      span: { file: "a.idl", start: 1, end: 2 },
      arguments: { span: { kind: "int", value: "1" } },
      name: "x",
    });
    expect(JSON.parse(text)).toEqual({ name: "x", arguments: { span: { kind: "int", value: "1" } } });
  });

  it("keeps the sign of zero", () => expect(Object.is(JSON.parse(canonicalJson({ value: -0 })).value, -0)).toBe(true));

  it("is laid out for people", () => {
    expect(canonicalJson({ b: [], a: [1, {}], name: "n", kind: "k" })).toBe(
      '{\n  "kind": "k",\n  "name": "n",\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}\n',
    );
  });
});

/** The hash behind fingerprints is SHA-256, as another implementation knows it. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/ir/sha256.js";

const reference = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

describe("sha256", () => {
  it("agrees with node:crypto on random texts", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        expect(sha256(text)).toBe(reference(text));
      }),
    );
  });

  it("agrees at every length around the size of a block", () => {
    for (let length = 0; length < 200; length++) expect(sha256("x".repeat(length))).toBe(reference("x".repeat(length)));
  });
});

/** What a person most likely meant. */
import { describe, expect, it } from "vitest";
import { closest } from "../../src/diagnostics/did-you-mean.js";

describe("closest", () => {
  const names = ["Order", "Orders", "Receipt", "string", "id"];

  it.each([
    ["Ordre", "Order"],
    ["order", "Order"],
    ["Reciept", "Receipt"],
    ["strng", "string"],
    ["ID", "id"],
  ])("finds %s to be %s", (word, meant) => expect(closest(word, names)).toBe(meant));

  it.each(["Customer", "x", "", "Rec"])("finds nothing for %j", (word) => expect(closest(word, names)).toBeUndefined());

  it("prefers the nearest, then the first", () => {
    expect(closest("Ordes", ["Orders", "Order"])).toBe("Orders");
    expect(closest("abcdef", ["abcdeg", "abcdeh"])).toBe("abcdeg");
  });
});

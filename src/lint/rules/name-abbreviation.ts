/** Abbreviations are written as words. */
import { namingRule } from "../naming.js";
import { camelCase, pascalCase } from "../words.js";

/** Names with underscores are the business of other rules. */
function asWord(name: string): string {
  if (name.includes("_") || !/[A-Z]{2}/.test(name)) return name;
  return /^[A-Z]/.test(name) ? pascalCase(name) : camelCase(name);
}

export const nameAbbreviation = namingRule({
  slug: "name-abbreviation",
  kinds: ["service", "message", "struct", "union", "error", "alias", "enum", "method", "field", "structField", "unionMember", "parameter"],
  better: asWord,
  fault: "writes an abbreviation in capitals",
  why: "`HTTPServerURL` has no visible words, and `userID` and `userId` are two names. Capitals begin words.",
  bad: `package shop;
message User {
  homeURL: string = 1;
}
`,
  good: `package shop;
message User {
  homeUrl: string = 1;
}
`,
});

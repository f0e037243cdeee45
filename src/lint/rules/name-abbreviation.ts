/** Abbreviations are written as words. */
import { namingRule } from "../naming.js";
import type { NamedSubject } from "../program.js";
import { camelCase, inCamelCase, inPascalCase, pascalCase } from "../words.js";

const TYPES: ReadonlySet<NamedSubject["kind"]> = new Set(["service", "message", "struct", "union", "error", "alias", "enum"]);

/** Names that are in another style altogether are the business of other rules. */
function asWord(name: string, { kind }: NamedSubject): string {
  if (!/[A-Z]{2}/.test(name)) return name;
  const [inStyle, styled] = TYPES.has(kind) ? [inPascalCase, pascalCase] : [inCamelCase, camelCase];
  return inStyle(name) === name ? styled(name) : name;
}

export const nameAbbreviation = namingRule({
  slug: "name-abbreviation",
  kinds: [...TYPES, "method", "field", "structField", "unionMember", "parameter"],
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

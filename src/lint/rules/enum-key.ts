/** A map whose keys are of an enum. */
import { rule } from "../rule.js";
import { declaredOf } from "../types.js";

export const enumKey = rule({
  slug: "enum-key",
  set: "strict",
  severity: "info",
  why: "A program that does not know a member yet has keys that it cannot name. A string key carries its meaning.",
  bad: `package shop;
enum Color {
  UNKNOWN = 0;
}
message Stock {
  counts: map<Color, u32> = 1;
}
`,
  good: `package shop;
message Stock {
  counts: map<string, u32> = 1;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.fields) {
      const type = program.index.concrete(meaning.type);
      if (type.kind === "map" && declaredOf(program, type.key)?.kind === "enum") report(node.type.span, `The keys of "${node.name.text}" are of an enum, which may gain members.`, { help: "use a string" });
    }
  },
});

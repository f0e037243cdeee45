/** What is called reading is `@readonly`, and nothing else is. */
import { rule } from "../rule.js";
import { plainWordsOf } from "../words.js";

const WRITES = new Set(["create", "delete", "remove", "update", "set", "put", "insert", "cancel", "place", "charge", "pay", "send", "publish", "write", "reset"]);
/** But not as `getOrCreate` and `findAndModify`. */
const READS = new Set(["get", "list", "find", "search", "count", "describe", "lookup"]);

export const readonlyVerb = rule({
  slug: "readonly-verb",
  set: "recommended",
  severity: "warning",
  why: "The runtime repeats, caches and races `@readonly` calls. A method that deletes must not be one, and one that gets should.",
  bad: `package shop;
service Orders {
  @readonly deleteOrder(id: string) -> u32;
}
`,
  good: `package shop;
service Orders {
  @idempotent deleteOrder(id: string) -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      const [verb = "", second = ""] = plainWordsOf(meaning.name);
      const isReadonly = meaning.semantics === "readonly";
      if (isReadonly && WRITES.has(verb)) report(node.name.span, `"${meaning.name}" is "@readonly", and "${verb}" changes something.`, { help: "write `@idempotent`, or what else is true" });
      else if (!isReadonly && READS.has(verb) && !/^(?:and|or)$/.test(second) && meaning.semanticsStated) report(node.name.span, `"${meaning.name}" is not "@readonly", though "${verb}" changes nothing.`, { help: "write `@readonly`, or call it after what it changes" });
    }
  },
});

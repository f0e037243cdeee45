/** What deletes or cancels can be repeated. */
import { rule } from "../rule.js";
import { verbOf } from "../types.js";

export const deleteIdempotent = rule({
  slug: "delete-idempotent",
  set: "recommended",
  severity: "info",
  why: "The second run of a deletion finds nothing to do; saying so lets the runtime repeat it after a lost reply.",
  bad: `package shop;
service Orders {
  @atMostOnce deleteOrder(id: string);
}
`,
  good: `package shop;
service Orders {
  @idempotent deleteOrder(id: string);
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.semantics !== "atMostOnce" || !meaning.semanticsStated || !/^(delete|remove|cancel|close|stop|disable|enable|archive)$/.test(verbOf(meaning.name))) continue;
      report(node.name.span, `"${meaning.name}" is "@atMostOnce", though doing it twice is doing it once.`, { help: "write `@idempotent`, and let the handler answer the second run as the first" });
    }
  },
});

/** `@exactlyOnce` says how long its records are kept. */
import { rule } from "../rule.js";

export const retentionStated = rule({
  slug: "retention-stated",
  set: "recommended",
  severity: "warning",
  fixable: true,
  why: "A caller may come back for the outcome until then, and the store grows by it. Without `retain` the store decides.",
  bad: `package shop;
service Orders {
  @exactlyOnce place(id: string) -> u32;
}
`,
  good: `package shop;
service Orders {
  @exactlyOnce(retain: 24h) place(id: string) -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.semantics !== "exactlyOnce" || meaning.retainMs !== undefined) continue;
      const own = node.annotations.find(({ name, arguments: given }) => name.text === "exactlyOnce" && given.length === 0);
      const fix = own === undefined ? undefined : [{ span: own.span, text: "@exactlyOnce(retain: 24h)" }];
      report(node.name.span, `"${meaning.name}" does not say for how long a call is known.`, { help: "write `@exactlyOnce(retain: 24h)`", fix });
    }
  },
});

/** A `@readonly` method takes a secret. */
import { rule } from "../rule.js";

export const sensitiveInReadonly = rule({
  slug: "sensitive-in-readonly",
  set: "recommended",
  severity: "warning",
  why: "A `@readonly` call may be sent as an HTTP GET, whose address is logged on its way, and may be cached.",
  bad: `package shop;
service Users {
  @readonly find(@sensitive token: string) -> u32;
}
`,
  good: `package shop;
service Users {
  @readonly find(name: string) -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning, owner } of program.fields) {
      if (owner.kind === "method" && owner.meaning.semantics === "readonly" && meaning.sensitive) report(node.name.span, `"${owner.node.name.text}" is "@readonly", and "${node.name.text}" is "@sensitive".`, { help: "send it as a header, or make the method `@idempotent`" });
    }
  },
});

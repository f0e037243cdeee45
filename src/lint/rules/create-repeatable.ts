/** What creates or moves money can be asked for twice. */
import { rule } from "../rule.js";
import { verbOf } from "../types.js";

const CREATES = new Set(["create", "place", "charge", "pay", "transfer", "refund", "book", "order", "withdraw", "deposit"]);

export const createRepeatable = rule({
  slug: "create-repeatable",
  set: "strict",
  severity: "warning",
  why: "Under `@atMostOnce` a lost server leaves the caller with an unknown outcome and no way on. `@exactlyOnce` settles it.",
  bad: `package shop;
service Orders {
  @atMostOnce createOrder(id: string) -> u32;
}
`,
  good: `package shop;
service Orders {
  @exactlyOnce(retain: 24h) createOrder(id: string) -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.semantics !== "atMostOnce" || !CREATES.has(verbOf(meaning.name)) || meaning.result?.stream === true || meaning.parameters.kind === "stream") continue;
      report(node.name.span, `When its server is lost, nobody knows whether "${meaning.name}" was done.`, { help: "`@exactlyOnce(retain: 24h)` with a store, or `@idempotent` with an id of the caller's" });
    }
  },
});

/** A service has not too many methods. */
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

export const serviceSize = rule<{ max: number }>({
  slug: "service-size",
  set: "recommended",
  severity: "warning",
  options: { max: 30 },
  why: "A service is what is deployed, secured and mocked together.",
  bad: `package shop;
service Orders {
  @readonly a() -> u8;
  @readonly b() -> u8;
  @readonly c() -> u8;
}
`,
  good: `package shop;
service Orders {
  @readonly a() -> u8;
}
service Stock {
  @readonly b() -> u8;
}
`,
  exampleOptions: { max: 2 },
  check(program, report, options) {
    for (const { node, meaning } of declarationsOfKind(program, "service")) {
      const length = meaning.kind === "service" ? meaning.methods.length : 0;
      if (length > options.max) report(node.name.span, `"${meaning.name}" has ${length} methods.`, { help: "split it; one server serves both" });
    }
  },
});

/** No method takes a stream. */
import { rule } from "../rule.js";

export const noRequestStream = rule({
  slug: "no-request-stream",
  set: "optional",
  severity: "warning",
  why: "Some networks and gateways cannot pass one. For APIs that must cross them.",
  bad: `package shop;
service Orders {
  @atMostOnce upload(stream bytes) -> u32;
}
`,
  good: `package shop;
service Orders {
  @idempotent upload(part: u32, data: bytes) -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.parameters.kind === "stream") report(node.name.span, `"${meaning.name}" takes a stream.`, { help: "take parts, each with its number" });
    }
  },
});

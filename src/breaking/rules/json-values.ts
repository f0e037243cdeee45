/** Values that have the same bytes as before, and another form in JSON. */
import { BOTH, nameOf, placesOf, reaching } from "../describe.js";
import type { BreakingRule } from "../rule.js";

export const bytesSpelling: BreakingRule = {
  slug: "bytes-spelling",
  category: "wire",
  severity: "error",
  step: "major",
  why: "The bytes are the same, but JSON has `bytes` as base64 and `u8[]` as a list of numbers, and code has a Uint8Array or an array.",
  before: `package shop;
message M {
  a: bytes = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u8[] = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
alias Blob = bytes;
message M {
  a: Blob = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) {
      const { holder, new: fresh, difference } = pair;
      if (difference?.kind !== "spelling") continue;
      report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" was ${difference.old} in JSON and in code, and is ${difference.new}.`, help: `keep ${difference.old}; or add a field beside it`, ...reaching(holder.usage, BOTH) });
    }
    for (const { service, old, new: fresh, difference } of delta.results) {
      if (difference.kind !== "spelling") continue;
      report({ span: fresh.span, was: old.span, message: `What "${service.new.name}.${fresh.name}" carries was ${difference.old} in JSON and in code, and is ${difference.new}.`, help: "add a method beside it", affects: ["old client", "old server"] });
    }
  },
};

/** Names by which JSON knows fields. */
import { BOTH, nameOf, placesOf, reaching } from "../describe.js";
import type { BreakingRule } from "../rule.js";

export const fieldJsonName: BreakingRule = {
  slug: "field-json-name",
  category: "wire",
  severity: "error",
  step: "major",
  why: "JSON has fields by name: what was written under the old one is not found. The bytes have numbers, and do not care.",
  before: `package shop;
message M {
  a: u32 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  b: u32 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  @wireName("a") b: u32 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) {
      const { holder, old, new: fresh, difference } = pair;
      if (old.wireName === fresh.wireName || (difference !== undefined && old.name !== fresh.name)) continue;
      report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" was "${old.wireName}" in JSON, and is "${fresh.wireName}".`, help: `\`@wireName("${old.wireName}")\` keeps the old name`, ...reaching(holder.usage, BOTH) });
    }
  },
};

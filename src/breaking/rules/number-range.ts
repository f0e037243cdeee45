/** Which of its values an integer of 64 bits takes. */
import { NEW_OF_OLD, nameOf, OLD_OF_NEW, placesOf, reaching } from "../describe.js";
import type { BreakingRule } from "../rule.js";

export const numberRange: BreakingRule = {
  slug: "number-range",
  category: "wire",
  severity: "error",
  step: "major",
  why: "With `@number` a program refuses what is no safe integer, which others write.",
  before: `package shop;
message M {
  a: i64 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  @number a: i64 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: i64 = 1;
  @number b?: i64 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) {
      const { holder, old, new: fresh, difference } = pair;
      if (difference !== undefined || old.int64 === fresh.int64) continue;
      const isNarrower = fresh.int64 === "number";
      const message = `"${nameOf(holder, fresh)}" takes ${isNarrower ? "only safe integers now" : "all integers of 64 bits now, and took only safe ones"}.`;
      report({ ...placesOf(pair), message, help: isNarrower ? "keep the bigint" : "deploy the readers first", ...reaching(holder.usage, isNarrower ? NEW_OF_OLD : OLD_OF_NEW) });
    }
  },
};

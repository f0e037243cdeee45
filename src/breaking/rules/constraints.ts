/** Which values are accepted. They are checked on both sides of a call, and not in stored data. */
import type { Constraints } from "../../ir/schema.js";
import type { Delta } from "../delta.js";
import { nameOf, placesOf } from "../describe.js";
import type { BreakingRule, Change } from "../rule.js";

export const rangeTightened: BreakingRule = {
  slug: "range-tightened",
  category: "promise",
  severity: "error",
  step: "major",
  why: "What was accepted is refused with INVALID_ARGUMENT.",
  before: `package shop;
message M {
  @max(10) a: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  after: `package shop;
message M {
  @max(5) a: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  near: `package shop;
message M {
  @max(20) a: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  check(delta, report) {
    reportConstraints(delta, (old, fresh) => isTighter(rangeOf(old), rangeOf(fresh)), report, "accepts fewer values", true);
  },
};

export const rangeLoosened: BreakingRule = {
  slug: "range-loosened",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Programs that check by the old constraint refuse what is accepted now.",
  before: `package shop;
message M {
  @max(10) a: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  after: `package shop;
message M {
  @max(20) a: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  near: `package shop;
message M {
  @max(5) a: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  check(delta, report) {
    reportConstraints(delta, (old, fresh) => isTighter(rangeOf(fresh), rangeOf(old)), report, "accepts more values", false);
  },
};

export const lengthTightened: BreakingRule = {
  slug: "length-tightened",
  category: "promise",
  severity: "error",
  step: "major",
  why: "What was accepted is refused with INVALID_ARGUMENT.",
  before: `package shop;
message M {
  @length(max: 10) a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  after: `package shop;
message M {
  @length(max: 5) a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  near: `package shop;
message M {
  @length(max: 20) a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  check(delta, report) {
    reportConstraints(delta, (old, fresh) => isTighter(lengthOf(old), lengthOf(fresh)), report, "accepts fewer lengths", true);
  },
};

export const lengthLoosened: BreakingRule = {
  slug: "length-loosened",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Programs that check by the old constraint refuse what is accepted now.",
  before: `package shop;
message M {
  @length(max: 10) a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  after: `package shop;
message M {
  @length(max: 20) a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  near: `package shop;
message M {
  @length(max: 5) a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  check(delta, report) {
    reportConstraints(delta, (old, fresh) => isTighter(lengthOf(fresh), lengthOf(old)), report, "accepts more lengths", false);
  },
};

export const patternChanged: BreakingRule = {
  slug: "pattern-changed",
  category: "promise",
  severity: "error",
  step: "major",
  why: "What was accepted is refused with INVALID_ARGUMENT.",
  before: `package shop;
message M {
  @pattern("^a") a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  after: `package shop;
message M {
  @pattern("^b") a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  near: `package shop;
message M {
  @pattern("^a") @length(max: 9) a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  check(delta, report) {
    reportConstraints(delta, (old, fresh) => fresh.pattern !== undefined && fresh.pattern !== old.pattern, report, "has another pattern", true);
  },
};

export const patternRemoved: BreakingRule = {
  slug: "pattern-removed",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Programs that check by the old constraint refuse what is accepted now.",
  before: `package shop;
message M {
  @pattern("^a") a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  after: `package shop;
message M {
   a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  near: `package shop;
message M {
  @pattern("^a") @length(max: 9) a: string = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  check(delta, report) {
    reportConstraints(delta, (old, fresh) => old.pattern !== undefined && fresh.pattern === undefined, report, "has no pattern any more", false);
  },
};

type Bounds = readonly [low: number | undefined, high: number | undefined];

const rangeOf = ({ min, max }: Constraints): Bounds => [min === undefined ? undefined : Number(min), max === undefined ? undefined : Number(max)];
const lengthOf = ({ minLength, maxLength }: Constraints): Bounds => [minLength, maxLength];

/** Whether something that the first bounds accept is refused by the second. */
function isTighter([low = -Infinity, high = Infinity]: Bounds, [newLow = -Infinity, newHigh = Infinity]: Bounds): boolean {
  return newLow > low || newHigh < high;
}

/** Old clients and servers check by the old constraints: what travels to them, or from them, may be refused. */
function reportConstraints(delta: Delta, changed: (old: Constraints, fresh: Constraints) => boolean, report: (change: Change) => void, what: string, isTightened: boolean): void {
  for (const pair of delta.properties) {
    const { holder, old, new: fresh } = pair;
    if (!changed(old.constraints ?? {}, fresh.constraints ?? {})) continue;
    const { sent, answered } = holder.usage;
    const affects: Change["affects"] = isTightened ? [...(sent ? ["old client" as const] : []), ...(answered ? ["old server" as const] : [])] : [...(answered ? ["old client" as const] : []), ...(sent ? ["old server" as const] : [])];
    const order = sent === answered ? undefined : isTightened === sent ? "deploy clients first, then servers" : "deploy servers first, then clients";
    report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" ${what}.`, affects, ...(order !== undefined && { order }) });
  }
}

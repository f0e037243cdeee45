/** Which values are accepted. They are checked on both sides of a call, and not in stored data. */
import { integerRange } from "../../ir/integer-range.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Field } from "../../ir/schema.js";
import type { Delta, FieldPair } from "../delta.js";
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
    reportBounds(delta, rangeOf, report, "accepts fewer values", true);
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
    reportBounds(delta, rangeOf, report, "accepts more values", false);
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
    reportBounds(delta, lengthOf, report, "accepts fewer lengths", true);
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
    reportBounds(delta, lengthOf, report, "accepts more lengths", false);
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
    reportConstraints(delta, ({ old, new: { constraints } }) => constraints?.pattern !== undefined && constraints.pattern !== old.constraints?.pattern, report, "has a new pattern", true);
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
    reportConstraints(delta, ({ old, new: fresh }) => old.constraints?.pattern !== undefined && fresh.constraints?.pattern === undefined, report, "has no pattern any more", false);
  },
};

type Bounds = readonly [low: bigint | number, high: bigint | number];

/** What a field takes. Its type has bounds of its own, which count where it is still the same: for another there are other rules. */
function rangeOf(index: SchemaIndex, { type, constraints: { min, max } = {} }: Field, isOfSameType: boolean): Bounds {
  const concrete = index.concrete(type);
  const [least, greatest] = (isOfSameType && concrete.kind === "scalar" && integerRange(concrete.scalar)) || [-Infinity, Infinity];
  return [min === undefined ? least : boundOf(min), max === undefined ? greatest : boundOf(max)];
}

/** Whole numbers are compared as what they are, however great. */
function boundOf(text: string): bigint | number {
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}

function lengthOf(_index: SchemaIndex, { constraints: { minLength = 0, maxLength = Infinity } = {} }: Field): Bounds {
  return [minLength, maxLength];
}

/** Whether something that the first bounds accept is refused by the second. */
function isTighter([low, high]: Bounds, [newLow, newHigh]: Bounds): boolean {
  return newLow > low || newHigh < high;
}

function reportBounds(delta: Delta, boundsOf: typeof rangeOf, report: (change: Change) => void, what: string, isTightened: boolean): void {
  const changed = ({ old, new: fresh, difference }: FieldPair) => {
    const [was, is] = [boundsOf(delta.before, old, difference === undefined), boundsOf(delta.after, fresh, difference === undefined)];
    return isTightened ? isTighter(was, is) : isTighter(is, was);
  };
  reportConstraints(delta, changed, report, what, isTightened);
}

/** Old clients and servers check by the old constraints: what travels to them, or from them, may be refused. */
function reportConstraints(delta: Delta, changed: (pair: FieldPair) => boolean, report: (change: Change) => void, what: string, isTightened: boolean): void {
  for (const pair of delta.properties) {
    if (!changed(pair)) continue;
    const { holder, new: fresh } = pair;
    const { sent, answered } = holder.usage;
    const affects: Change["affects"] = isTightened ? [...(sent ? ["old client" as const] : []), ...(answered ? ["old server" as const] : [])] : [...(answered ? ["old client" as const] : []), ...(sent ? ["old server" as const] : [])];
    const order = sent === answered ? undefined : isTightened === sent ? "deploy clients first, then servers" : "deploy servers first, then clients";
    report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" ${what}.`, affects, ...(order !== undefined && { order }) });
  }
}

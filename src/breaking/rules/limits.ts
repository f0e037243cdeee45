/** For how long, how often and how soon: numbers that callers rely on. */
import type { Method } from "../../ir/schema.js";
import type { Delta } from "../delta.js";
import type { BreakingRule, Change } from "../rule.js";

export const retentionShortened: BreakingRule = {
  slug: "retention-shortened",
  category: "promise",
  severity: "error",
  step: "major",
  why: "A caller that comes back for an outcome finds it gone earlier.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @exactlyOnce(retain: 48h) a() -> A;
}
`,
  after: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @exactlyOnce(retain: 24h) a() -> A;
}
`,
  near: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @exactlyOnce(retain: 72h) a() -> A;
}
`,
  check(delta, report) {
    reportLimit(delta, (old, fresh) => shorterRetention(old, fresh), report, { help: "callers must know before", affects: ["old client"], order: "deploy clients first, then servers" });
  },
};

export const deadlineShortened: BreakingRule = {
  slug: "deadline-shortened",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Calls that were answered in time are given up now.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @deadline(5s) a() -> A;
}
`,
  after: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @deadline(1s) a() -> A;
}
`,
  near: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @deadline(9s) a() -> A;
}
`,
  check(delta, report) {
    reportLimit(delta, (old, fresh) => (old.deadlineMs !== undefined && fresh.deadlineMs !== undefined && fresh.deadlineMs < old.deadlineMs ? `has ${seconds(fresh.deadlineMs)}, and had ${seconds(old.deadlineMs)}` : undefined), report, { help: "look at how long calls take first", affects: [] });
  },
};

export const deadlineAdded: BreakingRule = {
  slug: "deadline-added",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Calls that took longer are given up now.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly a() -> A;
}
`,
  after: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @deadline(1s) a() -> A;
}
`,
  near: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @retry(attempts: 2) a() -> A;
}
`,
  check(delta, report) {
    reportLimit(delta, (old, fresh) => (old.deadlineMs === undefined && fresh.deadlineMs !== undefined ? `has a deadline of ${seconds(fresh.deadlineMs)} now` : undefined), report, { help: "look at how long calls take first", affects: [] });
  },
};

export const deadlineRemoved: BreakingRule = {
  slug: "deadline-removed",
  category: "promise",
  severity: "info",
  step: "patch",
  why: "The general default holds now.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @deadline(1s) a() -> A;
}
`,
  after: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly a() -> A;
}
`,
  near: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @deadline(2s) a() -> A;
}
`,
  check(delta, report) {
    reportLimit(delta, (old, fresh) => (old.deadlineMs !== undefined && fresh.deadlineMs === undefined ? "has no deadline of its own any more" : undefined), report, {});
  },
};

export const attemptsRaised: BreakingRule = {
  slug: "attempts-raised",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Each attempt is load on servers that are failing.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @retry(attempts: 2) a() -> A;
}
`,
  after: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @retry(attempts: 5) a() -> A;
}
`,
  near: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @retry(attempts: 1) a() -> A;
}
`,
  check(delta, report) {
    reportLimit(delta, (old, fresh) => ((fresh.attempts ?? 0) > (old.attempts ?? 0) && old.attempts !== undefined ? `is tried up to ${fresh.attempts} times, and was up to ${old.attempts}` : undefined), report, { help: "see that servers bear it" });
  },
};

export const attemptsLowered: BreakingRule = {
  slug: "attempts-lowered",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Calls that succeeded at a later attempt fail now.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @retry(attempts: 5) a() -> A;
}
`,
  after: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @retry(attempts: 2) a() -> A;
}
`,
  near: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @retry(attempts: 6) a() -> A;
}
`,
  check(delta, report) {
    reportLimit(delta, (old, fresh) => (fresh.attempts !== undefined && old.attempts !== undefined && fresh.attempts < old.attempts ? `is tried up to ${fresh.attempts} times, and was up to ${old.attempts}` : undefined), report, {});
  },
};

export const hedgeAdded: BreakingRule = {
  slug: "hedge-added",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Slow calls are sent twice, which is load that servers did not have.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly a() -> A;
}
`,
  after: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @hedge a() -> A;
}
`,
  near: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @deadline(1s) a() -> A;
}
`,
  check(delta, report) {
    reportLimit(delta, (old, fresh) => (!old.hedge && fresh.hedge ? "is hedged now" : undefined), report, { help: "see that servers bear it" });
  },
};

export const hedgeRemoved: BreakingRule = {
  slug: "hedge-removed",
  category: "promise",
  severity: "info",
  step: "patch",
  why: "Slow calls stay slow.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @hedge a() -> A;
}
`,
  after: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly a() -> A;
}
`,
  near: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly @hedge @deadline(1s) a() -> A;
}
`,
  check(delta, report) {
    reportLimit(delta, (old, fresh) => (old.hedge && !fresh.hedge ? "is not hedged any more" : undefined), report, {});
  },
};

function reportLimit(delta: Delta, changed: (old: Method, fresh: Method) => string | undefined, report: (change: Change) => void, says: Pick<Change, "help" | "affects" | "order">): void {
  for (const { service, old, new: fresh } of delta.methods) {
    const what = changed(old, fresh);
    if (what !== undefined) report({ span: fresh.span, was: old.span, message: `"${service.new.name}.${fresh.name}" ${what}.`, ...says });
  }
}

/** Without `retain` the store decides, and nothing is promised. */
function shorterRetention({ retainMs: old }: Method, { semantics, retainMs: fresh }: Method): string | undefined {
  if (old === undefined || semantics !== "exactlyOnce" || (fresh !== undefined && fresh >= old)) return undefined;
  return fresh === undefined ? `does not say any more how long it keeps a call, which was ${seconds(old)}` : `keeps a call for ${seconds(fresh)}, and kept it for ${seconds(old)}`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

/** What may happen to a call: a promise that is taken back, or given. */
import type { Semantics } from "../../ir/schema.js";
import type { Delta } from "../delta.js";
import type { BreakingRule, Change } from "../rule.js";

export const readonlyDropped: BreakingRule = {
  slug: "readonly-dropped",
  category: "promise",
  severity: "error",
  step: "major",
  why: "Old clients go on repeating, racing and caching calls that have an effect now.",
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
  @idempotent a() -> A;
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
  @readonly @deadline(5s) a() -> A;
}
`,
  check(delta, report) {
    reportPromise(delta, (old) => old === "readonly", report, { help: "add a method for what has an effect", affects: ["old client"], order: "deploy clients first, then servers" });
  },
};

export const readonlyAdded: BreakingRule = {
  slug: "readonly-added",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "New clients repeat, race and cache what old servers still do with an effect.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @idempotent a() -> A;
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
  @idempotent @deadline(5s) a() -> A;
}
`,
  check(delta, report) {
    reportPromise(delta, (_, fresh) => fresh === "readonly", report, { help: "make it true on every server first", affects: ["old server"], order: "deploy servers first, then clients" });
  },
};

export const idempotentDropped: BreakingRule = {
  slug: "idempotent-dropped",
  category: "promise",
  severity: "error",
  step: "major",
  why: "Old clients go on sending it again after a lost reply, and it runs twice.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @idempotent a() -> A;
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
  @atMostOnce a() -> A;
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
  @readonly a() -> A;
}
`,
  check(delta, report) {
    reportPromise(delta, (old, fresh) => old === "idempotent" && fresh !== "readonly", report, { help: "leave it idempotent, or add a method", affects: ["old client"], order: "deploy clients first, then servers" });
  },
};

export const idempotentAdded: BreakingRule = {
  slug: "idempotent-added",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "New clients send it again after a lost reply; an old server would run it twice.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @atMostOnce a() -> A;
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
  @idempotent a() -> A;
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
  @atMostOnce @deadline(5s) a() -> A;
}
`,
  check(delta, report) {
    reportPromise(delta, (old, fresh) => fresh === "idempotent" && old !== "readonly", report, { help: "make it true on every server first", affects: ["old server"], order: "deploy servers first, then clients" });
  },
};

export const exactlyOnceDropped: BreakingRule = {
  slug: "exactly-once-dropped",
  category: "promise",
  severity: "error",
  step: "major",
  why: "Old clients come back after a crash for an outcome that nobody keeps any more.",
  before: `package shop;
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
  after: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @atMostOnce a() -> A;
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
  @exactlyOnce(retain: 48h) a() -> A;
}
`,
  check(delta, report) {
    reportPromise(delta, (old) => old === "exactlyOnce", report, { help: "keep the promise until no client relies on it", affects: ["old client"], order: "deploy clients first, then servers" });
  },
};

export const exactlyOnceAdded: BreakingRule = {
  slug: "exactly-once-added",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "New clients come back to old servers, which keep nothing.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @atMostOnce a() -> A;
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
  @atMostOnce @deadline(5s) a() -> A;
}
`,
  check(delta, report) {
    reportPromise(delta, (_, fresh) => fresh === "exactlyOnce", report, { help: "give every server its store first", affects: ["old server"], order: "deploy servers first, then clients" });
  },
};

export const failStopAdded: BreakingRule = {
  slug: "fail-stop-added",
  category: "promise",
  severity: "error",
  step: "major",
  why: "A call needs a session, which old clients do not open; and the first doubt ends it.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @atMostOnce a() -> A;
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
  @failStop a() -> A;
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
  @atMostOnce @deadline(5s) a() -> A;
}
`,
  check(delta, report) {
    reportPromise(delta, (_, fresh) => fresh === "failStop", report, { help: "add a method beside it", affects: ["old client", "old server"] });
  },
};

export const failStopDropped: BreakingRule = {
  slug: "fail-stop-dropped",
  category: "promise",
  severity: "error",
  step: "major",
  why: "Callers rely on the order of their calls, which nothing keeps any more.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @failStop a() -> A;
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
  @atMostOnce a() -> A;
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
  @failStop @deadline(5s) a() -> A;
}
`,
  check(delta, report) {
    reportPromise(delta, (old) => old === "failStop", report, { help: "add a method beside it", affects: ["old client"] });
  },
};

function reportPromise(delta: Delta, changed: (old: Semantics, fresh: Semantics) => boolean, report: (change: Change) => void, says: Pick<Change, "help" | "affects" | "order">): void {
  for (const { service, old, new: fresh } of delta.methods) {
    if (old.semantics === fresh.semantics || !changed(old.semantics, fresh.semantics)) continue;
    report({ span: fresh.span, was: old.span, message: `"${service.new.name}.${fresh.name}" was "@${old.semantics}", and is "@${fresh.semantics}".`, ...says });
  }
}

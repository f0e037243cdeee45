/** Which methods there are, and what a call carries. */
import type { MethodPair } from "../delta.js";
import { findBy } from "../find-by.js";
import type { BreakingRule } from "../rule.js";
import type { Affected } from "../usage.js";

export const serviceRemoved: BreakingRule = {
  slug: "service-removed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Calls of old clients are answered UNIMPLEMENTED.",
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
service T {
  @readonly a() -> A;
}
`,
  near: `package shop;
message A {
  x: u32 = 1;
}
@wireName("shop.S")
service T {
  @readonly a() -> A;
}
`,
  check(delta, report) {
    for (const removed of delta.removed) {
      if (removed.kind === "service") report({ span: undefined, was: removed.span, message: `The service "${removed.fullName}" is gone.`, help: `keep it until no client calls it; if it has a new name, \`@wireName("${removed.wireName}")\` keeps the old one`, affects: NOBODY_LEFT });
    }
  },
};

export const methodRemoved: BreakingRule = {
  slug: "method-removed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Calls of old clients are answered UNIMPLEMENTED.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly a() -> A;
  @readonly b() -> A;
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
  @readonly a() -> A;
  @wireName("b") @readonly c() -> A;
}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.services) {
      for (const method of old.methods) {
        if (findBy(fresh.methods, "path", method.path) !== undefined || findBy(fresh.methods, "name", method.name) !== undefined) continue;
        report({ span: fresh.span, was: method.span, message: `The method "${fresh.name}.${method.name}" is gone.`, help: `deprecate it until no client calls it; if it has a new name, \`@wireName("${method.wireName}")\` keeps the old one`, affects: NOBODY_LEFT });
      }
    }
  },
};

export const methodWireName: BreakingRule = {
  slug: "method-wire-name",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Old clients call it by the old name, and are answered UNIMPLEMENTED.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @wireName("x") @readonly a() -> A;
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
  @wireName("x") @readonly b() -> A;
}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.services) {
      for (const method of old.methods) {
        const now = findBy(fresh.methods, "name", method.name);
        if (now !== undefined && now.path !== method.path) report({ span: now.span, was: method.span, message: `"${fresh.name}.${now.name}" was "${method.path}" on the wire, and is "${now.path}".`, help: `\`@wireName("${method.wireName}")\` keeps the old name`, affects: NOBODY_LEFT });
      }
    }
  },
};

export const requestStreamChanged: BreakingRule = {
  slug: "request-stream-changed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "One message and a stream of them are sent in different ways.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @atMostOnce a(x: u32) -> A;
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
  @atMostOnce a(stream A) -> A;
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
  @atMostOnce a(x: u32, y: u32) -> A;
}
`,
  check(delta, report) {
    for (const pair of delta.methods) {
      if (pair.old.parameters.kind !== pair.new.parameters.kind) report({ span: pair.new.span, was: pair.old.span, message: `"${nameOf(pair)}" ${pair.new.parameters.kind === "stream" ? "takes a stream now" : "takes no stream any more"}.`, help: "add a method beside it", affects: ["old client", "old server"] });
    }
  },
};

export const responseStreamChanged: BreakingRule = {
  slug: "response-stream-changed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "One message and a stream of them are answered in different ways.",
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
  @readonly a() -> stream A;
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
  @readonly b() -> stream A;
}
`,
  check(delta, report) {
    for (const pair of delta.methods) {
      const [old, fresh] = [pair.old.result, pair.new.result];
      if (old !== undefined && fresh !== undefined && old.stream !== fresh.stream) report({ span: pair.new.span, was: pair.old.span, message: `"${nameOf(pair)}" ${fresh.stream ? "answers with a stream now" : "answers with no stream any more"}.`, help: "add a method beside it", affects: ["old client", "old server"] });
    }
  },
};

export const resultAdded: BreakingRule = {
  slug: "result-added",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Old servers answer nothing where new clients read a value, and old clients refuse a value where they expect nothing.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @idempotent a();
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
  @idempotent a();
  @idempotent b() -> A;
}
`,
  check(delta, report) {
    for (const pair of delta.methods) {
      if (pair.old.result === undefined && pair.new.result !== undefined) report({ span: pair.new.span, was: pair.old.span, message: `"${nameOf(pair)}" has an answer now.`, help: "add a method beside it", affects: ["old client", "old server"] });
    }
  },
};

export const resultRemoved: BreakingRule = {
  slug: "result-removed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Old clients read a value where new servers answer nothing, and new clients refuse a value where they expect nothing.",
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
  @idempotent a();
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
  @idempotent a() -> A;
  @idempotent b();
}
`,
  check(delta, report) {
    for (const pair of delta.methods) {
      if (pair.old.result !== undefined && pair.new.result === undefined) report({ span: pair.new.span, was: pair.old.span, message: `"${nameOf(pair)}" has no answer any more.`, help: "go on answering, or add a method beside it", affects: ["old client", "old server"] });
    }
  },
};

export const resultTypeChanged: BreakingRule = {
  slug: "result-type-changed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "The bytes of one type are no bytes of the other.",
  before: `package shop;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly a() -> u32;
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
  @readonly a() -> string;
}
`,
  near: `package shop;
alias Count = u32;
message A {
  x: u32 = 1;
}
message B {
  x: string = 1;
}
service S {
  @readonly a() -> Count;
}
`,
  check(delta, report) {
    for (const pair of delta.results) if (pair.difference.kind !== "spelling") report({ span: pair.new.span, was: pair.old.span, message: `What "${nameOf(pair)}" carries was of the type ${pair.difference.old}, and is of the type ${pair.difference.new}.`, help: "add a method beside it", affects: ["old client", "old server"] });
  },
};

const NOBODY_LEFT: readonly Affected[] = ["old client"];

function nameOf({ service, new: method }: MethodPair): string {
  return `${service.new.name}.${method.name}`;
}

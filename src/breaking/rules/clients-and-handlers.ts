/** Methods as code calls and implements them. */
import { findBy } from "../find-by.js";
import type { BreakingRule } from "../rule.js";

export const methodRenamed: BreakingRule = {
  slug: "method-renamed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Clients call it, and servers implement it, by the old name.",
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
  @wireName("a") @readonly b() -> A;
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
  @wireName("a") @tsName("a") @readonly b() -> A;
}
`,
  check(delta, report) {
    for (const { service, old, new: fresh } of delta.methods) {
      const [was, is] = [old.tsName ?? old.name, fresh.tsName ?? fresh.name];
      if (was !== is) report({ span: fresh.span, was: old.span, message: `"${service.new.name}.${was}" is called "${is}" in TypeScript now.`, help: `\`@tsName("${was}")\` keeps the old name` });
    }
  },
};

export const methodAdded: BreakingRule = {
  slug: "method-added",
  category: "source",
  severity: "warning",
  step: "minor",
  why: "Servers do not compile until they implement it; new clients of old servers get UNIMPLEMENTED.",
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
  @readonly a() -> A;
  @readonly b() -> A;
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
  @deprecated("-") @readonly a() -> A;
}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.services) {
      for (const method of fresh.methods) {
        if (findBy(old.methods, "path", method.path) !== undefined || findBy(old.methods, "name", method.name) !== undefined) continue;
        report({ span: method.span, message: `The method "${fresh.name}.${method.name}" is new.`, affects: ["old server"], order: "deploy servers first, then clients" });
      }
    }
  },
};

export const serviceRenamed: BreakingRule = {
  slug: "service-renamed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code imports its client and its handlers by the old name.",
  before: `package shop;
service S {
  @readonly a() -> u8;
}
`,
  after: `package shop;
@wireName("shop.S") service T {
  @readonly a() -> u8;
}
`,
  near: `package shop;
@wireName("shop.S") @tsName("S") service T {
  @readonly a() -> u8;
}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.services) {
      const [was, is] = [old.tsName ?? old.name, fresh.tsName ?? fresh.name];
      if (was !== is) report({ span: fresh.span, was: old.span, message: `The service "${was}" is called "${is}" in TypeScript now.`, help: `\`@tsName("${was}")\` keeps the old name` });
    }
  },
};

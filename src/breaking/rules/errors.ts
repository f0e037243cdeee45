/** Which errors there are, who throws them, and their codes. */
import type { MethodPair } from "../delta.js";
import type { BreakingRule } from "../rule.js";

export const errorThrownAdded: BreakingRule = {
  slug: "error-thrown-added",
  category: "wire",
  severity: "warning",
  step: "minor",
  why: "Old clients do not know the error by its type, and see its code and message.",
  before: `package shop;
error A {}
error B {}
service S {
  @readonly a() -> u32 throws A;
}
`,
  after: `package shop;
error A {}
error B {}
service S {
  @readonly a() -> u32 throws A, B;
}
`,
  near: `package shop;
error A {}
error B {}
service S {
  @readonly a() -> u32 throws A;
}
message M {
  z: u8 = 1;
}
`,
  check(delta, report) {
    for (const pair of delta.methods) {
      const known = pair.old.throws.map((name) => delta.before.declaration(name).wireName);
      for (const name of pair.new.throws.map((each) => delta.after.declaration(each).wireName)) {
        if (!known.includes(name)) report({ span: pair.new.span, was: pair.old.span, message: `"${nameOf(pair)}" throws "${name}" now, which old clients know only by its code.`, affects: ["old client"], order: "deploy clients first, then servers" });
      }
    }
  },
};

export const errorThrownRemoved: BreakingRule = {
  slug: "error-thrown-removed",
  category: "source",
  severity: "info",
  step: "minor",
  why: "Old servers still throw it; new clients see it by its code alone.",
  before: `package shop;
error A {}
error B {}
service S {
  @readonly a() -> u32 throws A, B;
}
`,
  after: `package shop;
error A {}
error B {}
service S {
  @readonly a() -> u32 throws A;
}
`,
  near: `package shop;
error A {}
error B {}
service S {
  @readonly a() -> u32 throws B, A;
}
`,
  check(delta, report) {
    for (const pair of delta.methods) {
      const left = pair.new.throws.map((name) => delta.after.declaration(name).wireName);
      for (const name of pair.old.throws.map((each) => delta.before.declaration(each).wireName)) {
        if (!left.includes(name)) report({ span: pair.new.span, was: pair.old.span, message: `"${nameOf(pair)}" does not throw "${name}" any more.`, affects: ["old server"], order: "deploy servers first, then clients" });
      }
    }
  },
};

export const errorRemoved: BreakingRule = {
  slug: "error-removed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Errors go by name: what old servers throw has no type in new clients.",
  before: `package shop;
error A {}
error B {}
service S {
  @readonly a() throws A;
}
`,
  after: `package shop;
error B {}
service S {
  @readonly a();
}
`,
  near: `package shop;
@wireName("shop.A") error C {}
error B {}
service S {
  @readonly a() throws C;
}
`,
  check(delta, report) {
    for (const removed of delta.removed) {
      if (removed.kind === "error") report({ span: undefined, was: removed.span, message: `The error "${removed.fullName}" is gone.`, help: `keep it until no server throws it; if it has a new name, \`@wireName("${removed.wireName}")\` keeps the old one`, affects: ["old server"] });
    }
  },
};

export const errorCodeChanged: BreakingRule = {
  slug: "error-code-changed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Callers without types, gateways and metrics know an error by its code.",
  before: `package shop;
@code(NOT_FOUND) error A {}
`,
  after: `package shop;
@code(ABORTED) error A {}
`,
  near: `package shop;
@code(NOT_FOUND) @retryable error A {}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      if (old.kind === "error" && fresh.kind === "error" && old.code !== fresh.code) report({ span: fresh.span, was: old.span, message: `"${fresh.name}" had the code ${old.code}, and has ${fresh.code}.`, help: `write \`@code(${old.code})\``, affects: ["old client", "old server"] });
    }
  },
};

function nameOf({ service, new: method }: MethodPair): string {
  return `${service.new.name}.${method.name}`;
}

/** Errors, defaults, constants and secrets: what is the same type and means something else. */
import { canonicalJson } from "../../ir/canonical-json.js";
import type { Value } from "../../ir/schema.js";
import { nameOf, placesOf } from "../describe.js";
import type { BreakingRule } from "../rule.js";

export const errorRetryableAdded: BreakingRule = {
  slug: "error-retryable-added",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Clients try again after it: load that servers did not have.",
  before: `package shop;
@code(ABORTED) error A {}
`,
  after: `package shop;
@code(ABORTED) @retryable error A {}
`,
  near: `package shop;
@code(ABORTED) @deprecated("-") error A {}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      if (old.kind === "error" && fresh.kind === "error" && !old.retryable && fresh.retryable) report({ span: fresh.span, was: old.span, message: `"${fresh.name}" is retryable now.`, help: "see that servers bear it" });
    }
  },
};

export const errorRetryableRemoved: BreakingRule = {
  slug: "error-retryable-removed",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Calls that succeeded at a later attempt fail now.",
  before: `package shop;
@code(ABORTED) @retryable error A {}
`,
  after: `package shop;
@code(ABORTED) error A {}
`,
  near: `package shop;
@code(ABORTED) @retryable @deprecated("-") error A {}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      if (old.kind === "error" && fresh.kind === "error" && old.retryable && !fresh.retryable) report({ span: fresh.span, was: old.span, message: `"${fresh.name}" is not retryable any more.`, affects: [] });
    }
  },
};

export const defaultChanged: BreakingRule = {
  slug: "default-changed",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Callers that leave the field out ask for something else now. Stored data does not change, for a field with a default is always written.",
  before: `package shop;
message M {
  @default(1) a: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  @default(2) a: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  @default(1) @max(9) a: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) {
      const { holder, old, new: fresh } = pair;
      if (old.default !== undefined && fresh.default !== undefined && !isSame(old.default, fresh.default)) report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" has another default.`, help: "say so in the release notes" });
    }
  },
};

export const constantValueChanged: BreakingRule = {
  slug: "constant-value-changed",
  category: "promise",
  severity: "warning",
  step: "minor",
  why: "Programs of both ages work with different values.",
  before: `package shop;
const LIMIT: u32 = 1;
`,
  after: `package shop;
const LIMIT: u32 = 2;
`,
  near: `package shop;
const LIMIT: u32 = 0x1;
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      if (old.kind === "const" && fresh.kind === "const" && old.value.kind === fresh.value.kind && !isSame(old.value, fresh.value)) report({ span: fresh.span, was: old.span, message: `The constant "${fresh.name}" has another value.` });
    }
  },
};

export const sensitiveRemoved: BreakingRule = {
  slug: "sensitive-removed",
  category: "promise",
  severity: "error",
  step: "major",
  why: "What was masked reaches logs and error messages.",
  before: `package shop;
message M {
  @sensitive a: string = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: string = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  @sensitive a: string = 1;
  b?: string = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) if (pair.old.sensitive && !pair.new.sensitive) report({ ...placesOf(pair), message: `"${nameOf(pair.holder, pair.new)}" is not "@sensitive" any more.`, help: "keep it masked" });
  },
};

export const sensitiveAdded: BreakingRule = {
  slug: "sensitive-added",
  category: "promise",
  severity: "info",
  step: "patch",
  why: "Logs and messages that showed it mask it now.",
  before: `package shop;
message M {
  a: string = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  @sensitive a: string = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: string = 1;
  @sensitive b?: string = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) if (!pair.old.sensitive && pair.new.sensitive) report({ ...placesOf(pair), message: `"${nameOf(pair.holder, pair.new)}" is "@sensitive" now.` });
  },
};

function isSame(old: Value, fresh: Value): boolean {
  return canonicalJson(old) === canonicalJson(fresh);
}

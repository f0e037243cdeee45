/** Declarations that generated code does not export any more, or under another name or type. */
import type { Declaration } from "../../ir/schema.js";
import { compareTypes, typeText } from "../compare-types.js";
import type { Delta } from "../delta.js";
import type { BreakingRule, Change } from "../rule.js";

export const messageRemoved: BreakingRule = {
  slug: "message-removed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that names it does not compile any more.",
  before: `package shop;
alias Z = u8;
message M {
  a: u8 = 1;
}
`,
  after: `package shop;
alias Z = u8;
`,
  near: `package shop;
alias Z = u8;
@deprecated("use Z")
message M {
  a: u8 = 1;
}
`,
  check(delta, report) {
    reportRemoved(delta, ["message"], report);
  },
};

export const structRemoved: BreakingRule = {
  slug: "struct-removed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that names it does not compile any more.",
  before: `package shop;
alias Z = u8;
struct M {
  a: u8;
}
`,
  after: `package shop;
alias Z = u8;
`,
  near: `package shop;
alias Z = u8;
@deprecated("use Z")
struct M {
  a: u8;
}
`,
  check(delta, report) {
    reportRemoved(delta, ["struct"], report);
  },
};

export const unionRemoved: BreakingRule = {
  slug: "union-removed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that names it does not compile any more.",
  before: `package shop;
alias Z = u8;
union M {
  a: u8 = 1;
}
`,
  after: `package shop;
alias Z = u8;
`,
  near: `package shop;
alias Z = u8;
@deprecated("use Z")
union M {
  a: u8 = 1;
}
`,
  check(delta, report) {
    reportRemoved(delta, ["union"], report);
  },
};

export const enumRemoved: BreakingRule = {
  slug: "enum-removed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that names it does not compile any more.",
  before: `package shop;
alias Z = u8;
enum M {
  U = 0;
}
`,
  after: `package shop;
alias Z = u8;
`,
  near: `package shop;
alias Z = u8;
@deprecated("use Z")
enum M {
  U = 0;
}
`,
  check(delta, report) {
    reportRemoved(delta, ["enum"], report);
  },
};

export const aliasRemoved: BreakingRule = {
  slug: "alias-removed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that names it does not compile any more.",
  before: `package shop;
alias Z = u8;
alias M = u8;
`,
  after: `package shop;
alias Z = u8;
`,
  near: `package shop;
alias Z = u8;
@deprecated("use Z")
alias M = u8;
`,
  check(delta, report) {
    reportRemoved(delta, ["alias"], report);
  },
};

export const constantRemoved: BreakingRule = {
  slug: "constant-removed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that names it does not compile any more.",
  before: `package shop;
alias Z = u8;
const M: u8 = 1;
`,
  after: `package shop;
alias Z = u8;
`,
  near: `package shop;
alias Z = u8;
@deprecated("use Z")
const M: u8 = 1;
`,
  check(delta, report) {
    reportRemoved(delta, ["const"], report);
  },
};

export const annotationRemoved: BreakingRule = {
  slug: "annotation-removed",
  category: "source",
  severity: "warning",
  step: "minor",
  why: "Files that use the annotation do not compile any more; nothing that runs is affected.",
  before: `package shop;
alias Z = u8;
annotation owner(team: string) on service;
`,
  after: `package shop;
alias Z = u8;
`,
  near: `package shop;
alias Z = u8;
annotation owner(team: string, mail?: string) on service;
`,
  check(delta, report) {
    reportRemoved(delta, ["annotation"], report);
  },
};

export const declarationKind: BreakingRule = {
  slug: "declaration-kind",
  category: "source",
  severity: "error",
  step: "major",
  why: "What was an interface is a class or a union now, and is used otherwise.",
  before: `package shop;
struct M {
  a: u8;
}
`,
  after: `package shop;
message M {
  a: u8 = 1;
}
`,
  near: `package shop;
struct M {
  a: u8;
}
message N {
  a: u8 = 1;
}
`,
  check(delta, report) {
    for (const old of delta.removed) {
      const fresh = delta.replacementOf(old);
      // One that has another name on the wire only is another finding.
      if (fresh !== undefined && fresh.kind !== old.kind) report({ span: fresh.span, was: old.span, message: `"${fresh.fullName}" was ${a(old.kind)}, and is ${a(fresh.kind)}.`, help: "give the new one a name of its own" });
    }
  },
};

export const aliasType: BreakingRule = {
  slug: "alias-type",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that was written for the old type does not compile, or does something else.",
  before: `package shop;
alias A = u8;
`,
  after: `package shop;
alias A = string;
`,
  near: `package shop;
alias B = u8;
alias A = B;
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      if (old.kind !== "alias" || fresh.kind !== "alias") continue;
      const { difference } = compareTypes(delta.before, old.type, delta.after, fresh.type);
      if (difference !== undefined) report({ span: fresh.span, was: old.span, message: `The alias "${fresh.name}" was ${typeText(old.type)}, and is ${typeText(fresh.type)}.`, help: "give the new type a name of its own" });
    }
  },
};

export const constantType: BreakingRule = {
  slug: "constant-type",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that was written for the old type does not compile.",
  before: `package shop;
const A: u32 = 1;
`,
  after: `package shop;
const A: string = "1";
`,
  near: `package shop;
const A: u32 = 2;
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      if (old.kind !== "const" || fresh.kind !== "const") continue;
      const { difference } = compareTypes(delta.before, old.type, delta.after, fresh.type);
      if (difference !== undefined) report({ span: fresh.span, was: old.span, message: `The constant "${fresh.name}" was of the type ${difference.old}, and is of the type ${difference.new}.` });
    }
  },
};

export const declarationTsName: BreakingRule = {
  slug: "declaration-ts-name",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code imports it by the old name.",
  before: `package shop;
@tsName("Old") message M {
  a: u8 = 1;
}
`,
  after: `package shop;
message M {
  a: u8 = 1;
}
`,
  near: `package shop;
@tsName("Old") @deprecated("-") message M {
  a: u8 = 1;
}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      // A service has a rule of its own.
      if (old.kind === "service") continue;
      const [was, is] = [old.tsName ?? old.name, fresh.tsName ?? fresh.name];
      if (was !== is) report({ span: fresh.span, was: old.span, message: `TypeScript called it "${was}", and calls it "${is}".`, help: `\`@tsName("${was}")\` keeps the old name` });
    }
  },
};

function reportRemoved(delta: Delta, kinds: readonly Declaration["kind"][], report: (change: Change) => void): void {
  for (const removed of delta.removed) {
    // Of another kind now: that is another finding.
    if (!kinds.includes(removed.kind) || delta.replacementOf(removed) !== undefined) continue;
    report({ span: undefined, was: removed.span, message: `The ${removed.kind} "${removed.fullName}" is gone.`, help: "deprecate it first" });
  }
}

function a(kind: Declaration["kind"]): string {
  return `${/^[aeu]/.test(kind) && kind !== "union" ? "an" : "a"} ${kind}`;
}

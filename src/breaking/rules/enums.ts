/** What an enum's numbers and names stand for. */
import { BOTH, OLD_OF_NEW, reaching } from "../describe.js";
import { findBy } from "../find-by.js";
import type { BreakingRule } from "../rule.js";

export const enumMemberNumber: BreakingRule = {
  slug: "enum-member-number",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Old programs go on meaning the old number by the name.",
  before: `package shop;
enum E {
  U = 0;
  A = 1;
  B = 2;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
enum E {
  U = 0;
  A = 3;
  B = 2;
  reserved 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
enum E {
  U = 0;
  B = 2;
  A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.enums) {
      for (const member of old.members) {
        const now = findBy(fresh.members, "name", member.name);
        if (now !== undefined && now.number !== member.number) report({ span: now.span, was: member.span, message: `"${fresh.name}.${now.name}" had the number ${member.number}, and has ${now.number}.`, help: `give it ${member.number} back`, ...reaching(usage, BOTH) });
      }
    }
  },
};

export const enumNumberReused: BreakingRule = {
  slug: "enum-number-reused",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Old programs go on meaning the old member by the number. If it is only another name, `@wireName` keeps the old one and says so.",
  before: `package shop;
enum E {
  U = 0;
  A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
enum E {
  U = 0;
  B = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
enum E {
  U = 0;
  @wireName("A") B = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.enums) {
      for (const member of old.members) {
        const now = findBy(fresh.members, "number", member.number);
        if (now === undefined || now.name === member.name || now.wireName === member.wireName || member.number === 0) continue;
        report({ span: now.span, was: member.span, message: `The number ${member.number} of "${fresh.name}" was "${member.name}", and is "${now.name}".`, help: `\`@wireName("${member.wireName}")\` if it means the same, else a number that was never used`, ...reaching(usage, BOTH) });
      }
    }
  },
};

export const enumZeroChanged: BreakingRule = {
  slug: "enum-zero-changed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "A field that was not sent reads as the zero, in all data that there is.",
  before: `package shop;
enum E {
  U = 0;
  A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
enum E {
  X = 0;
  A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
enum E {
  @wireName("U") X = 0;
  A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.enums) {
      const [zero, now] = [findBy(old.members, "number", 0), findBy(fresh.members, "number", 0)];
      if (zero === undefined || now === undefined || zero.name === now.name || zero.wireName === now.wireName) continue;
      report({ span: now.span, was: zero.span, message: `The zero of "${fresh.name}" was "${zero.name}", and is "${now.name}".`, help: "what was not sent would mean something else", ...reaching(usage, BOTH) });
    }
  },
};

export const enumMemberJsonName: BreakingRule = {
  slug: "enum-member-json-name",
  category: "wire",
  severity: "error",
  step: "major",
  why: "JSON has members by name. Readers refuse a name that they do not know.",
  before: `package shop;
enum E {
  U = 0;
  @wireName("a") A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
enum E {
  U = 0;
  A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
enum E {
  U = 0;
  @wireName("a") B = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.enums) {
      for (const member of old.members) {
        const now = findBy(fresh.members, "number", member.number);
        if (now !== undefined && now.name === member.name && now.wireName !== member.wireName) report({ span: now.span, was: member.span, message: `"${fresh.name}.${now.name}" was "${member.wireName}" in JSON, and is "${now.wireName}".`, help: `write \`@wireName("${member.wireName}")\``, ...reaching(usage, BOTH) });
      }
    }
  },
};

export const enumMemberRemoved: BreakingRule = {
  slug: "enum-member-removed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that names the member does not compile any more.",
  before: `package shop;
enum E {
  U = 0;
  A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
enum E {
  U = 0;
  reserved 1, "A";
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
enum E {
  U = 0;
  @deprecated("use U") A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.enums) {
      for (const member of old.members) {
        if (findBy(fresh.members, "number", member.number) !== undefined || findBy(fresh.members, "name", member.name) !== undefined) continue;
        report({ span: fresh.span, was: member.span, message: `"${fresh.name}.${member.name}" is gone.`, help: "deprecate it first" });
      }
    }
  },
};

export const enumMemberRenamed: BreakingRule = {
  slug: "enum-member-renamed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that names the member does not compile any more. `@tsName` keeps what TypeScript calls it.",
  before: `package shop;
enum E {
  U = 0;
  A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
enum E {
  U = 0;
  @wireName("A") B = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
enum E {
  U = 0;
  @wireName("A") @tsName("A") B = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.enums) {
      for (const member of old.members) {
        const now = findBy(fresh.members, "number", member.number);
        if (now === undefined || (now.tsName ?? now.name) === (member.tsName ?? member.name)) continue;
        report({ span: now.span, was: member.span, message: `"${fresh.name}.${member.name}" is called "${now.tsName ?? now.name}" in TypeScript now.`, help: `\`@tsName("${member.tsName ?? member.name}")\` keeps the old name` });
      }
    }
  },
};

export const enumMemberAdded: BreakingRule = {
  slug: "enum-member-added",
  category: "wire",
  severity: "info",
  step: "minor",
  why: "Enums are open: old programs keep a number that they do not know, and their switches need a default.",
  before: `package shop;
enum E {
  U = 0;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
enum E {
  U = 0;
  A = 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
enum E {
  U = 0;
  reserved 1;
}
message M {
  e: E = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.enums) {
      for (const member of fresh.members) {
        if (findBy(old.members, "number", member.number) !== undefined || findBy(old.members, "name", member.name) !== undefined) continue;
        report({ span: member.span, message: `"${fresh.name}.${member.name}" is new; old programs see the number ${member.number}.`, ...reaching(usage, OLD_OF_NEW), affects: [] });
      }
    }
  },
};

/** Which members a union has, and what they are called. */
import { addedFields, nameOf, NEW_OF_OLD, placesOf, placesOfRemoved, reaching, removedFields } from "../describe.js";
import type { BreakingRule } from "../rule.js";

export const unionMemberRemoved: BreakingRule = {
  slug: "union-member-removed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "What has this member arrives as unknown: kept, but nobody handles it.",
  before: `package shop;
union U {
  a: u32 = 1;
  b: string = 2;
}
message M {
  u?: U = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
union U {
  a: u32 = 1;
  reserved 2, "b";
}
message M {
  u?: U = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
union U {
  a: u32 = 1;
  @deprecated("use a") b: string = 2;
}
message M {
  u?: U = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      if (holder.kind !== "union") continue;
      for (const member of removedFields(holder)) report({ ...placesOfRemoved(holder, member), message: `The member "${nameOf(holder, member)}" is gone; new programs see it as unknown.`, help: "deprecate it until nobody writes it", ...reaching(holder.usage, NEW_OF_OLD) });
    }
  },
};

export const unionMemberAdded: BreakingRule = {
  slug: "union-member-added",
  category: "wire",
  severity: "info",
  step: "minor",
  why: "Unions are open: old programs see an unknown member, keep it, and need a case for it.",
  before: `package shop;
union U {
  a: u32 = 1;
}
message M {
  u?: U = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
union U {
  a: u32 = 1;
  b: string = 2;
}
message M {
  u?: U = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
union U {
  a: u32 = 1;
  reserved 2;
}
message M {
  u?: U = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      if (holder.kind !== "union") continue;
      for (const member of addedFields(holder)) report({ span: member.span, message: `The member "${nameOf(holder, member)}" is new; old programs see it as unknown.` });
    }
  },
};

export const unionMemberRenamed: BreakingRule = {
  slug: "union-member-renamed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that looks at `kind` compares with the old name.",
  before: `package shop;
union U {
  a: u32 = 1;
}
message M {
  u?: U = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
union U {
  @wireName("a") b: u32 = 1;
}
message M {
  u?: U = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
union U {
  @wireName("x") a: u32 = 1;
}
message M {
  u?: U = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.fields) {
      const { holder, old, new: fresh } = pair;
      if (holder.kind !== "union" || (old.tsName ?? old.name) === (fresh.tsName ?? fresh.name)) continue;
      report({ ...placesOf(pair), message: `The kind "${old.tsName ?? old.name}" of "${holder.name}" is called "${fresh.tsName ?? fresh.name}" now.`, help: `\`@tsName("${old.tsName ?? old.name}")\` keeps the old name` });
    }
  },
};

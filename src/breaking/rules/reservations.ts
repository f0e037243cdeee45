/** Numbers and names that became free, and what keeps them from being taken again. */
import type { Reserved } from "../../ir/schema.js";
import type { Span } from "../../text/span.js";
import { isReserved, type Pair } from "../delta.js";
import { nameOf, placesOfRemoved, removedFields } from "../describe.js";
import { findBy } from "../find-by.js";
import type { BreakingRule, Change } from "../rule.js";

export const fieldRemovedNumberFree: BreakingRule = {
  slug: "field-removed-number-free",
  category: "wire",
  severity: "error",
  step: "major",
  why: "The next field may take the number, and then read what old programs wrote for the old one.",
  before: `package shop;
message M {
  a: u8 = 1;
  b: string = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: u8 = 1;
  reserved 2, "b";
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      for (const field of removedFields(holder)) {
        if (isReserved(holder.reserved.new, field.number)) continue;
        report({ ...placesOfRemoved(holder, field), message: `"${nameOf(holder, field)}" is gone, and its number ${field.number} is not reserved.`, help: `write \`reserved ${field.number}, "${field.name}";\``, affects: ["stored data"] });
      }
    }
  },
};

export const fieldRemovedNameFree: BreakingRule = {
  slug: "field-removed-name-free",
  category: "wire",
  severity: "warning",
  step: "minor",
  why: "The next field may take the name, and then read old JSON.",
  before: `package shop;
message M {
  a: u8 = 1;
  b: string = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u8 = 1;
  reserved 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: u8 = 1;
  reserved 2, "b";
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      for (const field of removedFields(holder)) {
        if (!isReserved(holder.reserved.new, field.number) || holder.reserved.new.names.includes(field.name)) continue;
        if (findBy(holder.fields.new, "name", field.name) !== undefined || findBy(holder.fields.new, "wireName", field.wireName) !== undefined) continue;
        report({ ...placesOfRemoved(holder, field), message: `"${nameOf(holder, field)}" is gone, and its name is not reserved.`, help: `write \`reserved "${field.name}";\``, affects: ["stored data"] });
      }
    }
  },
};

export const reservedNumberFreed: BreakingRule = {
  slug: "reserved-number-freed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Data may still exist that has something else under the number.",
  before: `package shop;
message M {
  a: u8 = 1;
  reserved 2, 5 to 7;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u8 = 1;
  reserved 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: u8 = 1;
  reserved 2 to 9;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { name, reserved, declared } of delta.holders) {
      for (const numbers of freed(reserved.old, reserved.new)) report({ span: declared.new.span, message: `"${name}" does not reserve ${numbers} any more.`, help: `write \`reserved ${numbers};\` again`, affects: ["stored data"] });
    }
  },
};

export const reservedNameFreed: BreakingRule = {
  slug: "reserved-name-freed",
  category: "wire",
  severity: "warning",
  step: "minor",
  why: "JSON may still exist that has something else under the name.",
  before: `package shop;
message M {
  a: u8 = 1;
  reserved 2, "b";
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u8 = 1;
  reserved 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: u8 = 1;
  reserved 2, "b", "c";
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { name, reserved, declared } of delta.holders) {
      reportNames(name, { old: reserved.old, new: reserved.new }, declared.new.span, report);
    }
    for (const { old, new: fresh } of delta.enums) reportNames(fresh.name, { old: old.reserved, new: fresh.reserved }, fresh.span, report);
  },
};

export const enumNumberFree: BreakingRule = {
  slug: "enum-number-free",
  category: "wire",
  severity: "error",
  step: "major",
  why: "The next member may take the number, and then stand for what old programs meant.",
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
  reserved 1, "A";
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
        if (findBy(fresh.members, "number", member.number) !== undefined || isReserved(fresh.reserved, member.number)) continue;
        report({ span: fresh.span, was: member.span, message: `"${fresh.name}.${member.name}" is gone, and its number ${member.number} is not reserved.`, help: `write \`reserved ${member.number}, "${member.name}";\``, affects: ["stored data"] });
      }
    }
  },
};

export const enumNameFree: BreakingRule = {
  slug: "enum-name-free",
  category: "wire",
  severity: "warning",
  step: "minor",
  why: "The next member may take the name, and then old JSON stands for it.",
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
  reserved 1, "A";
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
        // Without the number neither is reserved, which is another finding.
        if (!isReserved(fresh.reserved, member.number) || fresh.reserved.names.includes(member.name)) continue;
        if (findBy(fresh.members, "name", member.name) !== undefined || findBy(fresh.members, "wireName", member.wireName) !== undefined) continue;
        report({ span: fresh.span, was: member.span, message: `"${fresh.name}.${member.name}" is gone, and its name is not reserved.`, help: `write \`reserved "${member.name}";\``, affects: ["stored data"] });
      }
    }
  },
};

export const enumReservedNumberFreed: BreakingRule = {
  slug: "enum-reserved-number-freed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Data may still exist that means something else by the number.",
  before: `package shop;
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
  after: `package shop;
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
  near: `package shop;
enum E {
  U = 0;
  reserved 1 to 3;
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
      for (const numbers of freed(old.reserved, fresh.reserved)) report({ span: fresh.span, message: `"${fresh.name}" does not reserve ${numbers} any more.`, help: `write \`reserved ${numbers};\` again`, affects: ["stored data"] });
    }
  },
};

/** Numbers that were reserved and are not any more, as `reserved` has them. */
function reportNames(name: string, { old, new: fresh }: Pair<Reserved>, span: Span, report: (change: Change) => void): void {
  const still = new Set(fresh.names);
  for (const freedName of old.names.filter((each) => !still.has(each))) {
    report({ span, message: `"${name}" does not reserve the name "${freedName}" any more.`, help: `write \`reserved "${freedName}";\` again`, affects: ["stored data"] });
  }
}

/** Both are in ascending order. */
function freed(old: Reserved, fresh: Reserved): string[] {
  const left: string[] = [];
  const leave = (from: number, to: number) => {
    if (from <= to) left.push(from === to ? `${from}` : `${from} to ${to}`);
  };
  let first = 0;
  for (const range of old.ranges) {
    let { from } = range;
    while ((fresh.ranges[first]?.to ?? Infinity) < from) first++;
    for (let at = first; (fresh.ranges[at]?.from ?? Infinity) <= range.to; at++) {
      const still = fresh.ranges[at];
      if (still === undefined) break;
      leave(from, still.from - 1);
      from = still.to + 1;
    }
    leave(from, range.to);
  }
  return left;
}

/** Properties of generated types, and their forms in TypeScript. */
import { addedFields, nameOf, placesOf, placesOfRemoved, removedFields } from "../describe.js";
import { findBy } from "../find-by.js";
import type { BreakingRule } from "../rule.js";

export const fieldRemoved: BreakingRule = {
  slug: "field-removed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that reads or sets it does not compile any more.",
  before: `package shop;
message M {
  a: u8 = 1;
  b: u8 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u8 = 1;
  reserved 2, "b";
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: u8 = 1;
  @deprecated("use a") b: u8 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      if (holder.kind === "union") continue;
      for (const field of removedFields(holder)) {
        if (findBy(holder.fields.new, "name", field.name) === undefined) report({ ...placesOfRemoved(holder, field), message: `"${nameOf(holder, field)}" is gone.`, help: "deprecate it first" });
      }
    }
  },
};

export const fieldRenamed: BreakingRule = {
  slug: "field-renamed",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code reads and sets it by the old name. `@tsName` keeps what TypeScript calls it.",
  before: `package shop;
message M {
  a: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  @wireName("a") b: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  @wireName("a") @tsName("a") b: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) {
      const { holder, old, new: fresh } = pair;
      const [was, is] = [old.tsName ?? old.name, fresh.tsName ?? fresh.name];
      if (holder.kind !== "union" && was !== is) report({ ...placesOf(pair), message: `"${holder.name}.${was}" is called "${is}" in TypeScript now.`, help: `\`@tsName("${was}")\` keeps the old name` });
    }
  },
};

export const requiredFieldAdded: BreakingRule = {
  slug: "required-field-added",
  category: "source",
  severity: "error",
  step: "major",
  why: "Code that makes such a value does not compile until it says what the field is.",
  before: `package shop;
message M {
  a: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u8 = 1;
  b: u8 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: u8 = 1;
  b?: u8 = 2;
  @default(1) c: u8 = 3;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      if (holder.kind === "union") continue;
      for (const field of addedFields(holder)) {
        if (field.optional || field.default !== undefined || findBy(holder.fields.old, "name", field.name) !== undefined) continue;
        report({ span: field.span, message: `"${nameOf(holder, field)}" is new, and must be given.`, help: "make it optional, or give it a `@default`" });
      }
    }
  },
};

export const optionalFieldAdded: BreakingRule = {
  slug: "optional-field-added",
  category: "source",
  severity: "info",
  step: "minor",
  why: "What is new and may be left out breaks nothing.",
  before: `package shop;
message M {
  a: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u8 = 1;
  b?: u8 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: u8 = 1;
  reserved 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      if (holder.kind === "union") continue;
      for (const field of addedFields(holder)) if (field.optional || field.default !== undefined) report({ span: field.span, message: `"${nameOf(holder, field)}" is new.` });
    }
  },
};

export const numberForm: BreakingRule = {
  slug: "number-form",
  category: "source",
  severity: "error",
  step: "major",
  why: "A bigint and a number do not mix, so that code with either does not compile with the other.",
  before: `package shop;
message M {
  a: i64 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  @number a: i64 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: i64 = 1;
  @number b?: i64 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) {
      const { holder, old, new: fresh, difference } = pair;
      if (difference === undefined && old.int64 !== fresh.int64) report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" is a ${fresh.int64} now, and was a ${old.int64}, in TypeScript.`, help: "add a field beside it, or keep the form" });
    }
  },
};

export const timeForm: BreakingRule = {
  slug: "time-form",
  category: "source",
  severity: "error",
  step: "major",
  why: "`@nanos` makes a bigint of a Date or of milliseconds.",
  before: `package shop;
message M {
  a: timestamp = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  @nanos a: timestamp = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: timestamp = 1;
  @nanos b?: timestamp = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) {
      const { holder, old, new: fresh, difference } = pair;
      if (difference === undefined && old.nanos !== fresh.nanos) report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" has another form of time in TypeScript.`, help: "add a field beside it, or keep the form" });
    }
  },
};

export const listForm: BreakingRule = {
  slug: "list-form",
  category: "source",
  severity: "error",
  step: "major",
  why: "A typed array cannot grow, and has other methods.",
  before: `package shop;
message M {
  a: f64[] = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  @typedArray a: f64[] = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: f64[] = 1;
  @typedArray b?: f64[] = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.properties) {
      const { holder, old, new: fresh, difference } = pair;
      if (difference === undefined && old.typedArray !== fresh.typedArray) report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" is ${fresh.typedArray ? "a typed array now" : "a plain array now"} in TypeScript.`, help: "add a field beside it, or keep the form" });
    }
  },
};

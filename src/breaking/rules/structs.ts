/** A struct is frozen: its fields are its bytes, in their order. */
import { compareTypes } from "../compare-types.js";
import { BOTH, reaching } from "../describe.js";
import { findBy } from "../find-by.js";
import type { BreakingRule } from "../rule.js";

export const structFieldAdded: BreakingRule = {
  slug: "struct-field-added",
  category: "wire",
  severity: "error",
  step: "major",
  why: "A struct has no numbers by which a reader could skip what it does not know.",
  before: `package shop;
struct X {
  a: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
struct X {
  a: u32;
  b: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
struct Y {
  b: u32;
}
struct X {
  a: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.structs) {
      for (const field of fresh.fields.slice(old.fields.length)) report({ span: field.span, was: old.span, message: `The struct "${fresh.name}" has a new field "${field.name}".`, help: "make it a message before it has to change; or write a new struct", ...reaching(usage, BOTH) });
    }
  },
};

export const structFieldRemoved: BreakingRule = {
  slug: "struct-field-removed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "What follows is read from the wrong place.",
  before: `package shop;
struct X {
  a: u32;
  b: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
struct X {
  a: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
struct X {
  a: u32;
  c: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.structs) {
      for (const field of old.fields.slice(fresh.fields.length)) report({ span: fresh.span, was: field.span, message: `The struct "${fresh.name}" has lost its field "${field.name}".`, help: "make it a message before it has to change; or write a new struct", ...reaching(usage, BOTH) });
    }
  },
};

export const structFieldReordered: BreakingRule = {
  slug: "struct-field-reordered",
  category: "wire",
  severity: "error",
  step: "major",
  why: "The order of the fields is the order of the bytes.",
  before: `package shop;
struct X {
  a: u32;
  b: f64;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
struct X {
  b: f64;
  a: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
struct X {
  x: u32;
  y: f64;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.structs) {
      for (const [at, field] of old.fields.entries()) {
        const now = fresh.fields.findIndex(({ name }) => name === field.name);
        if (now !== -1 && now !== at) report({ span: fresh.fields[now]?.span, was: field.span, message: `"${fresh.name}.${field.name}" was field ${at + 1}, and is field ${now + 1}.`, help: "put it back: the order of a struct is its bytes", ...reaching(usage, BOTH) });
      }
    }
  },
};

export const structFieldType: BreakingRule = {
  slug: "struct-field-type",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Each field of a struct has the width of its type.",
  before: `package shop;
struct X {
  a: u8;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
struct X {
  a: u16;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
alias Small = u8;
struct X {
  a: Small;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.structs) {
      for (const [at, field] of old.fields.entries()) {
        const now = fresh.fields[at];
        if (now === undefined || (now.name !== field.name && findBy(fresh.fields, "name", field.name) !== undefined)) continue;
        const { difference } = compareTypes(delta.before, field.type, delta.after, now.type);
        if (difference !== undefined && difference.kind !== "spelling") report({ span: now.span, was: field.span, message: `"${fresh.name}.${now.name}" was of the type ${difference.old}, and is of the type ${difference.new}.`, help: "make it a message before it has to change; or write a new struct", ...reaching(usage, BOTH) });
      }
    }
  },
};

export const structFieldPresence: BreakingRule = {
  slug: "struct-field-presence",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Whether a field may be absent takes a byte, or none.",
  before: `package shop;
struct X {
  a: u32;
  b: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
struct X {
  a: u32;
  b?: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
struct X {
  a: u32;
  c: u32;
}
message M {
  x: X = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const { old, new: fresh, usage } of delta.structs) {
      for (const [at, field] of old.fields.entries()) {
        const now = fresh.fields[at];
        if (now !== undefined && now.optional !== field.optional) report({ span: now.span, was: field.span, message: `"${fresh.name}.${now.name}" ${now.optional ? "became optional" : "is optional no more"}.`, help: "make it a message before it has to change; or write a new struct", ...reaching(usage, BOTH) });
      }
    }
  },
};

/** Fields that may be absent now and might not before, or the other way round. */
import type { Field } from "../../ir/schema.js";
import type { Delta, Holder } from "../delta.js";
import { addedFields, NEW_OF_OLD, nameOf, OLD_OF_NEW, placesOf, placesOfRemoved, reaching, removedFields } from "../describe.js";
import type { BreakingRule } from "../rule.js";

export const fieldBecameRequired: BreakingRule = {
  slug: "field-became-required",
  category: "wire",
  severity: "error",
  step: "major",
  why: "An optional field that is there writes its zero too, which a field that is not optional never does, unless it has a default: the new reader refuses it. Where it is absent it reads as zero.",
  before: `package shop;
message M {
  a?: u32 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u32 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a?: u32 = 1;
  b: u32 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.fields) {
      const { holder, old, new: fresh } = pair;
      if (!old.optional || fresh.optional) continue;
      report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" was optional, and is not any more.`, help: "leave it optional", ...reaching(holder.usage, NEW_OF_OLD) });
    }
  },
};

export const fieldBecameOptional: BreakingRule = {
  slug: "field-became-optional",
  category: "wire",
  severity: "error",
  step: "major",
  why: "New programs write a zero where it is set; old ones refuse that form, unless they have a default. What is left out they read as zero.",
  before: `package shop;
message M {
  a: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  after: `package shop;
message M {
  a?: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  near: `package shop;
message M {
  a: u32 = 1;
  b?: u32 = 2;
}
service S {
  @idempotent put(m: M);
}
`,
  check(delta, report) {
    for (const pair of delta.fields) {
      const { holder, old, new: fresh } = pair;
      if (old.optional || !fresh.optional) continue;
      report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" was not optional, and is now.`, help: "deploy the readers first, or add an optional field beside it", ...reaching(holder.usage, OLD_OF_NEW) });
    }
  },
};

export const defaultAdded: BreakingRule = {
  slug: "default-added",
  category: "wire",
  severity: "error",
  step: "major",
  why: "A field with a default is always written, its zero too, which old readers refuse.",
  before: `package shop;
message M {
  a: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  after: `package shop;
message M {
  @default(7) a: u32 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  near: `package shop;
message M {
  a: u32 = 1;
  @default(7) b: u32 = 2;
}
service S {
  @idempotent put(m: M);
}
`,
  check(delta, report) {
    for (const pair of delta.fields) {
      const { holder, old, new: fresh } = pair;
      if (old.optional || old.default !== undefined || fresh.default === undefined) continue;
      report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" has a default now.`, help: "deploy the readers first, or add a field with the default beside it", ...reaching(holder.usage, OLD_OF_NEW) });
    }
  },
};

export const defaultRemoved: BreakingRule = {
  slug: "default-removed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Old programs write the field always, its zero too, which new readers refuse.",
  before: `package shop;
message M {
  @default(7) a: u32 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u32 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  @default(8) a: u32 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.fields) {
      const { holder, old, new: fresh } = pair;
      if (fresh.optional || old.default === undefined || fresh.default !== undefined) continue;
      report({ ...placesOf(pair), message: `"${nameOf(holder, fresh)}" has no default any more.`, help: "keep the default", ...reaching(holder.usage, NEW_OF_OLD) });
    }
  },
};

export const unionFieldAdded: BreakingRule = {
  slug: "union-field-added",
  category: "wire",
  severity: "error",
  step: "major",
  why: "A union has no zero. What was written without it is refused.",
  before: `package shop;
union U {
  a: u32 = 1;
}
message M {
  z: u8 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
union U {
  a: u32 = 1;
}
message M {
  z: u8 = 1;
  u: U = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
union U {
  a: u32 = 1;
}
message M {
  z: u8 = 1;
  u?: U = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      for (const field of addedFields(holder)) {
        if (!isRequiredUnion(delta.after, holder, field)) continue;
        report({ span: field.span, message: `"${nameOf(holder, field)}" is a union that old programs do not write.`, help: "make it optional", ...reaching(holder.usage, NEW_OF_OLD) });
      }
    }
  },
};

export const unionFieldRemoved: BreakingRule = {
  slug: "union-field-removed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "A union has no zero. Old programs refuse what comes without it.",
  before: `package shop;
union U {
  a: u32 = 1;
}
message M {
  z: u8 = 1;
  u: U = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
union U {
  a: u32 = 1;
}
message M {
  z: u8 = 1;
  reserved 2, "u";
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
union U {
  a: u32 = 1;
}
message M {
  z: u8 = 1;
  u: U = 2;
  v?: U = 3;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      for (const field of removedFields(holder)) {
        if (!isRequiredUnion(delta.before, holder, field)) continue;
        report({ ...placesOfRemoved(holder, field), message: `"${nameOf(holder, field)}" is a union that old programs need.`, help: "go on writing it until no old program reads", ...reaching(holder.usage, OLD_OF_NEW) });
      }
    }
  },
};

/** A union has no zero: a field of one that is not optional must be there. */
function isRequiredUnion(index: Delta["before"], { kind }: Holder, { optional, type }: Field): boolean {
  const concrete = index.concrete(type);
  return kind !== "union" && !optional && concrete.kind === "declared" && concrete.declaration.kind === "union";
}

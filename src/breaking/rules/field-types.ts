/** Fields whose bytes are of another type than they were. */
import type { TypeDifference } from "../compare-types.js";
import type { Delta } from "../delta.js";
import { BOTH, nameOf, placesOf, reaching } from "../describe.js";
import { findBy } from "../find-by.js";
import type { BreakingRule, Change } from "../rule.js";

export const fieldTypeChanged: BreakingRule = {
  slug: "field-type-changed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "The bytes of one type are no bytes of the other: they are refused, or read as something else.",
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
  a: f64 = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
alias Text = string;
message M {
  a: Text = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    reportTypes(delta, "other", report, "give the new type a field and a number of its own, and reserve the old number");
  },
};

export const fieldTypeWidened: BreakingRule = {
  slug: "field-type-widened",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Programs with the narrower type refuse what does not fit it; the other way round all is well, so that there is an order of deployment where values travel one way.",
  before: `package shop;
message M {
  a: u8 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  after: `package shop;
message M {
  a: u16 = 1;
}
service S {
  @idempotent put(m: M);
}
`,
  near: `package shop;
message M {
  a: u8 = 1;
  b: u16 = 2;
}
service S {
  @idempotent put(m: M);
}
`,
  check(delta, report) {
    reportTypes(delta, "widened", report, "deploy the readers first, or give the wider type a field of its own");
  },
};

export const fieldTypeNarrowed: BreakingRule = {
  slug: "field-type-narrowed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Values that were fine are refused now, in stored data too.",
  before: `package shop;
message M {
  a: u16 = 1;
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
  a: u16 = 1;
  b: u8 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    reportTypes(delta, "narrowed", report, "give the new type a field and a number of its own, and reserve the old number");
  },
};

export const fieldCardinality: BreakingRule = {
  slug: "field-cardinality",
  category: "wire",
  severity: "error",
  step: "major",
  why: "One value and a list of values have different bytes.",
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
  a: string[] = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: string = 1;
  more: string[] = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    reportTypes(delta, "cardinality", report, "give the new type a field and a number of its own, and reserve the old number");
  },
};

export const listElementType: BreakingRule = {
  slug: "list-element-type",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Elements have the width of their type, so that no other type reads them.",
  before: `package shop;
message M {
  a: u8[] = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: u16[] = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: u8[] = 1;
  b: u16[] = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    reportTypes(delta, "element", report, "give the new type a field and a number of its own, and reserve the old number");
  },
};

export const mapKeyType: BreakingRule = {
  slug: "map-key-type",
  category: "wire",
  severity: "error",
  step: "major",
  why: "The keys of one type are no keys of the other.",
  before: `package shop;
message M {
  a: map<string, u8> = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: map<u32, u8> = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: map<string, u8> = 1;
  b: map<u32, u8> = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    reportTypes(delta, "mapKey", report, "give the new type a field and a number of its own, and reserve the old number");
  },
};

export const mapValueType: BreakingRule = {
  slug: "map-value-type",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Values have the width of their type, so that no other type reads them.",
  before: `package shop;
message M {
  a: map<string, u8> = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  a: map<string, string> = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  a: map<string, u8> = 1;
  b: map<string, string> = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    reportTypes(delta, "mapValue", report, "give the new type a field and a number of its own, and reserve the old number");
  },
};

export const fieldDeclarationKind: BreakingRule = {
  slug: "field-declaration-kind",
  category: "wire",
  severity: "error",
  step: "major",
  why: "A message, a struct, a union and an enum each have bytes of their own.",
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
message X {
  a: u32 = 1;
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
  a: u32;
}
message M {
  x: Y = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    reportTypes(delta, "declarationKind", report, "give the new type a field and a number of its own, and reserve the old number");
  },
};

export const fieldNumberChanged: BreakingRule = {
  slug: "field-number-changed",
  category: "wire",
  severity: "error",
  step: "major",
  why: "The number is what the bytes have. What was written under the old one is not found, and what is found under the new one may be something else.",
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
  a: string = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  b: string = 2;
  a: string = 1;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const holder of delta.holders) {
      for (const old of holder.fields.old) {
        const fresh = findBy(holder.fields.new, "wireName", old.wireName);
        if (fresh === undefined || fresh.number === old.number) continue;
        report({ ...placesOf({ old, new: fresh }), message: `"${nameOf(holder, fresh)}" had the number ${old.number}, and has ${fresh.number}.`, help: `give it ${old.number} back`, ...reaching(holder.usage, BOTH) });
      }
    }
  },
};

export const fieldNumberReused: BreakingRule = {
  slug: "field-number-reused",
  category: "wire",
  severity: "error",
  step: "major",
  why: "Old data has under this number something of another type: it is refused, or misread.",
  before: `package shop;
message M {
  a: string = 1;
  z: u8 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  after: `package shop;
message M {
  b: f64 = 1;
  z: u8 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  near: `package shop;
message M {
  b: string = 1;
  z: u8 = 2;
}
service S {
  @readonly get(m: M) -> M;
}
`,
  check(delta, report) {
    for (const pair of delta.fields) {
      const { holder, old, new: fresh, difference } = pair;
      if (difference === undefined || difference.kind === "spelling" || old.wireName === fresh.wireName || old.name === fresh.name) continue;
      report({ ...placesOf(pair), message: `The number ${old.number} was of "${old.name}: ${difference.old}", and is of "${fresh.name}: ${difference.new}".`, help: "take a number that was never used, and reserve this one", ...reaching(holder.usage, difference) });
    }
  },
};

/** The fields whose types differ in one way. */
function reportTypes(delta: Delta, kind: TypeDifference["kind"], report: (change: Change) => void, help: string): void {
  for (const pair of delta.fields) {
    const { holder, old, new: fresh, difference } = pair;
    // Another name beside the other type is another field, which has a rule of its own.
    if (difference?.kind !== kind || (old.wireName !== fresh.wireName && old.name !== fresh.name)) continue;
    const message = `"${nameOf(holder, fresh)}" was of the type ${difference.old}, and is of the type ${difference.new}.`;
    report({ ...placesOf(pair), message, help, ...reaching(holder.usage, difference) });
  }
}

/** Random values of a checked schema's types, in the form that generated encoders take. */
import fc from "fast-check";
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Field, Scalar, TypeRef } from "../../src/ir/schema.js";

type Appearance = Pick<Field, "int64" | "nanos" | "typedArray">;
const PLAIN: Appearance = { int64: "bigint", nanos: false, typedArray: false };
/** Deeper than this, whatever may be absent or empty is. */
const DEEPEST = 3;

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 6 }) },
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom("a", "é", "漢", "😀"), fc.integer({ min: 120, max: 300 }))
      .map(([unit, times]) => unit.repeat(times)),
  },
);
const wholes: Partial<Readonly<Record<Scalar, readonly [min: number, max: number]>>> = {
  i8: [-0x80, 0x7f],
  u8: [0, 0xff],
  i16: [-0x8000, 0x7fff],
  u16: [0, 0xffff],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
};
const typedArrays: Partial<Readonly<Record<Scalar, (items: never[]) => unknown>>> = {
  i8: (items) => Int8Array.from(items),
  u8: (items) => Uint8Array.from(items),
  i16: (items) => Int16Array.from(items),
  u16: (items) => Uint16Array.from(items),
  i32: (items) => Int32Array.from(items),
  u32: (items) => Uint32Array.from(items),
  i64: (items) => BigInt64Array.from(items),
  u64: (items) => BigUint64Array.from(items),
  f32: (items) => Float32Array.from(items),
  f64: (items) => Float64Array.from(items),
};

export function arbitraryValue(index: SchemaIndex, type: TypeRef): fc.Arbitrary<unknown> {
  return of(index, type, PLAIN, 0);
}

/** Of the fields of a message, struct or error. */
export function arbitraryRecord(index: SchemaIndex, fields: readonly Field[], depth = 0): fc.Arbitrary<unknown> {
  const named = fields.map((field): [string, fc.Arbitrary<unknown>] => [
    field.tsName ?? field.name,
    inField(index, field, depth),
  ]);
  const required = fields
    .filter((field) => !field.optional && field.default === undefined)
    .map((field) => field.tsName ?? field.name);
  return fc.record(Object.fromEntries(named), { requiredKeys: required, noNullPrototype: true });
}

function inField(index: SchemaIndex, field: Field, depth: number): fc.Arbitrary<unknown> {
  if (field.optional && depth >= DEEPEST) return fc.constant(undefined);
  return of(index, field.type, field, depth);
}

function of(index: SchemaIndex, type: TypeRef, appearance: Appearance, depth: number): fc.Arbitrary<unknown> {
  const concrete = index.concrete(type);
  const isDeepest = depth >= DEEPEST;
  switch (concrete.kind) {
    case "scalar":
      return scalar(concrete.scalar, appearance);
    case "list": {
      const element = index.concrete(concrete.element);
      const asTyped = appearance.typedArray && element.kind === "scalar" ? typedArrays[element.scalar] : undefined;
      if (asTyped !== undefined)
        return fc
          .array(scalar((element as { scalar: Scalar }).scalar, PLAIN), { maxLength: 12 })
          .map((items) => asTyped(items as never[]));
      return isDeepest
        ? fc.constant([])
        : fc.array(of(index, concrete.element, appearance, depth + 1), { maxLength: 4 });
    }
    case "map":
      if (isDeepest) return fc.constant(new Map());
      return fc
        .array(fc.tuple(of(index, concrete.key, appearance, depth), of(index, concrete.value, appearance, depth + 1)), {
          maxLength: 4,
        })
        .map((entries) => new Map(entries));
    case "declared": {
      const { declaration } = concrete;
      switch (declaration.kind) {
        case "enum":
          return fc.oneof(fc.constantFrom(...declaration.members.map(({ number }) => number)), fc.integer());
        case "union": {
          const members = isDeepest
            ? declaration.members.filter((member) => index.concrete(member.type).kind !== "declared")
            : declaration.members;
          const usable = members.length > 0 ? members : declaration.members;
          return fc.oneof(
            ...usable.map((member) =>
              of(index, member.type, member, depth + 1).map((value) => ({ kind: member.tsName ?? member.name, value })),
            ),
          );
        }
        default:
          return arbitraryRecord(index, declaration.fields, depth + 1);
      }
    }
  }
}

function scalar(type: Scalar, { int64, nanos }: Appearance): fc.Arbitrary<unknown> {
  const [min, max] = wholes[type] ?? [0, 0];
  switch (type) {
    case "bool":
      return fc.boolean();
    case "string":
      return text;
    case "bytes":
      return fc.uint8Array({ maxLength: 40 });
    case "f32":
      return fc.float();
    case "f64":
      return fc.double();
    case "i64":
      return int64 === "number" ? fc.maxSafeInteger() : fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "u64":
      return int64 === "number" ? fc.maxSafeNat() : fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case "timestamp":
      return nanos
        ? fc.bigInt({ min: -62135596800n * 10n ** 9n, max: 253402300800n * 10n ** 9n - 1n })
        : fc.date({
            min: new Date("0001-01-01T00:00:00Z"),
            max: new Date("9999-12-31T23:59:59.999Z"),
            noInvalidDate: true,
          });
    case "duration":
      return nanos ? fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }) : fc.integer();
    case "uuid":
      return fc.uuid();
    default:
      return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, 0, max));
  }
}

/** Random values of a schema's types, in the form that a decoder gives: defaults filled in, absent optionals left out. */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Field, Scalar, TypeRef } from "../../src/ir/schema.js";
import { typedArrayOf } from "../reference/decode-flat.js";
import { type Forms, PLAIN, property, type Root, shapeOf } from "../reference/layout.js";
import type { Random } from "./random.js";

export function randomValue(random: Random, index: SchemaIndex, root: Root): unknown {
  const maker = new ValueMaker(random, index);
  return root.kind === "fields" ? maker.record(root.fields, 0) : maker.value(root.type, PLAIN, 0);
}

/** Below this depth there is nothing but leaves. */
const MAX_DEPTH = 5;

class ValueMaker {
  readonly #random: Random;
  readonly #index: SchemaIndex;

  constructor(random: Random, index: SchemaIndex) {
    this.#random = random;
    this.#index = index;
  }

  record(fields: readonly Field[], depth: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    for (const field of fields) {
      if (field.optional && (depth >= MAX_DEPTH || this.#random.chance(0.5))) continue;
      value[property(field)] = this.value(field.type, field, depth);
    }
    return value;
  }

  value(type: TypeRef, forms: Forms, depth: number): unknown {
    const random = this.#random;
    const shape = shapeOf(this.#index, type);
    switch (shape.kind) {
      case "enum":
        return this.#enumNumber(type);
      case "scalar":
        return randomScalar(random, shape.scalar, forms);
      case "list": {
        const items = Array.from({ length: this.#size(depth) }, () => this.value(shape.element, forms, depth + 1));
        const element = shapeOf(this.#index, shape.element);
        const isTyped = forms.typedArray && element.kind === "scalar";
        return (isTyped ? typedArrayOf(element.scalar, items) : undefined) ?? items;
      }
      case "map":
        return new Map(
          Array.from({ length: this.#size(depth) }, () => [
            this.value(shape.key, forms, depth + 1),
            this.value(shape.value, forms, depth + 1),
          ]),
        );
      case "struct":
      case "message":
        if (shape.kind === "message" && random.chance(0.1)) return this.#sparse(shape.fields, depth);
        return this.record(shape.fields, depth + 1);
      case "union": {
        // The lowest number is the member that ends recursion.
        const first = [...shape.members].sort((a, b) => a.number - b.number)[0] as Field;
        const member = depth >= MAX_DEPTH ? first : random.pick(shape.members);
        return { kind: property(member), value: this.value(member.type, member, depth + 1) };
      }
    }
  }

  /** Few fields that are not their zero. */
  #sparse(fields: readonly Field[], depth: number): Record<string, unknown> {
    const full = this.record(fields, depth + 1);
    for (const field of fields) {
      const isNumber = typeof full[property(field)] === "number";
      if (isNumber && this.#random.chance(0.8)) full[property(field)] = 0;
      if (field.optional && this.#random.chance(0.8)) delete full[property(field)];
    }
    return full;
  }

  #size(depth: number): number {
    if (depth >= MAX_DEPTH) return 0;
    if (depth === 0 && this.#random.chance(0.05)) return this.#random.between(20, 140);
    return this.#random.pick([0, 1, 1, 2, 3]);
  }

  /** Mostly a known one. */
  #enumNumber(type: TypeRef): number {
    const concrete = this.#index.concrete(type);
    const isKnown = this.#random.chance(0.8);
    if (isKnown && concrete.kind === "declared" && concrete.declaration.kind === "enum") {
      return this.#random.pick(concrete.declaration.members).number;
    }
    return this.#random.u32() | 0;
  }
}

const EDGES = [
  0n,
  1n,
  -1n,
  63n,
  64n,
  -64n,
  -65n,
  127n,
  128n,
  255n,
  256n,
  8191n,
  8192n,
  2n ** 31n,
  2n ** 53n - 1n,
  -(2n ** 53n) + 1n,
];

function randomInteger(random: Random, bits: number, signed: boolean): bigint {
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = signed ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n;
  const value = random.pick([
    () => random.pick(EDGES),
    () => low,
    () => high,
    () => BigInt.asIntN(random.between(2, 64), random.u64()),
    () => random.u64(),
  ])();
  if (value >= low && value <= high) return value;
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

function randomFloat(random: Random): number {
  if (random.chance(0.5)) {
    return random.pick([
      0,
      -0,
      1,
      -1,
      0.5,
      Infinity,
      -Infinity,
      NaN,
      Number.MIN_VALUE,
      Number.MAX_VALUE,
      1e-40,
      3.4e38,
    ]);
  }
  return new Float64Array(new BigUint64Array([random.u64()]).buffer)[0] ?? 0;
}

const WORDS = [
  "a",
  "",
  "hello",
  "é",
  "ÿ",
  "Ā",
  "漢字",
  "😀",
  "\u0000",
  "𝒳y",
  "line\n",
  "x".repeat(254),
  "é".repeat(255),
  "z".repeat(257),
  "汉".repeat(300),
];

function randomText(random: Random): string {
  if (random.chance(0.85))
    return random.pick(WORDS.slice(0, 11)) + (random.chance(0.2) ? random.pick(WORDS.slice(0, 11)) : "");
  return random.pick(WORDS) + random.pick(WORDS);
}

const TIMESTAMP_NANOS = [-62135596800n * 10n ** 9n, 253402300800n * 10n ** 9n - 1n] as const;
const DURATION_NANOS = [-315576000000n * 10n ** 9n, 315576000000n * 10n ** 9n] as const;

function nanosWithin(random: Random, [low, high]: readonly [bigint, bigint]): bigint {
  return random.pick([
    () => 0n,
    () => 1n,
    () => -1n,
    () => low,
    () => high,
    () => low + (((random.u64() << 64n) | random.u64()) % (high - low)),
    () => BigInt(random.u32() | 0) * 1_000_000n,
  ])();
}

function randomScalar(random: Random, scalar: Scalar, forms: Forms): unknown {
  switch (scalar) {
    case "bool":
      return random.chance(0.5);
    case "f32":
      return Math.fround(randomFloat(random));
    case "f64":
      return randomFloat(random);
    case "string":
      return randomText(random);
    case "bytes":
      return Uint8Array.from({ length: random.pick([0, 1, 2, 31, 33, 200]) }, () => random.below(256));
    case "uuid":
      if (random.chance(0.2)) return "00000000-0000-0000-0000-000000000000";
      return [32, 16, 16, 16, 48]
        .map((bits) =>
          BigInt.asUintN(bits, random.u64())
            .toString(16)
            .padStart(bits / 4, "0"),
        )
        .join("-");
    case "timestamp": {
      const nanos = nanosWithin(random, TIMESTAMP_NANOS);
      return forms.nanos ? nanos : new Date(Number(nanos / 1_000_000n));
    }
    case "duration": {
      const nanos = nanosWithin(random, DURATION_NANOS);
      if (forms.nanos) return nanos;
      // Every whole number of milliseconds, and short ones to the nanosecond.
      const millis = nanos / 1_000_000n;
      return random.chance(0.5) ? Number(millis) : (random.u32() | 0) / 1e6 + 0;
    }
    case "i64":
    case "u64": {
      if (forms.int64 === "bigint") return randomInteger(random, 64, scalar === "i64");
      return Number(randomInteger(random, 53, false)) * (scalar === "i64" && random.chance(0.5) ? -1 : 1) + 0;
    }
    default:
      return Number(randomInteger(random, Number(scalar.slice(1)), scalar.startsWith("i")));
  }
}

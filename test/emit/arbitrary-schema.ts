/** Random checked schemas of one file, with names, docs and values of every awkward length and content. */
import fc from "fast-check";
import type {
  Declaration,
  Enum,
  Field,
  Method,
  Scalar,
  Schema,
  Semantics,
  TypeRef,
  Value,
} from "../../src/ir/schema.js";
import * as build from "./schema-builders.js";

const SCALARS: readonly Scalar[] = [
  "bool",
  "i8",
  "i16",
  "i32",
  "i64",
  "u8",
  "u16",
  "u32",
  "u64",
  "f32",
  "f64",
  "string",
  "bytes",
  "timestamp",
  "duration",
  "uuid",
];
const KEYS: readonly Scalar[] = ["bool", "i32", "u64", "string"];
const SEMANTICS: readonly Semantics[] = ["readonly", "idempotent", "atMostOnce", "exactlyOnce", "failStop"];

const words = fc.array(
  fc.constantFrom("order", "item", "a", "quantity", "reference", "internationalised", "of", "x9", "map", "promise"),
  { minLength: 1, maxLength: 9 },
);
const camel = words.map(([first = "", ...rest]) => first + rest.map(capital).join(""));
const pascal = words.map((parts) => parts.map(capital).join(""));
const screaming = words.map((parts) => parts.join("_").toUpperCase());

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        "word",
        "*/",
        "'",
        '"',
        "\\",
        "\n",
        "\u2028",
        "`${x}`",
        "漢字",
        "é",
        "😀",
        " ",
        "@ts-ignore",
        "longer",
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join("")),
);
const docs = fc.record({ doc: text, deprecated: text }, { requiredKeys: [] });

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

interface TypeNames {
  readonly named: readonly string[];
  readonly enums: readonly Enum[];
}

function typeRef({ named }: TypeNames): fc.Arbitrary<TypeRef> {
  const leaf: fc.Arbitrary<TypeRef> = fc.oneof(
    fc.constantFrom(...SCALARS).map(build.scalar),
    ...(named.length > 0 ? [fc.constantFrom(...named).map(build.ref)] : []),
  );
  const key = fc.constantFrom(...KEYS).map(build.scalar);
  return fc.letrec<{ type: TypeRef }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      leaf,
      tie("type").map(build.list),
      fc.tuple(key, tie("type")).map(([k, v]) => build.map(k, v)),
    ),
  })).type;
}

/** A type with a default of it. */
function defaulted({ enums }: TypeNames): fc.Arbitrary<{ type: TypeRef; default: Value }> {
  const integer = fc.tuple(fc.constantFrom<Scalar>("i64", "i32"), fc.integer()).map(([type, value]) => ({
    type: build.scalar(type),
    default: { kind: "int", value: String(value) } as Value,
  }));
  return fc.oneof(
    integer,
    fc.boolean().map((value) => ({ type: build.scalar("bool"), default: { kind: "bool", value } as Value })),
    text.map((value) => ({ type: build.scalar("string"), default: { kind: "string", value } as Value })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => ({ type: build.scalar("f64"), default: { kind: "float", value } as Value })),
    fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }).map((value) => ({
      type: build.scalar("duration"),
      default: { kind: "duration", value: String(value) } as Value,
    })),
    ...(enums.length === 0
      ? []
      : [
          fc.constantFrom(...enums).chain((owner) =>
            fc.constantFrom(...owner.members).map((member) => ({
              type: build.ref(owner.name),
              default: { kind: "enum", enum: owner.fullName, member: member.name, number: member.number } as Value,
            })),
          ),
        ]),
  );
}

function fields(names: TypeNames, avoid: readonly string[] = []): fc.Arbitrary<Field[]> {
  const one = fc.record({
    name: camel,
    type: typeRef(names),
    optional: fc.boolean(),
    docs,
    int64: fc.constantFrom("bigint" as const, "number" as const),
    nanos: fc.boolean(),
    typedArray: fc.boolean(),
    sensitive: fc.boolean(),
    withDefault: fc.option(defaulted(names), { nil: undefined, freq: 4 }),
  });
  return fc.uniqueArray(one, { selector: (each) => each.name, maxLength: 5 }).map((all) =>
    all
      .filter((each) => !avoid.includes(each.name))
      .map(({ name, type, docs: documented, withDefault, optional, ...rest }) =>
        build.field(name, withDefault?.type ?? type, {
          ...rest,
          ...documented,
          ...(withDefault === undefined ? { optional } : { default: withDefault.default }),
        }),
      ),
  );
}

function methods(names: TypeNames, errors: readonly string[]): fc.Arbitrary<Method[]> {
  const one = fc.record({
    name: camel,
    docs,
    semantics: fc.constantFrom(...SEMANTICS),
    hedge: fc.boolean(),
    parameters: fc.oneof(
      fields(names).map((all): Method["parameters"] => build.parameters(...all)),
      typeRef(names).map((element): Method["parameters"] => ({ kind: "stream", element })),
    ),
    result: fc.option(fc.record({ stream: fc.boolean(), type: typeRef(names) }), { nil: undefined }),
    throws:
      errors.length === 0 ? fc.constant<string[]>([]) : fc.subarray(errors.map((name) => `${build.PACKAGE}.${name}`)),
  });
  return fc
    .uniqueArray(one, { selector: (each) => each.name, maxLength: 4 })
    .map((all) =>
      all.map(({ name, docs: documented, result, ...rest }) =>
        build.method(name, { ...rest, ...documented, ...(result !== undefined && { result }) }),
      ),
    );
}

/** Names are told apart by a letter for their kind, so that no two generated names clash. */
export const arbitrarySchema: fc.Arbitrary<Schema> = fc
  .record({
    records: fc.uniqueArray(pascal, { maxLength: 3 }).map((all) => all.map((name) => `M${name}`)),
    structs: fc.uniqueArray(pascal, { maxLength: 2 }).map((all) => all.map((name) => `S${name}`)),
    unions: fc.uniqueArray(pascal, { maxLength: 2 }).map((all) => all.map((name) => `U${name}`)),
    aliases: fc.uniqueArray(pascal, { maxLength: 2 }).map((all) => all.map((name) => `A${name}`)),
    errors: fc.uniqueArray(pascal, { maxLength: 2 }).map((all) => all.map((name) => `X${name}`)),
    services: fc.uniqueArray(pascal, { maxLength: 2 }).map((all) => all.map((name) => `V${name}`)),
    enums: fc.uniqueArray(fc.tuple(pascal, fc.uniqueArray(screaming, { minLength: 1, maxLength: 4 }), docs), {
      selector: ([name]) => name,
      maxLength: 2,
    }),
    constants: fc.uniqueArray(screaming, { maxLength: 3 }).map((all) => all.map((name) => `C_${name}`)),
  })
  .chain((parts) => {
    const enums = parts.enums.map(([name, members, documented]) => build.enumeration(`E${name}`, members, documented));
    const plain: TypeNames = {
      named: [...parts.records, ...parts.structs, ...parts.unions, ...enums.map(({ name }) => name)],
      enums,
    };
    const all: TypeNames = { ...plain, named: [...plain.named, ...parts.aliases] };
    const declarations: fc.Arbitrary<Declaration>[] = [
      ...parts.constants.map((name) =>
        fc.tuple(defaulted(all), docs).map(([of, documented]) => build.constant(name, of.type, of.default, documented)),
      ),
      ...enums.map((each) => fc.constant(each)),
      ...parts.aliases.map((name) =>
        fc.tuple(typeRef(plain), docs).map(([type, documented]) => build.alias(name, type, documented)),
      ),
      ...parts.records.map((name) =>
        fc.tuple(fields(all), docs).map(([own, documented]) => build.message(name, own, documented)),
      ),
      ...parts.structs.map((name) =>
        fc.tuple(fields(all), docs).map(([own, documented]) => build.struct(name, own, documented)),
      ),
      ...parts.unions.map((name) =>
        fc.tuple(fields(all), docs).map(([own, documented]) => {
          const members = own.length > 0 ? own : [build.field("only", build.scalar("string"))];
          return build.union(
            name,
            members.map(({ default: _, ...member }) => ({ ...member, optional: false })),
            documented,
          );
        }),
      ),
      ...parts.errors.map((name) =>
        fc.tuple(fields(all), docs).map(([own, documented]) => build.error(name, own, documented)),
      ),
      ...parts.services.map((name) =>
        fc.tuple(methods(all, parts.errors), docs).map(([own, documented]) => build.service(name, own, documented)),
      ),
    ];
    return fc.tuple(...declarations).map((made) => build.schema(build.schemaFile(made)));
  });

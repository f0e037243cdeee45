/** One .proto file in the making: its types, its imports, the messages that it needs beside those of the schema, and what it cannot say. */
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Field, Scalar, Struct, TypeRef, Union, Message, Enum } from "../../ir/schema.js";
import { pascalCase } from "../../text/protobuf-names.js";
import type { Span } from "../../text/span.js";
import type { EmitInput } from "../emitter.js";
import { ValueNames } from "./names.js";
import { remembered, rememberedScalar } from "./remembered.js";
import { TypePaths } from "./type-paths.js";

const SCALARS: Readonly<Record<Exclude<Scalar, "timestamp" | "duration">, string>> = {
  bool: "bool",
  i8: "int32",
  i16: "int32",
  i32: "int32",
  i64: "int64",
  u8: "uint32",
  u16: "uint32",
  u32: "uint32",
  u64: "uint64",
  f32: "float",
  f64: "double",
  string: "string",
  bytes: "bytes",
  uuid: "bytes",
};

type Declared = Enum | Struct | Message | Union;

export interface FieldType {
  /** "repeated ", "optional " or nothing. */
  readonly label: string;
  readonly type: string;
}

export class ProtoFile {
  readonly input: EmitInput;
  readonly paths: TypePaths;
  readonly valueNames: ValueNames;
  readonly #imports = new Set<string>();
  readonly #made: string[] = [];
  readonly #madeNames = new Set<string>();
  readonly #left = new Map<string, { readonly first: Span; count: number }>();

  constructor(input: EmitInput) {
    this.input = input;
    this.paths = TypePaths.of(input.index);
    this.valueNames = ValueNames.of(input.index);
    for (const declaration of input.file.declarations) this.#madeNames.add(this.paths.of(declaration));
  }

  fieldType(field: Field, owner: string): FieldType {
    const { index } = this.input;
    const type = index.concrete(field.type);
    if (type.kind === "list" || type.kind === "map") {
      if (field.optional) this.leave("that a list or a map is absent, which is as if it were empty,", field.span);
      if (type.kind === "list") return { label: "repeated ", type: this.#single(type.element, field, `${owner}${pascalCase(field.name)}`) };
      return { label: "", type: this.#map(type.key, type.value, field, `${owner}${pascalCase(field.name)}`) };
    }
    const isMessage = type.kind === "declared" && type.declaration.kind !== "enum";
    const single = this.#single(field.type, field, owner);
    return { label: field.optional && !isMessage && !single.startsWith(".google.protobuf.") ? "optional " : "", type: single };
  }

  /** A message for what is none: of one field, `name`. */
  wrap(wish: string, name: string, type: TypeRef): string {
    const taken = this.#claim(wish);
    const concrete = this.input.index.concrete(type);
    const inner =
      concrete.kind === "list"
        ? `repeated ${this.#single(concrete.element, undefined, taken)}`
        : concrete.kind === "map"
          ? this.#map(concrete.key, concrete.value, undefined, taken)
          : this.#single(type, undefined, taken);
    return this.make(taken, [`  ${inner} ${name} = 1;`]);
  }

  /** Adds a message that the schema does not have, and gives the reference to it. */
  make(name: string, lines: readonly string[]): string {
    this.#made.push("", `message ${name} {`, ...lines, "}");
    return `.${this.input.file.package}.${name}`;
  }

  claimRequest(wish: string): string {
    return this.#claim(wish);
  }

  reference(declaration: Declared): string {
    const file = this.input.index.fileOf(declaration.fullName);
    if (file !== this.input.file) this.#imports.add(`${this.input.outputBase(file.path)}.proto`);
    return `.${file.package}.${this.paths.of(declaration)}`;
  }

  wellKnown(name: string): string {
    this.#imports.add(`google/protobuf/${WELL_KNOWN_FILES[name] ?? "wrappers"}.proto`);
    return `.google.protobuf.${name}`;
  }

  /** Notes what protobuf cannot say; each is reported once a file, where it first is, with how often. */
  leave(what: string, span: Span): void {
    const left = this.#left.get(what);
    if (left === undefined) this.#left.set(what, { first: span, count: 1 });
    else left.count += 1;
  }

  get diagnostics(): Diagnostic[] {
    return [...this.#left].map(([what, { first, count }]) => diagnostic("RPC8020", first, { what, count }));
  }

  get importLines(): string[] {
    return [...this.#imports].sort().map((path) => `import ${JSON.stringify(path)};`);
  }

  get madeLines(): readonly string[] {
    return this.#made;
  }

  #single(type: TypeRef, field: Field | undefined, owner: string): string {
    const concrete = this.input.index.concrete(type);
    if (concrete.kind === "list" || concrete.kind === "map") return this.wrap(`${owner}Value`, "values", type);
    if (concrete.kind === "declared") return this.reference(concrete.declaration);
    if (concrete.scalar === "timestamp") return this.wellKnown("Timestamp");
    if (concrete.scalar === "duration") return this.wellKnown("Duration");
    const known = this.#remembered(field, "type", concrete.scalar);
    if (known?.startsWith("google.protobuf.") === true) return this.wellKnown(known.slice("google.protobuf.".length));
    return known ?? SCALARS[concrete.scalar];
  }

  #map(key: TypeRef, value: TypeRef, field: Field | undefined, owner: string): string {
    const concrete = this.input.index.concrete(key);
    const known = concrete.kind === "scalar" ? this.#remembered(field, "key", concrete.scalar) : undefined;
    const keyType = known ?? (concrete.kind === "scalar" ? this.#single(key, undefined, owner) : "int32");
    return `map<${keyType}, ${this.#single(value, field, owner)}>`;
  }

  #remembered(field: Field | undefined, what: "type" | "key", scalar: Scalar): string | undefined {
    if (field === undefined || remembered(field.annotations, what) === undefined) return undefined;
    const known = rememberedScalar(field.annotations, what, scalar);
    if (known === undefined) this.leave(`what "@proto.${what}" remembers`, field.span);
    return known;
  }

  #claim(wish: string): string {
    let name = wish;
    while (this.#madeNames.has(name)) name += "_";
    this.#madeNames.add(name);
    return name;
  }
}

const WELL_KNOWN_FILES: Readonly<Record<string, string>> = { Timestamp: "timestamp", Duration: "duration", Empty: "empty" };

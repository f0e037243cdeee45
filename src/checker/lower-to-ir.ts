/** Turns a file without mistakes into the part of the schema that emitters see: plain, resolved and frozen. */
import type * as ir from "../ir/schema.js";
import type {
  Annotation,
  DeclarationNode,
  Doc,
  FieldNode,
  Identifier,
  MethodNode,
  ReservedNode,
  TypeNode,
} from "../parser/ast.js";
import type { DeclarationChecker } from "./check-declarations.js";
import type { FieldChecker } from "./check-fields.js";
import type { MethodChecker } from "./check-methods.js";
import { deepFreeze } from "./deep-freeze.js";
import { fullWireName, readGivenName } from "./given-names.js";
import type { LoadedFile } from "./program.js";
import type { Annotations } from "./read-annotations.js";
import type { Types } from "./resolve-types.js";
import { statusCodeOf } from "./status-codes.js";
import { packageOf, qualify, type Symbols } from "./symbols.js";
import type { Values } from "./values.js";

/** What the checks found out, and lowering only reads. */
export interface Checked {
  readonly symbols: Symbols;
  readonly types: Types;
  readonly values: Values;
  readonly annotations: Annotations;
  readonly fields: FieldChecker;
  readonly methods: MethodChecker;
  readonly declarations: DeclarationChecker;
}

/** @throws Error if the file has mistakes, or what it imports, which their diagnostics say before. */
export function lowerToIr(file: LoadedFile, checked: Checked): ir.SchemaFile {
  const lowering = new DeclarationLowering(file, checked);
  return deepFreeze({
    path: file.path,
    package: packageOf(file),
    ...(file.node.doc && { doc: file.node.doc.text }),
    imports: file.imports.map(({ path, node }) => ({ path, ...(node.alias && { alias: node.alias.text }) })),
    declarations: file.node.declarations.map((node) => lowering.declaration(node)),
  });
}

interface DeclaredNode {
  readonly name: Identifier;
  readonly doc?: Doc;
  readonly annotations: readonly Annotation[];
}

/** An object of the schema while it is made. A spread for each part that may be absent would cost more than all checks. */
type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

type Named = Pick<ir.Field, "name" | "wireName" | "tsName" | "doc" | "deprecated" | "annotations" | "span">;

class DeclarationLowering {
  readonly #file: LoadedFile;
  readonly #checked: Checked;

  constructor(file: LoadedFile, checked: Checked) {
    this.#file = file;
    this.#checked = checked;
  }

  declaration(node: DeclarationNode): ir.Declaration {
    switch (node.kind) {
      case "const": {
        const value = this.#checked.values.constant(this.#checked.symbols.of(node));
        return {
          kind: node.kind,
          ...this.#topLevel(node),
          type: this.#type(node.type),
          value: known(value, node.name),
        };
      }
      case "alias":
        return { kind: node.kind, ...this.#topLevel(node), type: this.#type(node.type) };
      case "enum": {
        const members = node.members.map((member) => ({ ...this.#named(member), number: Number(member.number.value) }));
        return { kind: node.kind, ...this.#topLevel(node), members, reserved: lowerReserved(node.reserved) };
      }
      case "struct": {
        const fields = node.fields.map((field, index) => this.#field(field, index + 1));
        return { kind: node.kind, ...this.#topLevel(node), fields };
      }
      case "message":
        return {
          kind: node.kind,
          ...this.#topLevel(node),
          fields: this.#fields(node.fields),
          reserved: lowerReserved(node.reserved),
        };
      case "union":
        return {
          kind: node.kind,
          ...this.#topLevel(node),
          members: this.#fields(node.members),
          reserved: lowerReserved(node.reserved),
        };
      case "error": {
        const applied = this.#checked.annotations.of(node);
        return {
          kind: node.kind,
          ...this.#topLevel(node),
          fields: this.#fields(node.fields),
          reserved: lowerReserved(node.reserved),
          code: statusCodeOf(applied),
          retryable: applied.builtIn.has("retryable"),
        };
      }
      case "service": {
        const service = this.#topLevel(node);
        return {
          kind: node.kind,
          ...service,
          methods: node.methods.map((method) => this.#method(method, service.wireName)),
        };
      }
      case "annotation":
        return {
          kind: node.kind,
          ...this.#topLevel(node),
          parameters: node.parameters.map((field) => this.#annotationParameter(field)),
          targets: node.targets.map((target) => target.text),
        };
    }
  }

  #method(node: MethodNode, serviceWireName: string): ir.Method {
    const named = this.#named(node);
    const numbers = this.#checked.declarations.parameterNumbers(node);
    const { parameters, result } = node;
    return {
      ...named,
      path: `${serviceWireName}/${named.wireName}`,
      ...this.#checked.methods.factsOf(node),
      parameters:
        parameters.kind === "stream"
          ? { kind: "stream", element: this.#type(parameters.element) }
          : {
              kind: "fields",
              fields: parameters.fields.map((field) => this.#field(field, known(numbers.get(field), field.name))),
              reserved: lowerReserved(parameters.reserved),
            },
      ...(result && { result: { stream: result.stream, type: this.#type(result.type) } }),
    };
  }

  #fields(nodes: readonly FieldNode[]): ir.Field[] {
    return nodes.map((field) => this.#field(field, Number(known(field.number, field.name).value)));
  }

  #field(node: FieldNode, number: number): ir.Field {
    const { builtIn } = this.#checked.annotations.of(node);
    const facts = this.#checked.fields.factsOf(node);
    const field: Draft<ir.Field> = Object.assign(this.#named(node), {
      number,
      type: this.#type(node.type),
      optional: node.optional,
      sensitive: builtIn.has("sensitive"),
      int64: builtIn.has("number") ? ("number" as const) : ("bigint" as const),
      nanos: builtIn.has("nanos"),
      typedArray: builtIn.has("typedArray"),
    });
    if (facts.default !== undefined) field.default = facts.default;
    if (facts.constraints !== undefined) field.constraints = facts.constraints;
    return field;
  }

  #annotationParameter(node: FieldNode): ir.AnnotationDeclaration["parameters"][number] {
    const value = this.#checked.fields.factsOf(node).default;
    return {
      name: node.name.text,
      type: this.#type(node.type),
      optional: node.optional,
      ...(value && { default: value }),
    };
  }

  #topLevel(node: DeclarationNode) {
    const packageName = packageOf(this.#file);
    const fullName = qualify(packageName, node.name.text);
    const given = readGivenName("wireName", this.#checked.annotations.of(node));
    return { ...this.#named(node), fullName, wireName: fullWireName(given, packageName, fullName) };
  }

  #named(node: DeclaredNode): Draft<Named> {
    const applied = this.#checked.annotations.of(node);
    const name = node.name.text;
    const named: Draft<Named> = { name, wireName: name, annotations: applied.custom, span: node.name.span };
    if (node.doc !== undefined) named.doc = node.doc.text;
    if (applied.builtIn.size === 0) return named;
    const wireName = readGivenName("wireName", applied)?.value;
    const tsName = readGivenName("tsName", applied)?.value;
    const deprecated = applied.builtIn.get("deprecated");
    const note = deprecated?.values.get("note");
    if (wireName !== undefined) named.wireName = wireName;
    if (tsName !== undefined) named.tsName = tsName;
    if (deprecated !== undefined) named.deprecated = note?.kind === "string" ? note.value : "";
    return named;
  }

  #type(node: TypeNode): ir.TypeRef {
    return known(this.#checked.types.resolve(node, this.#file), node);
  }
}

function lowerReserved(nodes: readonly ReservedNode[]): ir.Reserved {
  const ranges = nodes
    .flatMap((node) => node.ranges)
    .map(({ from, to }) => ({ from: Number(from.value), to: Number(to.value) }));
  return {
    ranges: ranges.sort((a, b) => a.from - b.from),
    names: nodes.flatMap((node) => node.names).map((name) => name.value),
  };
}

function known<T>(value: T | undefined, place: { readonly span: Identifier["span"] }): T {
  if (value === undefined) throw new Error(`the program has mistakes at ${place.span.file}:${place.span.start}`);
  return value;
}

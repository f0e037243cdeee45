/** What a declaration means on the wire and promises there, as text: equal texts mean the same to the other side. */
import type { SchemaIndex } from "./schema-index.js";
import type { Constraints, Declaration, Field, Method, TypeRef } from "./schema.js";

export interface WireDescription {
  /** One line of JSON. What it refers to stands in it by wire name. */
  readonly text: string;
  /** The declarations that it refers to. */
  readonly refers: ReadonlySet<Declaration>;
}

/** Constants, aliases and annotations, which the wire does not know, describe nothing. */
export function describeWire(declaration: Declaration, index: SchemaIndex): WireDescription {
  const describer = new Describer(index);
  return {
    text: JSON.stringify([declaration.wireName, declaration.kind, describer.declaration(declaration)]),
    refers: describer.refers,
  };
}

class Describer {
  readonly refers = new Set<Declaration>();
  readonly #index: SchemaIndex;

  constructor(index: SchemaIndex) {
    this.#index = index;
  }

  declaration(declaration: Declaration): unknown {
    switch (declaration.kind) {
      case "enum":
        return byNumber(declaration.members.map(({ number, wireName }) => ({ number, wireName })));
      case "struct":
      case "message":
        return this.#fields(declaration.fields);
      case "union":
        return this.#fields(declaration.members);
      case "error":
        return { fields: this.#fields(declaration.fields), code: declaration.code, retryable: declaration.retryable };
      case "service":
        return declaration.methods.map((method) => this.#method(method)).sort((a, b) => (a.path < b.path ? -1 : 1));
      case "const":
      case "alias":
      case "annotation":
        return undefined;
    }
  }

  #fields(fields: readonly Field[]) {
    return byNumber(fields.map((field) => this.#field(field)));
  }

  #field(field: Field) {
    const { number, wireName, type, optional, constraints } = field;
    // Of a default, the wire knows only that the field is always written.
    const isAlwaysWritten = field.default !== undefined;
    return {
      number,
      wireName,
      type: this.#type(type),
      optional,
      isAlwaysWritten,
      constraints: constraints && inOrder(constraints),
    };
  }

  #method({ path, semantics, retainMs, deadlineMs, attempts, hedge, parameters, result, throws }: Method) {
    return {
      path,
      semantics,
      retainMs,
      deadlineMs,
      attempts,
      ...(hedge && { hedge }),
      parameters:
        parameters.kind === "stream" ? { stream: this.#type(parameters.element) } : this.#fields(parameters.fields),
      result: result && { stream: result.stream, type: this.#type(result.type) },
      throws: throws.map((name) => this.#refer(this.#index.declaration(name))).sort(),
    };
  }

  #type(type: TypeRef): unknown {
    switch (type.kind) {
      case "scalar":
        return type.scalar;
      case "list":
        return { list: this.#type(type.element) };
      case "map":
        return { map: [this.#type(type.key), this.#type(type.value)] };
      case "named": {
        const declaration = this.#index.declaration(type.name);
        return declaration.kind === "alias" ? this.#type(declaration.type) : { named: this.#refer(declaration) };
      }
    }
  }

  #refer(declaration: Declaration): string {
    this.refers.add(declaration);
    return declaration.wireName;
  }
}

/** JSON has keys in the order in which they were set, which a schema leaves open. */
function inOrder({ min, max, minLength, maxLength, pattern }: Constraints) {
  return { min, max, minLength, maxLength, pattern };
}

function byNumber<T extends { readonly number: number }>(entries: T[]): T[] {
  return entries.sort((a, b) => a.number - b.number);
}

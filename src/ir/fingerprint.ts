/** A short name for what a schema means on the wire and promises there: two sides that agree on it agree on both. */
import { canonicalJson } from "./canonical-json.js";
import type { SchemaIndex } from "./schema-index.js";
import type { Declaration, Field, Method, TypeRef } from "./schema.js";
import { sha256 } from "./sha256.js";

/**
 * 32 hexadecimal digits over the declarations of the given full names and all that they refer to; over the whole schema where no
 * names are given. Names in the source (given `@wireName`), files, order of declaration, documentation and what only
 * TypeScript sees do not enter; numbers, types, wire names, constraints and the promises of methods do.
 */
export function fingerprint(index: SchemaIndex, fullNames?: Iterable<string>): string {
  const all = index.schema.files.flatMap((file) => file.declarations);
  const roots = fullNames === undefined ? all : [...fullNames].map((name) => index.declaration(name));
  const described = new Map<string, unknown>();
  const reached = new Set<Declaration>(roots);
  const describer = new Describer(index, (declaration) => reached.add(declaration));
  for (const declaration of reached) {
    const description = describer.declaration(declaration);
    if (description !== undefined) described.set(declaration.wireName, description);
  }
  const inOrder = [...described].sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(canonicalJson(inOrder)).slice(0, 32);
}

class Describer {
  readonly #index: SchemaIndex;
  readonly #reach: (declaration: Declaration) => void;

  constructor(index: SchemaIndex, reach: (declaration: Declaration) => void) {
    this.#index = index;
    this.#reach = reach;
  }

  /** Undefined for what the wire does not know: constants, aliases and annotations. */
  declaration(declaration: Declaration): unknown {
    switch (declaration.kind) {
      case "enum":
        return { kind: "enum", members: byNumber(declaration.members.map(({ number, wireName }) => ({ number, wireName }))) };
      case "struct":
        return { kind: "struct", fields: this.#fields(declaration.fields) };
      case "message":
        return { kind: "message", fields: this.#fields(declaration.fields) };
      case "union":
        return { kind: "union", members: this.#fields(declaration.members) };
      case "error":
        return { kind: "error", fields: this.#fields(declaration.fields), code: declaration.code, retryable: declaration.retryable };
      case "service": {
        const methods = declaration.methods.map((method) => this.#method(method));
        return { kind: "service", methods: methods.sort((a, b) => (a.path < b.path ? -1 : 1)) };
      }
      case "const":
      case "alias":
      case "annotation":
        return undefined;
    }
  }

  #fields(fields: readonly Field[]) {
    return byNumber(fields.map((field) => this.#field(field)));
  }

  #field({ number, wireName, type, optional, constraints, ...field }: Field) {
    // Of a default, the wire knows only that the field is always written.
    return { number, wireName, type: this.#type(type), optional, constraints, isAlwaysWritten: field.default !== undefined };
  }

  #method({ path, semantics, retainMs, deadlineMs, attempts, parameters, result, throws }: Method) {
    return {
      path,
      semantics,
      retainMs,
      deadlineMs,
      attempts,
      parameters: parameters.kind === "stream" ? { stream: this.#type(parameters.element) } : this.#fields(parameters.fields),
      result: result && { stream: result.stream, type: this.#type(result.type) },
      throws: throws.map((name) => this.#refer(name)).sort(),
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
        return declaration.kind === "alias" ? this.#type(declaration.type) : { named: this.#refer(type.name) };
      }
    }
  }

  #refer(fullName: string): string {
    const declaration = this.#index.declaration(fullName);
    this.#reach(declaration);
    return declaration.wireName;
  }
}

function byNumber<T extends { readonly number: number }>(entries: T[]): T[] {
  return entries.sort((a, b) => a.number - b.number);
}

/** What TypeScript calls the things of a schema, and in which generated module each of them stands. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, Method, SchemaFile, Service } from "../../ir/schema.js";
import { inputDiffers } from "./input-forms.js";
import { exported, type SymbolRef } from "./symbol.js";

/** The modules of one source file; the barrel re-exports the others. */
export type ModuleKind = "types" | "codec" | "client" | "server" | "barrel";

/** The name of a field, union member, enum member or method in TypeScript. */
export function memberName(member: { readonly name: string; readonly tsName?: string }): string {
  return member.tsName ?? member.name;
}

/** The base name from which all generated names of a declaration are made. */
export function declaredName(declaration: Declaration): string {
  return declaration.tsName ?? declaration.name;
}

export const derivedNames = {
  init: (base: string): string => `${base}Init`,
  codec: (base: string): string => `${base}Codec`,
  client: (service: string): string => `${service}Client`,
  handlers: (service: string): string => `${service}Handlers`,
  binding: (service: string): string => `${lowerFirst(service)}Service`,
  methods: (service: string): string => `${service}Methods`,
  descriptor: (service: string): string => `${service}Descriptor`,
  params: (service: string, method: string): string => `${service}${upperFirst(method)}Params`,
};

export class Names {
  readonly index: SchemaIndex;
  readonly #outputBase: (sourcePath: string) => string;

  constructor(index: SchemaIndex, outputBase: (sourcePath: string) => string) {
    this.index = index;
    this.#outputBase = outputBase;
  }

  /** The path of a module relative to the output folder, less `.ts`. */
  module(file: SchemaFile, kind: ModuleKind): string {
    const base = this.#outputBase(file.path);
    return kind === "barrel" ? base : `${base}.${kind}`;
  }

  /** A declared type in a place of types. */
  type(fullName: string): SymbolRef {
    return this.#of(fullName, "types", (base) => base, "type");
  }

  /** A constant, an enum's object or an error's class in a place that runs. */
  value(fullName: string): SymbolRef {
    return this.#of(fullName, "types", (base) => base, "value");
  }

  /** What a caller may write for a declared type; the type itself where that is the same. */
  init(fullName: string): SymbolRef {
    return this.hasInit(fullName) ? this.#of(fullName, "types", derivedNames.init, "type") : this.type(fullName);
  }

  /** Whether a declaration has a name for its input form: an alias only where it differs, others always. */
  hasInit(fullName: string): boolean {
    const declaration = this.index.declaration(fullName);
    switch (declaration.kind) {
      case "struct":
      case "message":
      case "union":
      case "error":
        return true;
      case "alias":
        return inputDiffers(this.index, declaration.type);
      default:
        return false;
    }
  }

  /** The codec of a struct, message, union or error. */
  codec(fullName: string): SymbolRef {
    return this.#of(fullName, "codec", derivedNames.codec, "value");
  }

  /** The parameters of a method that has fields for them, as the handler sees them. */
  params(service: Service, method: Method): SymbolRef {
    return this.#ofParams(service, method, (base) => base);
  }

  /** The parameters as the caller may write them. */
  paramsInit(service: Service, method: Method): SymbolRef {
    return this.#ofParams(service, method, derivedNames.init);
  }

  /** The const that holds a service's method descriptors. */
  methods(service: Service): SymbolRef {
    return this.#of(service.fullName, "codec", derivedNames.methods, "value");
  }

  descriptor(service: Service): SymbolRef {
    return this.#of(service.fullName, "codec", derivedNames.descriptor, "value");
  }

  #of(fullName: string, kind: ModuleKind, derive: (base: string) => string, use: SymbolRef["use"]): SymbolRef {
    const base = declaredName(this.index.declaration(fullName));
    return exported(this.module(this.index.fileOf(fullName), kind), derive(base), use);
  }

  #ofParams(service: Service, method: Method, derive: (base: string) => string): SymbolRef {
    const base = derivedNames.params(declaredName(service), memberName(method));
    return exported(this.module(this.index.fileOf(service.fullName), "types"), derive(base), "type");
  }
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

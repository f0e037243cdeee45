/** What TypeScript calls the things of a schema, and in which generated module each of them stands. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, Method, SchemaFile, Service } from "../../ir/schema.js";
import { inputDiffers } from "./input-forms.js";
import { exported, type SymbolRef } from "./symbol.js";

/** The modules of one source file; the barrel re-exports the others, but for the schema and blocking clients. */
export type ModuleKind = "types" | "codec" | "client" | "server" | "sync" | "schema" | "barrel";

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
  syncClient: (service: string): string => `${service}SyncClient`,
  handlers: (service: string): string => `${service}Handlers`,
  binding: (service: string): string => `${lowerFirst(service)}Service`,
  methods: (service: string): string => `${service}Methods`,
  descriptor: (service: string): string => `${service}Descriptor`,
  params: (service: string, method: string): string => `${service}${upperFirst(method)}Params`,
};

/** The names that one declaration exports, less those of parameters. An alias has its second only where the two forms differ. */
export function exportedNames(declaration: Declaration): readonly string[] {
  const base = declaredName(declaration);
  const { init, codec, client, handlers, binding, methods, descriptor } = derivedNames;
  switch (declaration.kind) {
    case "annotation":
      return [];
    case "const":
    case "enum":
      return [base];
    case "alias":
      return [base, init(base)];
    case "struct":
    case "message":
    case "union":
    case "error":
      return [base, init(base), codec(base)];
    case "service":
      return [client, handlers, binding, methods, descriptor].map((derive) => derive(base));
  }
}

/** The names that nothing else of the file may have: the exported ones, and that of a blocking client, whether there is one or not. */
export function claimedNames(declaration: Declaration): readonly string[] {
  const names = exportedNames(declaration);
  return declaration.kind === "service" ? [...names, derivedNames.syncClient(declaredName(declaration))] : names;
}

/** The names of what a method is asked with; a request stream has none. */
export function parameterNames(service: Service, method: Method): readonly string[] {
  if (method.parameters.kind === "stream") return [];
  const base = derivedNames.params(declaredName(service), memberName(method));
  return [base, derivedNames.init(base)];
}

/** `ordersSchema` of `billing/orders.idl`. */
export function schemaName({ path }: SchemaFile): string {
  const words = path.replace(/^.*\//, "").replace(/\.idl$/, "").match(/[A-Za-z0-9]+/g) ?? [];
  const name = lowerFirst(`${words.map(upperFirst).join("")}Schema`);
  return /^\d/.test(name) ? `_${name}` : name;
}

type Use = "type" | "value" | "init" | "codec" | "methods" | "descriptor";

/** Of each use of a declaration the module, the name there, and whether the place runs. */
const USES: Readonly<Record<Use, readonly [ModuleKind, (base: string) => string, SymbolRef["use"]]>> = {
  type: ["types", (base) => base, "type"],
  value: ["types", (base) => base, "value"],
  init: ["types", derivedNames.init, "type"],
  codec: ["codec", derivedNames.codec, "value"],
  methods: ["codec", derivedNames.methods, "value"],
  descriptor: ["codec", derivedNames.descriptor, "value"],
};

export class Names {
  readonly index: SchemaIndex;
  readonly #outputBase: (sourcePath: string) => string;
  readonly #modules = new Map<SchemaFile, Map<ModuleKind, string>>();
  /** One object for each use of a declaration. */
  readonly #symbols: Readonly<Record<Use, Map<string, SymbolRef>>> = { type: new Map(), value: new Map(), init: new Map(), codec: new Map(), methods: new Map(), descriptor: new Map() };

  constructor(index: SchemaIndex, outputBase: (sourcePath: string) => string) {
    this.index = index;
    this.#outputBase = outputBase;
  }

  /** The path of a module relative to the output folder, less `.ts`. */
  module(file: SchemaFile, kind: ModuleKind): string {
    let modules = this.#modules.get(file);
    if (modules === undefined) this.#modules.set(file, (modules = new Map()));
    let path = modules.get(kind);
    if (path === undefined) {
      const base = this.#outputBase(file.path);
      modules.set(kind, (path = kind === "barrel" ? base : `${base}.${kind}`));
    }
    return path;
  }

  /** A declared type in a place of types. */
  type(fullName: string): SymbolRef {
    return this.#of("type", fullName);
  }

  /** A constant, an enum's object or an error's class in a place that runs. */
  value(fullName: string): SymbolRef {
    return this.#of("value", fullName);
  }

  /** What a caller may write for a declared type; the type itself where that is the same. */
  init(fullName: string): SymbolRef {
    return this.hasInit(fullName) ? this.#of("init", fullName) : this.type(fullName);
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
    return this.#of("codec", fullName);
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
    return this.#of("methods", service.fullName);
  }

  descriptor(service: Service): SymbolRef {
    return this.#of("descriptor", service.fullName);
  }

  /** The const that holds the text of a file. */
  schema(file: SchemaFile): SymbolRef {
    return exported(this.module(file, "schema"), schemaName(file), "value");
  }

  #of(use: Use, fullName: string): SymbolRef {
    let symbol = this.#symbols[use].get(fullName);
    if (symbol === undefined) {
      const [kind, derive, place] = USES[use];
      const base = declaredName(this.index.declaration(fullName));
      symbol = exported(this.module(this.index.fileOf(fullName), kind), derive(base), place);
      this.#symbols[use].set(fullName, symbol);
    }
    return symbol;
  }

  #ofParams(service: Service, method: Method, derive: (base: string) => string): SymbolRef {
    const base = derivedNames.params(declaredName(service), memberName(method));
    return exported(this.module(this.index.fileOf(service.fullName), "types"), derive(base), "type");
  }
}

export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

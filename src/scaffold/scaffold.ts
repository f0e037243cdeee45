/** The module of handlers for the services of one file: a new one, or the user's own with what it lacks. */
import type { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { declaredName, derivedNames, memberName } from "../emit/typescript/names.js";
import type { Method, Service } from "../ir/schema.js";
import { findImplementations, type FoundImplementations, type Implementation } from "./implementations.js";
import { formOf, insert, insertImports, insertMembers, type Insertion, type WantedImport } from "./insertions.js";
import { skeleton } from "./skeleton.js";
import { DEFAULT_STYLE, styleOf, type Compiler, type Style } from "./style.js";
import { UserModule } from "./user-module.js";

const RUNTIME = "@rpcgen/runtime";

export interface HandlersModule {
  /** As a person would type it; the place of findings. */
  readonly path: string;
  /** What stands there; undefined where nothing does. Without a byte order mark. */
  readonly text: string | undefined;
  /** Those whose handlers belong into it. */
  readonly services: readonly Service[];
  /** What the generated module is imported as from here, such as `./gen/orders.js`. */
  readonly generated: string;
}

export interface Scaffolded {
  /** What is to stand there. Equal to what stands there where nothing is missing; undefined where there is nothing to write. */
  readonly text: string | undefined;
  /** The methods that were added. */
  readonly added: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Lays a text out as its user does; gives it back as it is where there is no such wish. */
export type LayOut = (text: string) => Promise<string>;

export async function scaffold(wanted: HandlersModule, compiler: Compiler, layOut: LayOut): Promise<Scaffolded> {
  const isNew = wanted.text === undefined || wanted.text.trim() === "";
  const module = new UserModule(wanted.path, wanted.text ?? "", compiler);
  const { syntaxError } = module;
  if (syntaxError !== undefined) {
    const { start, end, message } = syntaxError;
    return { text: wanted.text, added: [], diagnostics: [diagnostic("RPC7040", { file: wanted.path, start, end }, { path: wanted.path, reason: message })] };
  }
  const extension = new Extension(wanted, module, layOut);
  const { insertions, added, diagnostics } = await extension.plan();
  if (insertions.length === 0) return { text: wanted.text, added, diagnostics };
  const text = insert(module.text, insertions);
  if (new UserModule(wanted.path, text, compiler).syntaxError !== undefined) throw new Error(`what was to be put into ${wanted.path} does not parse:\n${text}`);
  return { text: isNew ? await layOut(text) : text, added, diagnostics };
}

/** The name of the type of the handlers of a service. */
export function handlersType(service: Service): string {
  return derivedNames.handlers(declaredName(service));
}

/** Whether a module implements a service, so that its handlers are not missing elsewhere. */
export function hasHandlers(path: string, text: string, service: Service, compiler: Compiler): boolean {
  const module = new UserModule(path, text, compiler);
  return module.syntaxError === undefined && localNames(module, service).found.found.length > 0;
}

interface LocalNames {
  readonly types: readonly string[];
  readonly found: FoundImplementations;
}

function localNames(module: UserModule, service: Service): LocalNames {
  const isGenerated = (specifier: string): boolean => specifier !== RUNTIME;
  const types = module.imported(handlersType(service), isGenerated).map(({ local }) => local);
  const bindings = module.imported(derivedNames.binding(declaredName(service)), isGenerated).filter(({ typeOnly }) => !typeOnly).map(({ local }) => local);
  return { types, found: findImplementations(module, types, bindings) };
}

class Extension {
  readonly #wanted: HandlersModule;
  readonly #module: UserModule;
  readonly #style: Style;
  readonly #layOut: LayOut;
  readonly #imports: WantedImport[] = [];
  readonly #insertions: Insertion[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #added: string[] = [];
  #rpcError: string | undefined;

  constructor(wanted: HandlersModule, module: UserModule, layOut: LayOut) {
    this.#wanted = wanted;
    this.#module = module;
    this.#layOut = layOut;
    this.#style = module.text.trim() === "" ? DEFAULT_STYLE : styleOf(module.file, module.compiler);
  }

  async plan(): Promise<{ readonly insertions: readonly Insertion[]; readonly added: readonly string[]; readonly diagnostics: readonly Diagnostic[] }> {
    for (const service of this.#wanted.services) {
      const { types, found } = localNames(this.#module, service);
      for (const implementation of found.found) await this.#extend(service, implementation, types[0]);
      if (found.found.length > 0) continue;
      if (found.mentioned !== undefined) this.#report("RPC7042", found.mentioned, service);
      else await this.#append(service, types[0]);
    }
    return { insertions: [...insertImports(this.#imports, this.#module, this.#style), ...this.#insertions], added: this.#added, diagnostics: this.#diagnostics };
  }

  async #extend(service: Service, implementation: Implementation, type: string | undefined): Promise<void> {
    this.#warnOfRemoved(service, implementation);
    const missing = service.methods.filter((method) => !implementation.members.has(memberName(method)));
    if (missing.length === 0) return;
    if (implementation.unseen !== undefined) {
      const { start, end } = this.#span(implementation.unseen);
      this.#diagnostics.push(diagnostic("RPC7041", { file: this.#wanted.path, start, end }, { service: service.name, methods: missing.map(({ name }) => name) }));
      return;
    }
    const form = formOf(implementation, this.#module);
    const contract = implementation.contract !== "" ? implementation.contract : (type ?? this.#importType(service));
    const names = { rpcError: this.#nameOfRpcError(), contract };
    const lines = missing.map((method) => skeleton(service, method, form, names, this.#style));
    const isClass = form.startsWith("class");
    const laidOut = await this.#layOutMembers(lines, isClass);
    this.#insertions.push(...insertMembers(implementation, laidOut, this.#module, this.#style));
    this.#note(service, missing);
  }

  /** A whole skeleton, at the end. */
  async #append(service: Service, type: string | undefined): Promise<void> {
    const { text } = this.#module;
    const { newline, end, indent } = this.#style;
    const isTransactional = service.methods.some(({ semantics }) => semantics === "exactlyOnce");
    const contract = type ?? this.#importType(service);
    const names = { rpcError: this.#nameOfRpcError(), contract };
    const members = service.methods.map((method) => skeleton(service, method, "method", names, this.#style).map((line) => (line === "" ? "" : indent + line)).join(newline) + ",");
    const wanted = this.#wanted.services.length === 1 ? "handlers" : `${lowerFirst(declaredName(service))}Handlers`;
    const name = this.#module.declarationsOf(wanted) === 0 ? wanted : this.#module.freeName(`${lowerFirst(declaredName(service))}Handlers`);
    const body = members.length === 0 ? "{}" : `{${newline}${members.join(newline + newline)}${newline}}`;
    const comment = isTransactional ? `// The store's transaction is \`ctx.tx\`: ${contract}<…> gives it its type.${newline}` : "";
    const declaration = `${comment}export const ${name}: ${contract} = ${body}${end}`;
    const laidOut = text.trim() === "" ? declaration : (await this.#layOut(declaration)).trimEnd();
    const before = text === "" || text.endsWith("\n") ? newline : newline + newline;
    this.#insertions.push({ at: text.length, text: `${before}${laidOut}${newline}` });
    this.#note(service, service.methods);
  }

  /** Members as the user's own formatter prints them, which prints whole programs alone. */
  async #layOutMembers(members: readonly (readonly string[])[], isClass: boolean): Promise<readonly (readonly string[])[]> {
    const { compiler: is } = this.#module;
    const [open, separator, close] = isClass ? ["class X {\n", "\n\n", "\n}\n"] : ["const x = {\n", ",\n\n", ",\n};\n"];
    const program = open + members.map((lines) => lines.join("\n")).join(separator) + close;
    const printed = (await this.#layOut(program)).replaceAll("\r\n", "\n");
    if (printed === program) return members;
    const module = new UserModule("x.ts", printed, is);
    const [statement] = module.file.statements;
    if (statement === undefined) return members;
    const parent = is.isClassDeclaration(statement) ? statement : is.isVariableStatement(statement) ? statement.declarationList.declarations[0]?.initializer : undefined;
    if (parent === undefined || !(is.isClassLike(parent) || is.isObjectLiteralExpression(parent))) return members;
    const nodes: readonly ts.Node[] = is.isClassLike(parent) ? parent.members : parent.properties;
    return nodes.map((node) => {
      const start = node.getStart(module.file, true);
      const margin = printed.slice(printed.lastIndexOf("\n", start - 1) + 1, start);
      return printed.slice(start, node.getEnd()).split("\n").map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line));
    });
  }

  #importType(service: Service): string {
    const name = handlersType(service);
    const as = this.#module.declarationsOf(name) === 0 ? undefined : this.#module.freeName(name);
    this.#imports.push({ name, specifier: this.#wanted.generated, type: true, ...(as !== undefined && { as }) });
    return as ?? name;
  }

  #nameOfRpcError(): string {
    if (this.#rpcError !== undefined) return this.#rpcError;
    const known = this.#module.imported("RpcError", (specifier) => specifier === RUNTIME).find(({ local, typeOnly }) => !typeOnly && this.#module.declarationsOf(local.split(".")[0] ?? "") === 1);
    if (known === undefined) {
      const as = this.#module.freeName("RpcError");
      this.#imports.push({ name: "RpcError", specifier: RUNTIME, type: false, ...(as !== "RpcError" && { as }) });
      this.#rpcError = as;
    } else {
      this.#rpcError = known.local;
    }
    return this.#rpcError;
  }

  /** Beside handlers an object has nothing else; of a class only what refers to the contract is surely one. */
  #warnOfRemoved(service: Service, { node, members, contract }: Implementation): void {
    const known = new Set(service.methods.map(memberName));
    for (const [name, member] of members) {
      if (known.has(name)) continue;
      const isHandler = !this.#module.compiler.isClassLike(node) || member.getText().includes(`${contract}["${name}"]`) || member.getText().includes(`${contract}['${name}']`);
      if (!isHandler) continue;
      const at = "name" in member ? (member.name as typeof member) : member;
      const { start, end } = this.#span(at);
      this.#diagnostics.push(diagnostic("RPC7043", { file: this.#wanted.path, start, end }, { service: service.name, method: name }));
    }
  }

  #report(code: "RPC7042", node: ts.Node, service: Service): void {
    const { start, end } = this.#span(node);
    this.#diagnostics.push(diagnostic(code, { file: this.#wanted.path, start, end }, { service: service.name }));
  }

  #span(node: ts.Node): { readonly start: number; readonly end: number } {
    return { start: node.getStart(this.#module.file), end: node.getEnd() };
  }

  #note(service: Service, methods: readonly Method[]): void {
    this.#added.push(...methods.map(({ name }) => `${service.name}.${name}`));
  }
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

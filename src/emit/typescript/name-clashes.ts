/** Finds the names of a schema that cannot stand in generated TypeScript, before any of it is printed, and what cures each. */
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, ErrorType, Method, SchemaFile, Service } from "../../ir/schema.js";
import type { Span } from "../../text/span.js";
import { freeName, hidesErrorMember, isWord, memberFault, TakenNames, type Member } from "./taken-names.js";
import { claimedNames, declaredName, lowerFirst, memberName, parameterNames, upperFirst } from "./names.js";
import { isClientMember } from "./reserved-words.js";

export interface NameClash {
  readonly finding: Diagnostic;
  /** What `@tsName` would call the thing whose name stands at the place, so that nothing clashes. */
  readonly cure: { readonly span: Span; readonly tsName: string };
}

/** By place. */
export function findNameClashes(index: SchemaIndex, source: SchemaFile): readonly NameClash[] {
  const search = new Search(index, source);
  return search.clashes.sort((a, b) => (a.finding.span?.start ?? 0) - (b.finding.span?.start ?? 0));
}

/** The findings alone: what keeps a file from being emitted. */
export function nameFindings(index: SchemaIndex, source: SchemaFile): readonly Diagnostic[] {
  return findNameClashes(index, source).map(({ finding }) => finding);
}

/** Something that exports names: a declaration, or the parameters of a method. */
interface Exporter {
  readonly what: string;
  /** What it is named after, and what `@tsName` stands before. */
  readonly named: string;
  readonly span: Span;
  /** The one name that is its own and not made from it; parameters have none. */
  readonly own?: string;
  readonly free: () => string;
}

class Search {
  readonly clashes: NameClash[] = [];
  readonly #index: SchemaIndex;
  readonly #taken: TakenNames;
  /** What was given to a thing cures all that it clashes with. */
  readonly #cures = new Map<object, string>();

  constructor(index: SchemaIndex, source: SchemaFile) {
    this.#index = index;
    this.#taken = new TakenNames(index, source);
    this.#exports(source);
    for (const declaration of source.declarations) this.#declaration(declaration);
  }

  #exports(source: SchemaFile): void {
    const taken = new Map<string, Exporter>();
    /** Of two that clash in several names, the first such name is reported. */
    const take = (names: readonly string[], exporter: Exporter): void => {
      const reported = new Set<Exporter>();
      for (const name of names) {
        const before = taken.get(name);
        if (before === undefined) taken.set(name, exporter);
        if (before === undefined || reported.has(before)) continue;
        reported.add(before);
        // Who is called so, and not only what is made from it, has fewer names that would change.
        const cured = before.own === name && exporter.own !== name ? before : exporter;
        if (cured === before) taken.set(name, exporter);
        const tsName = cured.free();
        const related = [{ message: `"${name}" comes from here too`, span: before.span }];
        const args = { name, what: exporter.what, otherWhat: before.what, advice: tsName, before: cured.named };
        this.clashes.push({ finding: diagnostic("RPC6002", exporter.span, args, { related }), cure: { span: cured.span, tsName } });
      }
    };
    for (const declaration of source.declarations) {
      const { kind, span } = declaration;
      const own = declaredName(declaration);
      const names = claimedNames(declaration);
      if (isWord(declaration)) {
        const tsName = this.#cure(declaration, unreserved(own), (name) => this.#taken.forDeclaration(declaration, name));
        this.clashes.push({ finding: diagnostic("RPC6001", span, { name: own, what: kind, advice: tsName }), cure: { span, tsName } });
      }
      const named = `the ${kind} "${declaration.name}"`;
      const free = () => this.#cure(declaration, `${own}${upperFirst(kind)}`, (name) => this.#taken.forDeclaration(declaration, name));
      take(names, { what: named, named, span, own, free });
      if (declaration.kind === "service") this.#parameters(declaration, take);
    }
  }

  #parameters(service: Service, take: (names: readonly string[], exporter: Exporter) => void): void {
    const seen = new Set<string>();
    for (const method of service.methods) {
      const name = memberName(method);
      // Two methods of one name are found among the members.
      if (method.parameters.kind === "stream" || seen.has(name)) continue;
      seen.add(name);
      const path = `"${service.name}.${method.name}"`;
      const free = () => this.#freeMethod(service, method, `${name}Call`);
      take(parameterNames(service, method), { what: `the parameters of ${path}`, named: `the method ${path}`, span: method.span, free });
    }
  }

  #declaration(declaration: Declaration): void {
    switch (declaration.kind) {
      case "struct":
      case "message":
        return this.#fields(declaration.name, declaration.fields);
      case "enum":
      case "union":
        return this.#fields(declaration.name, declaration.members);
      case "error":
        this.#fields(declaration.name, declaration.fields, declaration);
        return this.#errorFields(declaration);
      case "service":
        return this.#methods(declaration);
      default:
        return;
    }
  }

  #fields(owner: string, fields: readonly Member[], error?: ErrorType): void {
    this.#distinct(owner, fields, (field, wish) => this.#freeMember(fields, field, wish, error));
  }

  #distinct<M extends Member>(owner: string, members: readonly M[], free: (member: M, wish: string) => string): void {
    const seen = new Map<string, Span>();
    for (const member of members) {
      const name = memberName(member);
      const { span } = member;
      const fault = memberFault(member);
      if (fault === "prototype") {
        const tsName = free(member, "proto");
        this.clashes.push({ finding: diagnostic("RPC6006", span, { owner, advice: tsName }), cure: { span, tsName } });
      } else if (fault === "inherited") {
        const tsName = free(member, `${name}Value`);
        this.clashes.push({ finding: diagnostic("RPC6007", span, { owner, name, advice: tsName }), cure: { span, tsName } });
      }
      const before = seen.get(name);
      if (before === undefined) {
        seen.set(name, span);
        continue;
      }
      const tsName = free(member, name);
      const related = [{ message: `"${name}" is taken here`, span: before }];
      this.clashes.push({ finding: diagnostic("RPC6003", span, { name, owner, advice: tsName }, { related }), cure: { span, tsName } });
    }
  }

  #errorFields(error: ErrorType): void {
    for (const field of error.fields) {
      if (!hidesErrorMember(this.#index, field)) continue;
      const name = memberName(field);
      const { span } = field;
      const tsName = this.#freeMember(error.fields, field, `${lowerFirst(error.name)}${upperFirst(name)}`, error);
      this.clashes.push({ finding: diagnostic("RPC6004", span, { name, error: error.name, advice: tsName }), cure: { span, tsName } });
    }
  }

  #methods(service: Service): void {
    const free = (method: Method, wish: string) => this.#freeMethod(service, method, wish);
    this.#distinct(service.name, service.methods, free);
    for (const method of service.methods) {
      const name = memberName(method);
      const { parameters, span } = method;
      if (isClientMember(name)) {
        const tsName = free(method, `${name}Call`);
        this.clashes.push({ finding: diagnostic("RPC6005", span, { name, service: service.name, advice: tsName }), cure: { span, tsName } });
      }
      if (parameters.kind === "fields") this.#fields(`${service.name}.${method.name}`, parameters.fields);
    }
  }

  #freeMethod(service: Service, method: Method, wish: string): string {
    return this.#cure(method, wish, (name) => this.#taken.forMethod(service, method, name));
  }

  #freeMember(siblings: readonly Member[], member: Member, wish: string, error?: ErrorType): string {
    return this.#cure(member, wish, (name) => this.#taken.forMember(siblings, member, name, error));
  }

  #cure(thing: object, wish: string, take: (name: string) => boolean): string {
    const name = this.#cures.get(thing) ?? freeName(wish, take);
    this.#cures.set(thing, name);
    return name;
  }
}

/** `Any` for `any`: words of TypeScript are written small, but for a few. */
function unreserved(name: string): string {
  const upper = upperFirst(name);
  return upper === name ? `${name}Type` : upper;
}

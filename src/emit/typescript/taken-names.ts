/** What can be a name in generated TypeScript: which words cannot, and which names are taken. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, ErrorType, Field, Method, SchemaFile, Service } from "../../ir/schema.js";
import { MESSAGE_FIELD } from "./errors.js";
import { claimedNames, declaredName, exportedNames, memberName, parameterNames } from "./names.js";
import { isClientMember, isErrorMember, isUndeclarable } from "./reserved-words.js";

/** A field, or a member of an enum or union, or a method. */
export type Member = Pick<Field, "name" | "tsName" | "span"> & Partial<Pick<Field, "type" | "optional" | "default">>;

/** Why an object of JavaScript has no room for a member of its name. */
export function memberFault(member: Member): "prototype" | "inherited" | undefined {
  const name = memberName(member);
  if (name === "__proto__") return "prototype";
  return (member.optional === true || member.default !== undefined) && name in Object.prototype ? "inherited" : undefined;
}

/** Whether a declaration would be exported under a word of TypeScript. */
export function isWord(declaration: Declaration): boolean {
  const name = declaredName(declaration);
  return isUndeclarable(name) && exportedNames(declaration).includes(name);
}

/** Whether a field of an error would hide what every error has. A string for its message is what `RpcError` has too. */
export function hidesErrorMember(index: SchemaIndex, field: Field): boolean {
  const name = memberName(field);
  if (name !== MESSAGE_FIELD) return isErrorMember(name);
  const type = index.concrete(field.type);
  return type.kind !== "scalar" || type.scalar !== "string";
}

/** What is wished, or that with a number behind it: the first that can be taken. */
export function freeName(wish: string, take: (name: string) => boolean): string {
  let name = wish;
  for (let count = 2; !take(name); count += 1) name = `${wish}${count}`;
  return name;
}

/** The names of one file. Each of its methods takes a name for a thing, and is false where it cannot be had. */
export class TakenNames {
  readonly #index: SchemaIndex;
  readonly #source: SchemaFile;
  /** By the members beside, how many have a name. */
  readonly #members = new Map<readonly Member[], Map<string, number>>();
  #exported: Map<string, number> | undefined;

  constructor(index: SchemaIndex, source: SchemaFile) {
    this.#index = index;
    this.#source = source;
  }

  forDeclaration(declaration: Declaration, tsName: string): boolean {
    const named = { ...declaration, tsName };
    return !isWord(named) && this.#takeExports(namesOf(named), namesOf(declaration));
  }

  /** The parameters of a method have their names from it. */
  forMethod(service: Service, method: Method, tsName: string): boolean {
    const named = { ...method, tsName };
    if (isClientMember(tsName) || memberFault(named) !== undefined) return false;
    const members = this.#membersOf(service.methods);
    if (!isFree(members, tsName, memberName(method))) return false;
    if (!this.#takeExports(parameterNames(service, named), parameterNames(service, method))) return false;
    return take(members, tsName);
  }

  /** `error`, where it is a field of one. */
  forMember(siblings: readonly Member[], member: Member, tsName: string, error?: ErrorType): boolean {
    if (memberFault({ ...member, tsName }) !== undefined) return false;
    const field = error?.fields.find(({ span }) => span === member.span);
    if (field !== undefined && hidesErrorMember(this.#index, { ...field, tsName })) return false;
    const members = this.#membersOf(siblings);
    return isFree(members, tsName, memberName(member)) && take(members, tsName);
  }

  /** All names or none; `own` are those that the thing has by now. */
  #takeExports(names: readonly string[], own: readonly string[]): boolean {
    const exported = (this.#exported ??= counted(this.#source.declarations.flatMap(namesOf)));
    return names.every((name) => isFree(exported, name, ...own)) && names.every((name) => take(exported, name));
  }

  #membersOf(siblings: readonly Member[]): Map<string, number> {
    let names = this.#members.get(siblings);
    if (names === undefined) this.#members.set(siblings, (names = counted(siblings.map(memberName))));
    return names;
  }
}

/** All names that follow from that of a declaration. */
function namesOf(declaration: Declaration): readonly string[] {
  const names = claimedNames(declaration);
  return declaration.kind === "service" ? [...names, ...declaration.methods.flatMap((method) => parameterNames(declaration, method))] : names;
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) take(counts, name);
  return counts;
}

function take(counts: Map<string, number>, name: string): true {
  counts.set(name, (counts.get(name) ?? 0) + 1);
  return true;
}

function isFree(counts: ReadonlyMap<string, number>, name: string, ...own: readonly string[]): boolean {
  return (counts.get(name) ?? 0) <= own.filter((each) => each === name).length;
}

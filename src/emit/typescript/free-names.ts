/** Names that would not clash: what a clash is cured by, with `@tsName`. */
import type { Declaration, ErrorType, Method, SchemaFile, Service } from "../../ir/schema.js";
import { exportedNames, memberName, parameterNames } from "./names.js";
import { isClientMember, isErrorMember, isUndeclarable } from "./reserved-words.js";

interface Member {
  readonly name: string;
  readonly tsName?: string;
}

/** Of one file. Each thing gets one name, however often it clashes, and no two get the same. */
export class FreeNames {
  readonly #source: SchemaFile;
  readonly #given = new Map<object, string>();
  readonly #members = new Map<readonly Member[], Set<string>>();
  #exported: Set<string> | undefined;

  constructor(source: SchemaFile) {
    this.#source = source;
  }

  /** For a declaration: `wish`, or that with a number behind it. */
  ofDeclaration(declaration: Declaration, wish: string): string {
    return this.#give(declaration, wish, (tsName) => {
      const names = namesOf({ ...declaration, tsName });
      return !isUndeclarable(tsName) && this.#claim(names);
    });
  }

  /** For a method, from which its parameters have their names too. */
  ofMethod(service: Service, method: Method, wish: string): string {
    const members = this.#membersOf(service.methods);
    return this.#give(method, wish, (tsName) => {
      if (members.has(tsName) || isClientMember(tsName) || tsName in Object.prototype) return false;
      return this.#claim(parameterNames(service, { ...method, tsName })) && members.add(tsName).size > 0;
    });
  }

  /** For a field or a member of `siblings`; of an error, if one is given. */
  ofMember(siblings: readonly Member[], member: Member, wish: string, error?: ErrorType): string {
    const members = this.#membersOf(siblings);
    return this.#give(member, wish, (tsName) => {
      if (members.has(tsName) || tsName in Object.prototype || (error !== undefined && isErrorMember(tsName))) return false;
      return members.add(tsName).size > 0;
    });
  }

  #give(thing: object, wish: string, take: (name: string) => boolean): string {
    let name = this.#given.get(thing) ?? wish;
    if (this.#given.has(thing)) return name;
    for (let count = 2; !take(name); count += 1) name = `${wish}${count}`;
    this.#given.set(thing, name);
    return name;
  }

  /** Takes all names or none. */
  #claim(names: readonly string[]): boolean {
    this.#exported ??= new Set(this.#source.declarations.flatMap(namesOf));
    if (names.some((name) => this.#exported?.has(name))) return false;
    for (const name of names) this.#exported.add(name);
    return true;
  }

  #membersOf(siblings: readonly Member[]): Set<string> {
    let names = this.#members.get(siblings);
    if (names === undefined) this.#members.set(siblings, (names = new Set(siblings.map(memberName))));
    return names;
  }
}

/** All names that follow from that of a declaration. */
function namesOf(declaration: Declaration): readonly string[] {
  const names = exportedNames(declaration);
  return declaration.kind === "service" ? [...names, ...declaration.methods.flatMap((method) => parameterNames(declaration, method))] : names;
}

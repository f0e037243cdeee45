/** In which directions values of a type travel: what tells whom a change reaches. */
import type { SchemaIndex } from "../ir/schema-index.js";
import type { Declaration, Field, TypeRef } from "../ir/schema.js";

/** Who is still there when the change arrives. "stored data" was written by old programs. */
export type Affected = "old client" | "old server" | "stored data";

export interface Usage {
  /** From clients to servers. */
  readonly sent: boolean;
  /** From servers to clients, errors included. */
  readonly answered: boolean;
}

/** Which readers meet bytes that they refuse or take for something else. */
export interface Readers {
  /** New programs, of what old ones wrote. */
  readonly newOfOld: boolean;
  /** Old programs, of what new ones write. */
  readonly oldOfNew: boolean;
}

export class Usages {
  readonly #sent = new Set<string>();
  readonly #answered = new Set<string>();

  constructor(...schemas: SchemaIndex[]) {
    for (const index of schemas) {
      for (const { declarations } of index.schema.files) for (const each of declarations) this.#follow(index, each);
    }
  }

  of(fullName: string): Usage {
    return { sent: this.#sent.has(fullName), answered: this.#answered.has(fullName) };
  }

  #follow(index: SchemaIndex, declaration: Declaration): void {
    if (declaration.kind !== "service") return;
    for (const { parameters, result, throws } of declaration.methods) {
      const given = parameters.kind === "stream" ? [parameters.element] : parameters.fields.map(({ type }) => type);
      for (const type of given) reach(index, type, this.#sent);
      if (result !== undefined) reach(index, result.type, this.#answered);
      for (const name of throws) {
        this.#answered.add(name);
        const error = index.declaration(name);
        if (error.kind === "error") for (const { type } of error.fields) reach(index, type, this.#answered);
      }
    }
  }
}

function reach(index: SchemaIndex, type: TypeRef, reached: Set<string>): void {
  const open: TypeRef[] = [type];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === "list") open.push(next.element);
    else if (next.kind === "map") open.push(next.key, next.value);
    else if (next.kind === "named" && !reached.has(next.name)) {
      reached.add(next.name);
      open.push(...typesIn(index.declaration(next.name)));
    }
  }
}

function typesIn(declaration: Declaration): TypeRef[] {
  if (declaration.kind === "alias") return [declaration.type];
  const fields: readonly Field[] = declaration.kind === "union" ? declaration.members : "fields" in declaration ? declaration.fields : [];
  return fields.map(({ type }) => type);
}

export function affectedBy({ sent, answered }: Usage, { newOfOld, oldOfNew }: Readers): Affected[] {
  const affected: Affected[] = [];
  if ((newOfOld && sent) || (oldOfNew && answered)) affected.push("old client");
  if ((newOfOld && answered) || (oldOfNew && sent)) affected.push("old server");
  if (newOfOld) affected.push("stored data");
  return affected;
}

/** Whoever is not broken by the other's change goes first. */
export function orderFor({ sent, answered }: Usage, { newOfOld, oldOfNew }: Readers): string | undefined {
  if (newOfOld || !oldOfNew || sent === answered) return undefined;
  return sent ? "deploy servers first, then clients" : "deploy clients first, then servers";
}

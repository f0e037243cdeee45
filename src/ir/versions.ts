/** Tells from one schema to the next what stayed as it was, the declarations that it leads to included. */
import { isSpan } from "./canonical-json.js";
import { stronglyConnected } from "./strongly-connected.js";
import type { Declaration, Schema, SchemaFile } from "./schema.js";

interface Known {
  readonly declaration: Declaration;
  readonly path: string;
  /** Another one wherever the declaration itself is another, but for its places in the source. */
  readonly own: number;
  /** The full names that it mentions. */
  readonly mentions: readonly string[];
  /** What `version` was made from. */
  readonly key: string;
  readonly version: number;
}

/**
 * Numbers for the declarations of schemas that are given one after another: the same number for a full name means that
 * the declaration and everything it leads to are what they were, and stand in files of the same paths.
 */
export class Versions {
  #known = new Map<string, Known>();
  #count = 0;

  /** Takes the next schema, in time linear in its size, and little where it shares declarations with the last one. */
  update(schema: Schema): void {
    const next = new Map<string, Draft>();
    for (const file of schema.files) for (const declaration of file.declarations) next.set(declaration.fullName, this.#draft(declaration, file));
    const known = new Map<string, Known>();
    const targets = (name: string) => next.get(name)?.mentions.filter((target) => next.has(target)) ?? [];
    // What a part leads to comes before it.
    for (const part of stronglyConnected(next.keys(), targets)) {
      const members = new Set(part);
      const outside = new Set(part.flatMap(targets).filter((name) => !members.has(name)));
      const key = [...part.map((name) => `${name} ${next.get(name)?.own}`).sort(), ...[...outside].map((name) => `${name} ${known.get(name)?.version}`).sort()].join("\n");
      for (const name of part) {
        const draft = next.get(name);
        if (draft === undefined) continue;
        const before = this.#known.get(name);
        known.set(name, { ...draft, key, version: before?.key === key ? before.version : ++this.#count });
      }
    }
    this.#known = known;
  }

  /** @throws Error if the last schema does not have the name. */
  version(fullName: string): number {
    const found = this.#known.get(fullName);
    if (found === undefined) throw new Error(`the schema has no "${fullName}"`);
    return found.version;
  }

  #draft(declaration: Declaration, { path }: SchemaFile): Draft {
    const before = this.#known.get(declaration.fullName);
    if (before !== undefined && before.path === path && isSame(before.declaration, declaration)) {
      return { declaration, path, own: before.own, mentions: before.mentions };
    }
    const mentions = new Set<string>();
    collectMentions(declaration, mentions);
    mentions.delete(declaration.fullName);
    return { declaration, path, own: ++this.#count, mentions: [...mentions] };
  }
}

type Draft = Omit<Known, "key" | "version">;

/** Whether two parts of schemas are equal but for their places in the source. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  let count = 0;
  for (const key in left) {
    const isPlace = key === "span" && isSpan(left[key]);
    if (!isPlace && !(key in right && isSame(left[key], right[key]))) return false;
    count += 1;
  }
  for (const _ in right) count -= 1;
  return count === 0;
}

/** Every text that may be a full name: of types, enums, errors and annotations. One too many does no harm. */
function collectMentions(part: unknown, found: Set<string>): void {
  if (typeof part !== "object" || part === null) return;
  if (Array.isArray(part)) {
    for (const item of part) {
      if (typeof item === "string") found.add(item);
      else collectMentions(item, found);
    }
    return;
  }
  for (const [key, value] of Object.entries(part)) {
    if (typeof value === "string") {
      if (key === "name" || key === "enum") found.add(value);
    } else if (!(key === "span" && isSpan(value))) collectMentions(value, found);
  }
}

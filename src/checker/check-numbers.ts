/** Checks names, numbers and reservations of one scope: a message, error, enum, union or parameter list. */
import type { Collector } from "../diagnostics/collector.js";
import type { Identifier, NumberNode, ReservedNode } from "../parser/ast.js";
import type { Span } from "../text/span.js";
import { Reservations, type Bounds } from "./reservations.js";

/** Something with a name and, mostly, a number. */
export interface Numbered {
  readonly name: Identifier;
  /** `@wireName`, where it stands. */
  readonly wireName?: { readonly value: string; readonly span: Span };
  readonly number?: NumberNode;
}

export interface Scope {
  readonly owner: Identifier;
  /** "field", "member" or "parameter". */
  readonly what: string;
  readonly entries: readonly Numbered[];
  readonly reserved: readonly ReservedNode[];
  readonly bounds: Bounds;
  /** What entries without a number are: a mistake, or numbered otherwise. */
  readonly numbersRequired: boolean;
}

/** Reports every mistake of a scope, and returns what it reserves. */
export function checkScope(scope: Scope, found: Collector): Reservations {
  const reservations = new Reservations(scope.reserved, scope.bounds, found);
  checkNames(scope, reservations, found);
  checkNumbers(scope, reservations, found);
  return reservations;
}

/** What is generated of them are arguments of one call here and there, and the stack has room for some hundred thousand. */
const MOST_ENTRIES = 10_000;

/** There are not too many, and names are unique, as the source has them and as the wire does. */
export function checkNames(
  scope: Pick<Scope, "owner" | "what" | "entries">,
  reservations: Reservations | undefined,
  found: Collector,
): void {
  const { owner, what, entries } = scope;
  if (entries.length > MOST_ENTRIES) found.report("RPC2048", owner.span, { owner: owner.text, what, count: entries.length, limit: MOST_ENTRIES });
  const names = new Map<string, Numbered>();
  const wireNames = new Map<string, Numbered>();
  for (const entry of entries) {
    const name = entry.name.text;
    const first = names.get(name);
    if (first !== undefined) {
      const related = [{ message: "first written here", span: first.name.span }];
      if (what === "method")
        found.report("RPC2022", entry.name.span, { name, service: owner.text }, { related });
      else found.report("RPC2021", entry.name.span, { name, what, owner: owner.text }, { related });
      continue;
    }
    names.set(name, entry);
    reservations?.checkName(name, entry.name.span);
    const wireName = entry.wireName?.value ?? name;
    if (wireName !== name) reservations?.checkName(wireName, entry.wireName?.span ?? entry.name.span);
    const other = wireNames.get(wireName);
    if (other === undefined) wireNames.set(wireName, entry);
    else reportWireNames(entry, other, wireName, found);
  }
}

function reportWireNames(entry: Numbered, other: Numbered, wireName: string, found: Collector): void {
  const [at, there] = entry.wireName === undefined ? [other, entry] : [entry, other];
  found.report(
    "RPC2029",
    at.wireName?.span ?? at.name.span,
    { wireName, name: at.name.text, other: there.name.text },
    { related: [{ message: "the other is here", span: there.wireName?.span ?? there.name.span }] },
  );
}

function checkNumbers(scope: Scope, reservations: Reservations, found: Collector): void {
  const { min, max } = scope.bounds;
  const taken = new Map<bigint, Numbered>();
  for (const entry of scope.entries)
    if (entry.number !== undefined && !taken.has(entry.number.value)) taken.set(entry.number.value, entry);
  let free = 1n;
  /** Nothing where all that follow are taken. */
  const nextFree = (): { next?: string } => {
    while (taken.has(free) || reservations.hasNumber(free)) free = reservations.endOf(free) + 1n;
    return free > max ? {} : { next: String(free) };
  };
  for (const entry of scope.entries) {
    const { name, number } = entry;
    if (number === undefined) {
      if (!scope.numbersRequired) continue;
      found.report("RPC2066", name.span, { what: scope.what, name: name.text, ...nextFree() });
      free += 1n;
      continue;
    }
    if (number.value < min || number.value > max) {
      found.report("RPC2060", number.span, { number: number.raw, min: String(min), max: String(max) });
      continue;
    }
    const first = taken.get(number.value);
    if (first !== undefined && first !== entry) {
      const related = [{ message: "first given here", span: first.number?.span ?? first.name.span }];
      const args = { number: number.raw, name: name.text, other: first.name.text, ...nextFree() };
      found.report("RPC2061", number.span, args, { related });
    } else {
      const range = reservations.rangeWith(number.value);
      if (range === undefined) continue;
      const related = [{ message: "reserved here", span: range.span }];
      found.report("RPC2062", number.span, { number: number.raw, name: name.text, ...nextFree() }, { related });
    }
  }
}

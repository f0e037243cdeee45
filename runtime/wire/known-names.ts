/** Names that are not among those that are known, and what was probably meant by them. */

/** The names that an interface of options has; those under symbols are the runtime's own. */
export type NamesOf<Options> = Readonly<Record<Extract<keyof Options, string>, unknown>>;

/**
 * What is wrong with the names of what a user gave, if anything is: one that nobody reads, such as a misspelled one, would leave the default
 * where its user believes in his own word.
 * @param kind of which the names are: "option".
 */
export function faultOfNames(kind: string, given: object, known: object): string | undefined {
  const name = Object.keys(given).find((key) => !Object.hasOwn(known, key));
  if (name === undefined) return undefined;
  const names = Object.keys(known);
  return `there is no ${kind} "${name}"${remedyOf(names, nearName(name, names))}`;
}

/** @throws TypeError that begins with `place`. */
export function checkNames(place: string, given: object, known: object): void {
  const fault = faultOfNames("option", given, known);
  if (fault !== undefined) throw new TypeError(`${place}: ${fault}`);
}

/** The first that is like it, whatever the case of its letters. */
export function nearName(written: string, known: readonly string[]): string | undefined {
  return known.find((name) => isNear(written.toLowerCase(), name.toLowerCase()));
}

/** The end of a message about one that nobody knows. */
export function remedyOf(known: readonly string[], meant: string | undefined): string {
  return ` (there are ${known.join(", ")})${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
}

/** One letter too many, too few, other or swapped with its neighbour; or the one word begins with the other. */
function isNear(written: string, known: string): boolean {
  if (written.length > 2 && (written.startsWith(known) || known.startsWith(written))) return true;
  let from = 0;
  while (from < known.length && written[from] === known[from]) from++;
  const [left, right] = [written.slice(from), known.slice(from)];
  return (
    left.slice(1) === right ||
    left === right.slice(1) ||
    left.slice(1) === right.slice(1) ||
    (left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2))
  );
}

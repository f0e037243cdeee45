/** Comments and reservations as text of our language. */

export function docLines(doc: string | undefined): string[] {
  if (doc === undefined || doc.trim() === "") return [];
  return doc.split(/\r\n|[\n\r]/).map((line) => `/// ${line}`.trimEnd());
}

/** One line for all ranges and names; ranges that touch or overlap are joined. */
export function reservedLine(ranges: readonly (readonly [from: number, to: number])[], names: readonly string[]): string[] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  const parts = [...joined.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)), ...new Set(names)].map((part) =>
    /^-?\d/.test(part) ? part : JSON.stringify(part),
  );
  return parts.length === 0 ? [] : [`reserved ${parts.join(", ")};`];
}

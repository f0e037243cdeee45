/** The JSON form of plain data such as the schema: one text for equal data, laid out for people to read and compare. */

/** Keys that come first, in this order; the others follow by their code units. */
const leading: readonly string[] = [
  "version",
  "path",
  "package",
  "kind",
  "name",
  "fullName",
  "wireName",
  "number",
  "type",
];

/** Two spaces a level, a line break at the end. Keys stand in a fixed order, places in sources are left out and -0 keeps its sign. */
export function canonicalJson(data: unknown): string {
  return `${write(data, "\n")}\n`;
}

function write(data: unknown, newline: string): string {
  if (Object.is(data, -0)) return "-0";
  if (typeof data !== "object" || data === null) return JSON.stringify(data);
  const inner = `${newline}  `;
  if (Array.isArray(data))
    return surround(
      "[",
      data.map((item) => write(item, inner)),
      "]",
      newline,
    );
  const entries = Object.entries(data).filter(
    ([key, value]) => value !== undefined && !(key === "span" && isSpan(value)),
  );
  entries.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return surround(
    "{",
    entries.map(([key, value]) => `${JSON.stringify(key)}: ${write(value, inner)}`),
    "}",
    newline,
  );
}

/** Whether the value of a key `span` is a place in a source: an argument of an annotation may be called "span" too. */
export function isSpan(value: unknown): boolean {
  return typeof value === "object" && value !== null && "start" in value && "end" in value;
}

function surround(open: string, parts: readonly string[], close: string, newline: string): string {
  return parts.length === 0 ? open + close : `${open}${newline}  ${parts.join(`,${newline}  `)}${newline}${close}`;
}

function rank(key: string): number {
  const index = leading.indexOf(key);
  return index === -1 ? leading.length : index;
}

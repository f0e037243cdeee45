/** Who calls, as text: under it a server keeps what became of a caller's calls, so that nobody else learns of it. */

/**
 * A principal that is text, or has an `id` that is text, is known by it, any other by what it holds. Two principals
 * that are known by one text see each other's outcomes.
 */
export function principalText(principal: unknown): string {
  if (principal === undefined || principal === null) return "";
  if (typeof principal === "string") return principal;
  if (typeof principal === "object" && "id" in principal && typeof principal.id === "string") return principal.id;
  return JSON.stringify(principal, sorted) ?? "";
}

/** Equal values get equal text, in whatever order their keys were set. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const record = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(record)
      .toSorted()
      .map((key) => [key, record[key]]),
  );
}

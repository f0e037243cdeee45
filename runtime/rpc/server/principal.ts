/** Who calls, as text: under it a server keeps what became of a caller's calls, so that nobody else learns of it. */

/**
 * A principal that is text, or has an `id` that is text or a number, is known by it, any other by what it holds: that must be the same
 * each time that the same caller calls. Two principals that are known by one text see each other's outcomes.
 * @throws TypeError if there is nothing by which it could be known again.
 */
export function principalText(principal: unknown): string {
  if (principal === undefined || principal === null) return "";
  if (typeof principal === "string") return known(principal);
  if (typeof principal === "object" && "id" in principal) {
    const { id } = principal;
    if (typeof id === "string") return known(id);
    if (typeof id === "bigint" || Number.isFinite(id)) return String(id);
    if (typeof id === "number") throw unknowable();
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(principal, sorted);
  } catch (cause) {
    throw unknowable(cause);
  }
  if (text === undefined) throw unknowable();
  return text;
}

/** What no store could write down as it is: several such would become one there, or the same be another after a restart. */
function known(text: string): string {
  if (!text.isWellFormed() || text.includes("\0")) throw unknowable();
  return text;
}

/** Equal values get equal text, in whatever order their keys were set. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value).toSorted();
  // A Map, or what keeps all that it has to itself: two of them would be one.
  if (keys.length === 0 && !isPlain(value)) throw new TypeError("it holds nothing that can be seen");
  const record = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(keys.map((key) => [key, record[key]]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Of what is no data, or holds itself. */
function unknowable(cause?: unknown): TypeError {
  const message = "the principal that `authenticate` gave cannot be told from others: give a text, or an object with an `id` that is text or a number (text in Unicode without U+0000, a number that is one)";
  return new TypeError(message, cause === undefined ? undefined : { cause });
}

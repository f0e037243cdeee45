/** Who calls, as text: under it a server keeps what became of a caller's calls, so that nobody else learns of it. */
import { show } from "../wire/errors.js";
import { RpcError } from "./errors.js";

/**
 * A principal that is text, or has an `id` that is text, is known by it, any other by what it holds. Two principals
 * that are known by one text see each other's outcomes.
 * @param report is told of one that has no text, such as an object that leads back to itself.
 * @throws RpcError INTERNAL of such a one: nobody could tell its calls from those of others.
 */
export function principalText(principal: unknown, report: (error: unknown) => void): string {
  try {
    return textOf(principal);
  } catch (cause) {
    report(new Error("what `authenticate` gives has no text by which its calls could be told from others: give text, or an object with an `id` that is text", { cause }));
    throw new RpcError({ code: "INTERNAL", message: "the caller cannot be told from others; the server's log says how" });
  }
}

function textOf(principal: unknown): string {
  if (principal === undefined || principal === null) return "";
  if (typeof principal === "string") return principal;
  if (typeof principal === "object" && "id" in principal && typeof principal.id === "string") return principal.id;
  const text = JSON.stringify(principal, sorted) as string | undefined;
  if (text === undefined) throw new TypeError(`it is ${show(principal)}`);
  return text;
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

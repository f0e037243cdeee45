/**
 * Harm that a later version does: one that takes the number or the name that became free, which nothing keeps it from. Data of the program
 * that first had them, which may be older than the older of the two schemas, meets the one that took them.
 */
import { compile } from "../../src/compile.js";
import { catalog } from "../../src/diagnostics/catalog.js";
import { splitSample } from "../checker/program.js";
import { loadGenerated } from "../load-generated.js";
import { misunderstood, readsBytes, type Harm, type Reads } from "./harm.js";
import { meansTheSame, readsJson } from "./harm-to-names.js";

interface Reuse {
  /** Where the older schema reserves already: what stood there before. */
  readonly first?: readonly [reservation: string, declared: string];
  /** What a later version writes at the beginning of the message, or of the enum. */
  readonly later: string;
  readonly into: "message M" | "enum E";
  readonly reads: Reads;
}

const REUSES: Readonly<Record<string, Reuse>> = {
  "field-removed-number-free": { into: "message M", later: "c: f64 = 2;", reads: readsBytes },
  "field-removed-name-free": { into: "message M", later: "b: f64 = 3;", reads: readsJson },
  "reserved-number-freed": { first: ["reserved 2, 5 to 7;", "b: string = 5;"], into: "message M", later: "c: f64 = 5;", reads: readsBytes },
  "reserved-name-freed": { first: ['reserved 2, "b";', "b: string = 2;"], into: "message M", later: "b: f64 = 3;", reads: readsJson },
  "enum-number-free": { into: "enum E", later: "B = 1;", reads: meansTheSame },
  "enum-name-free": { into: "enum E", later: "A = 2;", reads: readsJson },
  "enum-reserved-number-freed": { first: ["reserved 1;", "A = 1;"], into: "enum E", later: "B = 1;", reads: meansTheSame },
};

const RESERVED: readonly string[] = ["reserved-number", "reserved-name"];

const byReuse = ({ first, later, into, reads }: Reuse): Harm => async (before, after) => {
  const original = first === undefined ? before : replaced(before, ...first);
  const next = replaced(after, `${into} {`, `${into} {\n  ${later}`);
  const { diagnostics } = compile({ sources: splitSample(next), targets: [] });
  const slugs = diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => catalog[code as keyof typeof catalog].slug);
  // A reservation does what it is for: the later version is refused before it does harm.
  if (slugs.length > 0 && slugs.every((slug) => RESERVED.includes(slug))) return [];
  const [old, fresh] = [await loadGenerated(splitSample(original)), await loadGenerated(splitSample(next))];
  return misunderstood(old, fresh, reads).map((name) => `a later version misreads the first one's ${name}`);
};

function replaced(text: string, what: string, by: string): string {
  if (!text.includes(what)) throw new Error(`the schema has no "${what}" any more:\n${text}`);
  return text.replace(what, by);
}

/** By rule. */
export const harmByReuse: Readonly<Record<string, Harm>> = Object.fromEntries(Object.entries(REUSES).map(([slug, reuse]) => [slug, byReuse(reuse)]));

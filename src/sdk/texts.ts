/** Texts that match the patterns of a schema, for samples that its checks accept. */
import { fieldsIn } from "../ir/names-in.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { TextsOf } from "./sample.js";

/** What people write, before what is drawn. */
const FAMILIAR = ["a", "A", "1", "abc", "ABC", "abc-1", "ABC-1", "a1b2", "123", "EUR", "en", "en-US", "a@example.com", "https://example.com/", "2026-01-31", "1.0.0"];
/** Drawn always alike, and enough for one to be of the length that a field asks for. */
const DRAWN = { seed: 1, numRuns: 100 };

export async function textsOf(index: SchemaIndex): Promise<TextsOf> {
  const texts = new Map<string, readonly string[]>();
  for (const pattern of patternsIn(index)) {
    const expression = new RegExp(pattern, "u");
    const familiar = FAMILIAR.filter((text) => expression.test(text));
    texts.set(pattern, [...familiar, ...(await drawn(expression))]);
  }
  return (pattern) => texts.get(pattern) ?? [];
}

function patternsIn({ schema }: SchemaIndex): ReadonlySet<string> {
  const declarations = schema.files.flatMap((file) => file.declarations);
  const fields = declarations.flatMap((declaration) =>
    declaration.kind === "service" ? declaration.methods.flatMap(({ parameters }) => (parameters.kind === "fields" ? parameters.fields : [])) : fieldsIn(declaration),
  );
  return new Set(fields.flatMap(({ constraints }) => constraints?.pattern ?? []));
}

/** None for a pattern that fast-check cannot read, one that looks ahead say. */
async function drawn(expression: RegExp): Promise<string[]> {
  const { sample, stringMatching } = await import("fast-check");
  try {
    return sample(stringMatching(expression), DRAWN).sort((a, b) => a.length - b.length);
  } catch {
    return [];
  }
}

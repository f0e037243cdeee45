/** The JSON emitter: what each file of a schema means, in the canonical JSON form of the IR. */
import { canonicalJson } from "../../ir/canonical-json.js";
import type { Schema } from "../../ir/schema.js";
import type { EmitInput, Emitter, EmitResult } from "../emitter.js";

export const json: Emitter = {
  name: "json",
  summary: "the schema as JSON: every name resolved, every default applied",
  emit,
};

/** A schema of the one file. Those that it imports have outputs of their own; together they make the whole. */
function emit({ file, outputBase }: EmitInput): EmitResult {
  const schema: Schema = { version: 1, files: [file] };
  return { outputs: [{ path: `${outputBase(file.path)}.json`, text: canonicalJson(schema) }], diagnostics: [] };
}

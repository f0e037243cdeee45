/** An object literal on one line where that fits. */
import { group, ifBroken, indent, join, line, type Doc } from "../code-writer/document.js";

export function compactObject(...entries: readonly Doc[]): Doc {
  if (entries.length === 0) return "{}";
  return group("{", indent(line, join([",", line], entries)), ifBroken(","), line, "}");
}

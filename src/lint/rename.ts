/** A new name as a fix: at the declaration and wherever the program says it, and so that the wire does not notice. */
import type { TextEdit } from "../diagnostics/diagnostic.js";
import type { LintProgram, NamedSubject } from "./program.js";
import { referencesIn } from "./references.js";
import type { ReportDetails } from "./rule.js";

/** What the wire or JSON knows by its name: renamed, it keeps the old one there. */
const NAMED_ON_WIRE = new Set(["service", "method", "error", "field", "structField", "unionMember", "parameter", "enumMember"]);

/**
 * The better name as a finding says it: one that `generate` takes too. Where TypeScript has no room for it there is no fix, for
 * the name may have been chosen for that, as `then_` was.
 */
export function renaming(program: LintProgram, subject: NamedSubject, to: string): Pick<ReportDetails, "help" | "fix"> {
  const { meaning, siblings } = subject;
  if (siblings.includes(to)) return { help: `\`${to}\` is taken: give one of the two a name that sets it apart` };
  if (meaning.tsName !== undefined || program.hasRoom(subject, to)) return { help: `call it \`${to}\``, fix: renameFix(program, subject, to) };
  return { help: `TypeScript has no room for \`${to}\` here: choose another word, or call it \`${to}\` behind \`@tsName("${meaning.name}")\`` };
}

/** Undefined where the name is none, or where it cannot be told which of several is meant. */
function renameFix(program: LintProgram, subject: NamedSubject, to: string): readonly TextEdit[] | undefined {
  const { node, kind } = subject;
  const from = node.name.text;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(to) || to === from) return undefined;
  const references = referencesIn(program).to(subject);
  if (references === undefined) return undefined;
  const keepsWireName = node.annotations.some(({ name }) => name.text === "wireName");
  const { file, start } = node.span;
  return [
    ...(NAMED_ON_WIRE.has(kind) && !keepsWireName ? [{ span: { file, start, end: start }, text: `@wireName(${JSON.stringify(from)}) ` }] : []),
    ...[node.name.span, ...references].map((span) => ({ span, text: to })),
  ];
}

/** `rpcgen explain`: what a code means, or what an annotation promises. */
import { builtInAnnotations, describePosition, type BuiltInAnnotation } from "../../checker/built-in-annotations.js";
import { closest, didYouMean } from "../../diagnostics/did-you-mean.js";
import { cellsOf, SEMANTICS } from "../../semantics/promises.js";
import { annotationNotes } from "../annotation-notes.js";
import type { Candidates } from "../candidates.js";
import { gravityOf, samplesOf, type CodeRow } from "../code-row.js";
import { ExitCode } from "../exit-codes.js";
import type { Verb } from "../verb.js";

export const explain: Verb = {
  name: "explain",
  summary: "say what a code or an annotation means",
  operands: [["[name]", "a code (RPC2001), its name or that of a rule (missing-package) or an annotation (@readonly); nothing lists all codes", names]],
  options: () => [],
  examples: [
    ["explain RPC2001", "why it is a mistake, a bad example and a good one"],
    ["explain @idempotent", "what an annotation promises, and where it may stand"],
    ["explain", "all codes"],
  ],
  async run({ operands, host, reporter }) {
    const [asked] = operands;
    const { codeRows } = await import("../codes.js");
    const rows = [...codeRows];
    const explanation = asked === undefined ? explainAll(rows) : (explainCode(asked, rows) ?? explainAnnotation(asked));
    if (explanation !== undefined) {
      reporter.report({ findings: [], source: () => undefined, ...explanation });
      return ExitCode.OK;
    }
    const help = didYouMean(closest(String(asked).replace(/^@/, ""), allNames(rows))) ?? "`rpcgen explain` lists all codes";
    host.stderr.write(`error: there is nothing called "${asked}" to explain\n  help: ${help}\n`);
    return ExitCode.USAGE;
  },
};

async function names(): Promise<Candidates> {
  const { codeRows } = await import("../codes.js");
  const annotations = [...builtInAnnotations.keys()].map((name) => ({ value: `@${name}`, says: "an annotation" }));
  return { words: [...[...codeRows].flatMap(([code, { slug }]) => [{ value: code, says: slug }, { value: slug, says: code }]), ...annotations] };
}

interface Explanation {
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

type Rows = readonly (readonly [code: string, row: CodeRow])[];

function explainAll(rows: Rows): Explanation {
  return {
    text: rows.map(([code, { slug, severity }]) => `${code}  ${severity.padEnd(7)}  ${slug}\n`).join(""),
    json: { codes: rows.map(([code, { slug, severity }]) => ({ code, slug, severity })) },
  };
}

function explainCode(asked: string, rows: Rows): Explanation | undefined {
  const wanted = asked.toUpperCase().replace(/^(?=\d)/, "RPC");
  const found = rows.find(([code, { slug }]) => code === wanted || slug === asked.toLowerCase());
  if (found === undefined) return undefined;
  const [code, row] = found;
  const { slug, why } = row;
  const [gravity, samples] = [gravityOf(row), samplesOf(row)];
  return {
    text: `${code}: ${slug} (${gravity.says})\n\n${why}\n${samples.map(({ says, text }) => `\n${says}:\n\n${indented(text)}\n`).join("")}`,
    json: { explanation: { code, slug, ...gravity.json, why, ...Object.fromEntries(samples.map(({ name, text }) => [name, text])) } },
  };
}

function explainAnnotation(asked: string): Explanation | undefined {
  const annotation = builtInAnnotations.get(asked.replace(/^@/, ""));
  if (annotation === undefined) return undefined;
  const note = annotationNotes[annotation.name] ?? "";
  const places = annotation.positions.map(describePosition);
  const built = annotation.built ? "" : `\n\nNot built yet: files that use it are refused. Meanwhile, ${annotation.instead ?? "take it out"}.`;
  const { name, positions } = annotation;
  const faults = faultsOf(name);
  return {
    text: `${usage(annotation)}\n\n${note}${built}\n\nIt may stand on ${places.join(", ")}.\n${faults.map(faultText).join("")}`,
    json: {
      explanation: { annotation: name, usage: usage(annotation), note, positions, built: annotation.built, ...(faults.length > 0 && { faults }) },
    },
  };
}

/** What a caller sees when something goes wrong, of a promise. */
interface Fault {
  readonly fault: string;
  readonly happens: string;
  readonly sees: readonly string[];
  readonly says: string;
}

function faultsOf(annotation: string): Fault[] {
  const semantics = SEMANTICS.find((name) => name === annotation);
  if (semantics === undefined) return [];
  return cellsOf(semantics).map(({ row, cell }) => ({ fault: row.fault, happens: row.says, sees: cell.sees, says: cell.says }));
}

function faultText({ happens, sees, says }: Fault): string {
  return `\n${happens}\n    ${sees.join(" or ")}. ${says}\n`;
}

/** "@deadline(500ms)": one that could be pasted. */
function usage({ name, parameters }: BuiltInAnnotation): string {
  if (parameters === "any" || parameters.length === 0) return `@${name}`;
  const written = parameters.map((parameter) => (parameters.length === 1 && parameter.type !== "u32" ? "" : `${parameter.name}: `) + parameter.example);
  return `@${name}(${written.join(", ")})`;
}

function allNames(rows: Rows): string[] {
  return [...rows.flatMap(([code, { slug }]) => [code, slug]), ...builtInAnnotations.keys()];
}

/** A few samples are long because that is what is wrong with them; `--json` has all of them. */
const MOST_LINES = 12;
const MOST_COLUMNS = 160;

function indented(text: string): string {
  const lines = text.trimEnd().split("\n").map((line) => (line.length > MOST_COLUMNS ? `${line.slice(0, MOST_COLUMNS)} …` : line));
  const shown = lines.length > MOST_LINES + 1 ? [...lines.slice(0, MOST_LINES), `… (${lines.length - MOST_LINES} lines more)`] : lines;
  return shown.map((line) => (line === "" ? line : `    ${line}`)).join("\n");
}

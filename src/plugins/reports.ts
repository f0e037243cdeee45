/** Findings in the forms that bundlers have for errors and warnings. */
import path from "node:path";
import picocolors from "picocolors";
import { renderFinding } from "../cli/render-text.js";
import type { Finding, Place } from "../diagnostics/finding.js";
import { isError, type CompiledSource } from "./compile-source.js";
import { shownPath, type World } from "./world.js";

/** As Rollup and its kin take an error: columns count from 0. */
export interface RollupReport {
  readonly message: string;
  readonly id: string;
  readonly loc: { readonly file: string; readonly line: number; readonly column: number };
  /** The lines of source, the notes and the help. */
  readonly frame: string;
  /** Empty: where in the plugin it was found concerns nobody. */
  readonly stack: "";
}

const colors = picocolors.createColors(false);

/** Without colours: bundlers show it in terminals, pages and logs. */
export function renderPlain(finding: Finding, { source }: CompiledSource): string {
  return renderFinding(finding, { colors, source }).trimEnd();
}

/** One error that says all of them, for bundlers that take only one. There is at least one. */
export function allErrors([first, ...others]: readonly Finding[], compiled: CompiledSource, world: World): RollupReport {
  if (first === undefined) throw new Error("there is no error to report");
  const report = rollupReport(first, compiled, world);
  return { ...report, frame: [report.frame, ...others.map((other) => renderPlain(other, compiled))].join("\n\n") };
}

/** Of a file whose errors were all found with another that imports the same. */
export function toldAbove(file: string, world: World): Pick<RollupReport, "message" | "stack"> {
  return { message: `${shownPath(file, world)} has errors that are told above`, stack: "" };
}

export function rollupReport(finding: Finding, compiled: CompiledSource, world: World): RollupReport {
  const [title = "", ...rest] = renderPlain(finding, compiled).split("\n");
  const file = absoluteFile(finding, world);
  return { message: title, id: file, loc: { file, line: finding.line, column: finding.column - 1 }, frame: rest.join("\n"), stack: "" };
}

export function absoluteFile({ file }: Finding, { cwd }: World): string {
  return path.resolve(cwd, file);
}

/** What stands for a module that could not be made. It is none of ECMAScript, so that nobody is told besides of names that it does not export. */
export function throwing(compiled: CompiledSource): string {
  return `throw new Error(${JSON.stringify(compiled.findings.filter(isError).map((finding) => renderPlain(finding, compiled)).join("\n"))});`;
}

export interface MarkedLine {
  readonly text: string;
  /** What is marked of it, in bytes of UTF-8: from 0. */
  readonly column: number;
  readonly length: number;
}

/** The line of a place, whose mark ends with it at the latest; undefined for a file that was not read. */
export function lineOf({ file, line, column, endLine, endColumn }: Place, { source }: CompiledSource): MarkedLine | undefined {
  const text = source(file)?.line(line);
  if (text === undefined) return undefined;
  const end = endLine > line ? text.length : endColumn - 1;
  return { text, column: Buffer.byteLength(text.slice(0, column - 1)), length: Buffer.byteLength(text.slice(column - 1, end)) };
}

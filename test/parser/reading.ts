/** How the tests of the parser look at what it made: trees without their places, and findings as "line:column code". */
import type { FileNode } from "../../src/parser/ast.js";
import { parse } from "../../src/parser/parse.js";
import { SourceFile } from "../../src/text/source-file.js";

export interface Reading {
  readonly file: FileNode;
  readonly findings: readonly string[];
  readonly messages: readonly string[];
  readonly helps: readonly (string | undefined)[];
}

export function read(text: string): Reading {
  const source = new SourceFile("test.idl", text);
  const { file, diagnostics } = parse(source);
  const findings = diagnostics.map((found) => {
    const { line, column } = source.position(found.span?.start ?? -1);
    return `${line}:${column} ${found.code}`;
  });
  return {
    file,
    findings,
    messages: diagnostics.map((found) => found.message),
    helps: diagnostics.map((found) => found.help),
  };
}

/** The file of a text without mistakes. */
export function readClean(text: string): FileNode {
  const { file, findings, messages } = read(text);
  if (findings.length > 0)
    throw new Error(`${text}\n${findings.map((found, at) => `${found} ${messages[at]}`).join("\n")}`);
  return file;
}

/** A tree as plain data: no places, names as strings, numbers as numbers. */
export function shape(node: unknown): unknown {
  if (typeof node === "bigint") return Number(node);
  if (Array.isArray(node)) return node.map(shape);
  if (typeof node !== "object" || node === null) return node;
  if ("text" in node && Object.keys(node).every((key) => ["text", "span", "parts"].includes(key))) return node.text;
  if ("raw" in node && !("kind" in node)) return shape((node as unknown as { value: unknown }).value);
  const entries = Object.entries(node).filter(([key]) => key !== "span" && key !== "raw");
  return Object.fromEntries(entries.map(([key, value]) => [key, shape(value)]));
}

/** Every object in a tree that has a place. */
export function placed(
  node: unknown,
  found: { span: { start: number; end: number } }[] = [],
): { span: { start: number; end: number } }[] {
  if (typeof node !== "object" || node === null) return found;
  if ("span" in node) found.push(node as { span: { start: number; end: number } });
  for (const value of Object.values(node)) placed(value, found);
  return found;
}

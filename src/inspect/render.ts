/** An inspection as text: a row for each node, with its offset, its bytes, its name, its wire type and its value. */
import type { Annotation, Fault, Inspection, Part, PartKind } from "./annotation.js";
import { plural, shownCount } from "./byte-cursor.js";
import { hex } from "./value-text.js";

/** How columns are coloured; the identity where they are not. */
export interface Paint {
  readonly dim: (text: string) => string;
  readonly name: (text: string) => string;
  readonly value: (text: string) => string;
  readonly fault: (text: string) => string;
}

export interface RenderOptions {
  readonly paint: Paint;
  /** Show all bytes of each node, instead of the first lines of them. */
  readonly all: boolean;
}

const BYTES_A_LINE = 8;
const MOST_LINES = 3;
/** Longer names push what stands behind them. */
const WIDEST_NAME = 44;
const FEWEST_OFFSET_DIGITS = 4;
/** What tells of content, as against tags and lengths. */
const CONTENT: ReadonlySet<PartKind> = new Set(["key", "value", "text", "not read"]);

interface HexLine {
  readonly offset: number;
  readonly text: string;
}

type Row =
  | { readonly fault: Fault }
  | { readonly node: Annotation; readonly name: string; readonly detail: string; readonly lines: readonly HexLine[] };

/** Ends in a line break. */
export function render({ type, length, root }: Inspection, bytes: Uint8Array, { paint, all }: RenderOptions): string {
  const rows: Row[] = [];
  for (const child of root.children) addRows(rows, child, 0, bytes, all);
  if (root.fault !== undefined)
    rows.splice(rows.length - (root.children.at(-1)?.label === "not read" ? 1 : 0), 0, { fault: root.fault });

  const digits = Math.max(FEWEST_OFFSET_DIGITS, length.toString(16).length);
  const shownOffset = (offset: number): string => offset.toString(16).padStart(digits, "0");
  const nodes = rows.filter((row) => "node" in row);
  const hexWidth = nodes.reduce(
    (widest, { lines }) => lines.reduce((each, { text }) => Math.max(each, text.length), widest),
    "bytes".length,
  );
  const nameWidth = Math.min(
    WIDEST_NAME,
    nodes.reduce((widest, { name, detail }) => Math.max(widest, name.length + detail.length), "field".length),
  );
  const typeWidth = nodes.reduce(
    (widest, { node }) => Math.max(widest, node.wireType?.length ?? 0),
    "wire type".length,
  );

  const heading = [
    `offset`.padEnd(digits),
    "bytes".padEnd(hexWidth),
    "field".padEnd(nameWidth),
    "wire type".padEnd(typeWidth),
    "value",
  ].join("  ");
  const out = [`${type}, ${plural(length, "byte")}`, "", paint.dim(heading)];
  const indent = " ".repeat(Math.max(digits, "offset".length));
  for (const row of rows) {
    if ("fault" in row) {
      out.push(paint.fault(`${indent}  ${faultText(row.fault, shownOffset)}`));
      if (row.fault.expected !== undefined) out.push(paint.fault(`${indent}    expected ${row.fault.expected}`));
      continue;
    }
    const { node, name, detail, lines } = row;
    const [first = { offset: node.start, text: "" }, ...more] = lines;
    const columns = [
      paint.dim(shownOffset(first.offset).padEnd(indent.length)),
      first.text.padEnd(hexWidth),
      `${paint.name(name)}${painted(paint.dim, detail)}${" ".repeat(Math.max(0, nameWidth - name.length - detail.length))}`,
      painted(paint.dim, node.wireType ?? "") + " ".repeat(typeWidth - (node.wireType?.length ?? 0)),
      `${painted(paint.value, valueOf(node))}${node.pooled === undefined ? "" : paint.dim(`  from ${shownOffset(node.pooled.start)}`)}`,
    ];
    out.push(columns.join("  ").trimEnd());
    for (const line of more) out.push(`${paint.dim(shownOffset(line.offset).padEnd(indent.length))}  ${line.text}`);
  }
  return `${out.join("\n")}\n`;
}

/** No colour around nothing, which would only hide that a line ends in spaces. */
function painted(paint: (text: string) => string, text: string): string {
  return text === "" ? "" : paint(text);
}

function faultText({ offset, path, reason }: Fault, shownOffset: (offset: number) => string): string {
  return `^ at ${shownOffset(offset)}${path === "" ? "" : `, in ${path}`}: ${reason}`;
}

function addRows(rows: Row[], node: Annotation, depth: number, bytes: Uint8Array, all: boolean): void {
  const { label, type, number, optional, unknown } = node;
  const detail = `${optional ? "?" : ""}${type === undefined ? "" : `: ${type}`}${number === undefined || unknown ? "" : ` = ${number}`}`;
  rows.push({ node, name: `${"  ".repeat(depth)}${label}`, detail, lines: hexLines(node, bytes, all) });
  for (const child of node.children) addRows(rows, child, depth + 1, bytes, all);
  if (node.fault !== undefined) rows.push({ fault: node.fault });
}

function valueOf({ value = "", unknown, leftOut, label, start, end }: Annotation): string {
  if (leftOut !== undefined) return `${shownCount(leftOut)} more, ${plural(end - start, "byte")}`;
  if (label === "not read") return plural(end - start, "byte");
  return unknown && label.startsWith("?") ? `${value} (unknown field)` : value;
}

/** The bytes of a node's own parts, the parts told apart by bars. */
function hexLines({ parts, sensitive }: Annotation, bytes: Uint8Array, all: boolean): HexLine[] {
  const lines: { offset: number; words: string[]; count: number }[] = [];
  const shown = parts.filter(({ kind }) => kind !== "left out");
  for (const [index, part] of shown.entries()) {
    const isMasked = sensitive === true && CONTENT.has(part.kind);
    for (let at = part.start; at < part.end; at++) {
      let line = lines.at(-1);
      if (line === undefined || line.count === BYTES_A_LINE) {
        if (!all && lines.length === MOST_LINES) return [...lines.map(asLine), rest(shown, at)];
        line = { offset: at, words: [], count: 0 };
        lines.push(line);
      }
      if (at === part.start && index > 0) line.words.push("|");
      line.words.push(isMasked ? "**" : hex(bytes.subarray(at, at + 1)));
      line.count++;
    }
  }
  return lines.map(asLine);
}

function asLine({ offset, words }: { readonly offset: number; readonly words: readonly string[] }): HexLine {
  return { offset, text: words.join(" ") };
}

function rest(parts: readonly Part[], at: number): HexLine {
  return { offset: at, text: `… ${plural((parts.at(-1)?.end ?? at) - at, "byte")} more` };
}

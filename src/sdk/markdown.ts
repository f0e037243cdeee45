/** Markdown that comes from a schema, set into a text of ours: what it opens ends with it. */

const FENCE = /^(?<before>(?:\s|[-*+]\s|\d+[.)]\s)*)(?<mark>`{3,}(?=[^`]*$)|~{3,})/;
/** What an HTML block of each kind ends with; of other kinds it ends with its paragraph. */
const HTML_BLOCKS: readonly (readonly [begins: RegExp, ends: RegExp])[] = [
  [/^\s*<!--/, /-->/],
  [/^\s*<\?/, /\?>/],
  [/^\s*<!\[CDATA\[/, /\]\]>/],
  [/^\s*<![a-z]/i, />/],
  [/^\s*<(?:pre|script|style|textarea)(?=[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
];

/** What begins an HTML block of another kind, if it is alone on its line, or of a kind that is a block. */
const TAG = /^\s*<\/?[a-z]/i;

/**
 * A documentation as it may stand under a heading: its own headings go below, and a block of code or HTML that is
 * never closed is shown as it was written, instead of taking in all that follows.
 */
export function embedded(markdown: string): string {
  const lines = markdown.trim().split(/\r\n|[\n\r]/).map((line) => line.replace(/^\s+/, (space) => space.replaceAll("\t", "    ")));
  const shown: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const end = blockEnd(lines, at);
    if (end === "never") shown.push(line.replace(/`{3,}|~{3,}|</, (mark) => mark.replaceAll(/./g, "\\$&")));
    else if (end === undefined && TAG.test(line) && hidesBlock(lines, at)) shown.push(line.replace("<", "\\<"));
    else if (end === undefined) shown.push(line.replace(/^( {0,3}#{1,4})(?=\s)/, "$1##"));
    else shown.push(...lines.slice(at, end + 1));
    at = (typeof end === "number" ? end : at) + 1;
  }
  return shown.join("\n");
}

/** The last line of the block that begins with a line; undefined where none does. */
function blockEnd(lines: readonly string[], at: number): number | "never" | undefined {
  const line = lines[at] ?? "";
  const { before = "", mark } = FENCE.exec(line)?.groups ?? {};
  if (mark !== undefined) {
    // In a list it ends with that, so what stands to the left of it may be within or beyond: it must be neither.
    const width = before.length;
    const closes = new RegExp(`^ {${width},${Math.max(3, width)}}${mark.charAt(0)}{${mark.length},}\\s*$`);
    return endFrom(lines, at + 1, (each) => closes.test(each), (each) => /^\s*\S/.test(each) && !each.startsWith(" ".repeat(width)));
  }
  const [, ends] = HTML_BLOCKS.find(([begins]) => begins.test(line)) ?? [];
  return ends === undefined ? undefined : endFrom(lines, at, (each) => ends.test(each), () => false);
}

/** Whether the HTML block that a tag may begin would take in the beginning of another: then neither we nor a reader know what that closes. */
function hidesBlock(lines: readonly string[], at: number): boolean {
  for (const line of lines.slice(at + 1)) {
    if (line.trim() === "") return false;
    if (FENCE.test(line) || HTML_BLOCKS.some(([begins]) => begins.test(line))) return true;
  }
  return false;
}

/** The first line that closes a block, unless one that cannot be of it comes before. */
function endFrom(lines: readonly string[], from: number, closes: (line: string) => boolean, isBeyond: (line: string) => boolean): number | "never" {
  const end = lines.findIndex((line, at) => at >= from && (closes(line) || isBeyond(line)));
  return end === -1 || !closes(lines[end] ?? "") ? "never" : end;
}

/** Of the first paragraph, on one line. */
export function firstSentence(markdown: string): string {
  const [paragraph = ""] = markdown.trim().split(/\n\s*\n/);
  const text = paragraph.replace(/\s+/g, " ").trim();
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}

/** A text in a cell of a table. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Documentation of the schema as JSDoc comments, out of which no text can break. */
import { hardline, join, type Doc } from "./code-writer/document.js";

interface Documented {
  readonly doc?: string;
  readonly deprecated?: string;
}

/** A comment, or nothing where there is nothing to say. `paragraphs` follow the text of the schema, `tags` end it. */
export function docComment(documented: Documented, paragraphs?: readonly string[], tags?: readonly string[]): Doc[] {
  const all = commentLines(documented, paragraphs, tags);
  return all.length === 0 ? [] : [join(hardline, all)];
}

/** The lines of the same. */
export function commentLines(
  documented: Documented,
  paragraphs: readonly string[] = [],
  tags: readonly string[] = [],
): string[] {
  const allTags = [...tags];
  if (documented.deprecated !== undefined) allTags.push(`@deprecated ${documented.deprecated}`);
  const body = [documented.doc ?? "", ...paragraphs, allTags.join("\n")]
    .map(textLines)
    .filter((part) => part.length > 0);
  const content = body.flatMap((part, index) => (index === 0 ? part : ["", ...part]));
  const [only] = content;
  if (only === undefined) return [];
  // TypeScript obeys `@ts-ignore` and its like on the line that ends a comment, and only there.
  if (content.length === 1 && !only.includes("@ts-")) return [`/** ${only} */`];
  return ["/**", ...content.map((text) => (text === "" ? " *" : ` * ${text}`)), " */"];
}

/** A text in one line that may stand behind `//`. */
export function lineComment(text: string): string {
  return `// ${oneLine(text)}`;
}

function textLines(text: string): string[] {
  if (text === "") return [];
  const all = text.split(/\r\n|[\n\r\u2028\u2029]/).map((part) => harmless(part).trimEnd());
  while (all.length > 0 && all[0] === "") all.shift();
  while (all.length > 0 && all.at(-1) === "") all.pop();
  return all;
}

function oneLine(text: string): string {
  return harmless(text.replace(/[\n\r\u2028\u2029]+/g, " ")).trimEnd();
}

/** Without the end of a comment, and without characters that cannot be seen or that turn the direction of text. */
function harmless(text: string): string {
  return text.replaceAll("*/", "*\\/").replace(/(?!\t)[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]/gu, " ");
}

/** Values as TypeScript literals, spelled as prettier leaves them. No text of a schema can end its literal. */

/** Left as they are: letters, digits and marks of punctuation whose width everyone counts alike. */
const PLAIN = /^[\p{L}\p{N}\p{P}\p{S}\u0020]$/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** What most texts are made of: ASCII that can be seen, without what a literal in double quotes escapes. */
const AS_IT_IS = /^[ !#-[\]-~]*$/;

/** A string literal: in double quotes, unless single ones spare escapes. What cannot be seen is escaped. */
export function quote(text: string): string {
  if (AS_IT_IS.test(text)) return `"${text}"`;
  const doubles = text.split('"').length - 1;
  const singles = text.split("'").length - 1;
  const mark = doubles > singles ? "'" : '"';
  let body = "";
  for (const character of text) body += character === mark ? `\\${mark}` : escapeCharacter(character);
  return mark + body + mark;
}

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x7f && code >= 0x20) return character;
  if (code <= 0xffff && PLAIN.test(character) && !PICTURE.test(character)) return character;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
}

/** The lines of a text between backticks. */
export function templateLines(text: string): string[] {
  return text.split("\n").map((line) => {
    if (AS_IT_IS.test(line) && !/[`$]/.test(line)) return line;
    return Array.from(line, escapeCharacter).join("").replaceAll("`", "\\`").replaceAll("${", "\\${");
  });
}

/** A number literal of a finite number; `-0` included. */
export function numberLiteral(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
}

/** A bigint literal from decimal text. */
export function bigintLiteral(decimal: string): string {
  return `${BigInt(decimal)}n`;
}

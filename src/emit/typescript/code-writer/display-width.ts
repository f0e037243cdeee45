/** How many columns a text takes, as prettier counts them: two for East Asian wide letters. */

/** Zero columns: marks that stand on the letter before them. */
const MARK = /\p{Mn}|\p{Me}/u;
/** CJK, Hangul, kana and full-width forms: the wide letters that `quote` leaves unescaped. */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
];

export function displayWidth(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x2ff) return widthBeyondLatin(text);
  }
  return text.length;
}

function widthBeyondLatin(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (MARK.test(character)) continue;
    width += WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
  }
  return width;
}
